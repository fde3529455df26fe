import { DTypeError, ValueError } from '@gradtape/core'
import type { DType, Shape } from '@gradtape/core'
import { byteLengthOf } from '../files/elements.ts'
import { decodeUtf8, Scanner, utf8Length } from '../files/scanner.ts'

/** What a .npy file says about its array. */
export interface NpyHeader {
  readonly dtype: DType
  readonly shape: Shape
  readonly isBigEndian: boolean
  /** Whether the first index runs fastest. */
  readonly isFortran: boolean
  /** The first byte of the elements. */
  readonly start: number
  /** The byte after the last: the file ends there. */
  readonly end: number
}

/** The bytes with which a file starts, before its header: magic, version and length. */
export const PREFIX = 12
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** What a plain array's header stays far below. */
const MAX_HEADER = 65_536

const byDescr: Readonly<Record<string, DType>> = {
  f8: 'float64',
  f4: 'float32',
  f2: 'float16',
  i8: 'int64',
  i4: 'int32',
  u1: 'uint8',
  b1: 'bool',
}
const descrs = new Map(Object.entries(byDescr).map(([descr, dtype]) => [dtype, descr]))

/** Where the header's text stands in a file that starts with `bytes`. */
export function headerSpan(
  where: string,
  bytes: Uint8Array,
  fileLength: number,
): { version: number; start: number; end: number } {
  const wrong = MAGIC.findIndex((byte, i) => bytes[i] !== byte)
  if (wrong >= 0) {
    throw new ValueError(
      `${where}: byte ${wrong}: this is no .npy file: it has to start with \\x93NUMPY`,
    )
  }
  const version = bytes[6]
  if (version !== 1 && version !== 2 && version !== 3) {
    throw new ValueError(
      `${where}: byte 6: the version is ${version ?? 'missing'}; 1, 2 and 3 are read`,
    )
  }
  const start = version === 1 ? 10 : 12
  if (bytes.length < start) {
    throw new ValueError(`${where}: byte ${bytes.length}: the file ends within the header's length`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, start)
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > MAX_HEADER || start + length > fileLength) {
    throw new ValueError(
      `${where}: byte 8: the header would have ${length} bytes; ${fileLength - start} follow, and at most ${MAX_HEADER} are allowed`,
    )
  }
  return { version, start, end: start + length }
}

/** Reads the header that stands at `headerSpan`; `bytes` are the file's first. */
export function parseNpyHeader(where: string, bytes: Uint8Array, fileLength: number): NpyHeader {
  const { version, start, end } = headerSpan(where, bytes, fileLength)
  const header = bytes.subarray(start, end)
  const text =
    version === 3 ? decodeUtf8(where, header, start) : new TextDecoder('latin1').decode(header)
  const count = version === 3 ? utf8Length : (passed: string) => passed.length
  const scanner = new Scanner(where, text, start, count)
  const { descr, fortran_order: isFortran, shape } = readFields(scanner)
  const dtype = dtypeOf(where, descr)
  const dataEnd = end + byteLengthOf(where, dtype, shape)
  if (dataEnd !== fileLength) {
    throw new ValueError(
      `${where}: the array of dtype ${descr} and shape [${shape.join(', ')}] would end at byte ${dataEnd}, but the file ends at byte ${fileLength}${dataEnd > fileLength ? '; is it cut short?' : ''}`,
    )
  }
  return { dtype, shape, isBigEndian: isBigEndian(descr), isFortran, start: end, end: dataEnd }
}

interface Fields {
  descr: string
  fortran_order: boolean
  shape: number[]
}

/** Python's dict of three entries, as it prints. */
function readFields(scanner: Scanner): Fields {
  const fields: Partial<Fields> = {}
  scanner.expect('{')
  while (!scanner.skip('}')) {
    const from = scanner.position
    const key = readText(scanner) ?? scanner.fail('expected a name in quotes')
    scanner.expect(':')
    scanner.skip('')
    if (Object.hasOwn(fields, key)) scanner.fail('this name stands here twice', from)
    if (key === 'descr') fields.descr = readDescr(scanner)
    else if (key === 'fortran_order') fields.fortran_order = readBoolean(scanner)
    else if (key === 'shape') fields.shape = readTuple(scanner)
    else scanner.fail('only descr, fortran_order and shape are known', from)
    if (!scanner.skip(',')) {
      scanner.expect('}')
      break
    }
  }
  const { descr, fortran_order, shape } = fields
  if (descr === undefined || fortran_order === undefined || shape === undefined) {
    return scanner.fail('expected all of descr, fortran_order and shape', 0)
  }
  scanner.end()
  return { descr, fortran_order, shape }
}

function readText(scanner: Scanner): string | undefined {
  scanner.skip('')
  return (scanner.take(/'[^'\\\n]*'/y) ?? scanner.take(/"[^"\\\n]*"/y))?.slice(1, -1)
}

function readDescr(scanner: Scanner): string {
  if (scanner.text[scanner.position] === '[') {
    throw new DTypeError(
      `${scanner.where}: the elements are records; save their fields as arrays of their own`,
    )
  }
  return readText(scanner) ?? scanner.fail("expected a dtype such as '<f4'")
}

function readBoolean(scanner: Scanner): boolean {
  const word = scanner.take(/(True|False)\b/y) ?? scanner.fail('expected True or False')
  return word === 'True'
}

function readTuple(scanner: Scanner): number[] {
  const sizes: number[] = []
  scanner.expect('(')
  while (!scanner.skip(')')) {
    sizes.push(scanner.size('a size'))
    if (!scanner.skip(',')) {
      // Without a comma, parentheses around one number are no tuple.
      if (sizes.length === 1) scanner.fail('expected ","')
      scanner.expect(')')
      break
    }
  }
  return sizes
}

function isBigEndian(descr: string): boolean {
  return descr.startsWith('>')
}

function dtypeOf(where: string, descr: string): DType {
  const name = descr.slice(1)
  const orders = name === 'u1' || name === 'b1' ? '|<>=' : '<>='
  if (!orders.includes(descr.charAt(0)) || !Object.hasOwn(byDescr, name)) {
    throw new DTypeError(
      `${where}: the elements have NumPy's dtype ${JSON.stringify(descr)}; only ${Object.keys(byDescr).join(', ')} are read, in either byte order`,
    )
  }
  return byDescr[name]!
}

/** The start of a file, up to its elements. @throws {DTypeError} for bfloat16, which NumPy lacks. */
export function encodeNpyHeader(where: string, dtype: DType, shape: Shape): Uint8Array {
  const name = descrs.get(dtype)
  if (name === undefined) {
    throw new DTypeError(`${where}: NumPy has no ${dtype}; convert the tensor with .float()`)
  }
  const descr = (name.endsWith('1') ? '|' : '<') + name
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`
  // The elements start at a multiple of 64, after the line's end.
  const start = Math.ceil((10 + text.length + 1) / 64) * 64
  const header = new Uint8Array(start).fill(0x20)
  header.set([...MAGIC, 1, 0])
  new DataView(header.buffer).setUint16(8, start - 10, true)
  header.set(new TextEncoder().encode(text), 10)
  header[start - 1] = 0x0a
  return header
}
