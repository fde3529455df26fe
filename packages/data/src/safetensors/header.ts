import { ValueError } from '@gradtape/core'
import type { DType, Shape } from '@gradtape/core'
import { byteLengthOf, isWellFormed } from '../files/elements.ts'
import { decodeUtf8, Scanner, utf8Length } from '../files/scanner.ts'
import { dtypeOfCode } from './dtypes.ts'

/** Where a tensor stands in a safetensors file. */
export interface SafetensorsInfo {
  readonly dtype: DType
  readonly shape: Shape
  /** The first byte of its elements in the file. */
  readonly start: number
  /** The byte after its last. */
  readonly end: number
}

/** What a safetensors file says about what it holds. */
export interface SafetensorsHeader {
  /** Texts by name, as the writer left them. */
  readonly metadata: Readonly<Record<string, string>>
  /** The tensors, in the header's order. */
  readonly tensors: ReadonlyMap<string, SafetensorsInfo>
}

/** As in the reference implementation: a larger header is taken for an attack. */
export const MAX_HEADER = 100_000_000
export const METADATA = '__metadata__'

/** The bytes that the header takes after the first 8, which say so. */
export function headerLength(where: string, bytes: Uint8Array, fileLength: number): number {
  if (bytes.length < 8) {
    throw new ValueError(
      `${where}: byte ${bytes.length}: the file ends within the 8 bytes of the header's length`,
    )
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true)
  if (length > MAX_HEADER) {
    throw new ValueError(
      `${where}: byte 0: the header would have ${length} bytes, more than the ${MAX_HEADER} that are allowed; is this a safetensors file?`,
    )
  }
  if (8 + Number(length) > fileLength) {
    throw new ValueError(
      `${where}: byte 0: the header would have ${length} bytes, but only ${fileLength - 8} follow; is the file cut short?`,
    )
  }
  return Number(length)
}

/** Reads what follows the first 8 bytes. Every byte after it must belong to exactly one tensor. */
export function parseHeader(
  where: string,
  bytes: Uint8Array,
  fileLength: number,
): SafetensorsHeader {
  const text = decodeUtf8(where, bytes, 8)
  const scanner = new Scanner(where, text, 8, utf8Length)
  const dataStart = 8 + bytes.length
  let metadata: Readonly<Record<string, string>> = {}
  const tensors = new Map<string, SafetensorsInfo>()
  if (!text.startsWith('{')) scanner.fail('expected "{"')
  readObject(scanner, (name) => {
    if (name === METADATA) metadata = readMetadata(scanner)
    else tensors.set(name, readInfo(scanner, name, dataStart))
  })
  scanner.end()
  checkCover(where, tensors, dataStart, fileLength)
  return { metadata, tensors }
}

/** Reads `{"key": value, …}`; `readValue` reads the values. A key may stand only once. */
function readObject(scanner: Scanner, readValue: (key: string) => void): void {
  const keys = new Set<string>()
  scanner.expect('{')
  if (scanner.skip('}')) return
  do {
    scanner.skip('')
    const from = scanner.position
    const key = readString(scanner)
    if (keys.has(key)) scanner.fail('this name stands here twice', from)
    keys.add(key)
    scanner.expect(':')
    readValue(key)
  } while (scanner.skip(','))
  scanner.expect('}')
}

function readString(scanner: Scanner): string {
  scanner.skip('')
  const from = scanner.position
  const { text } = scanner
  let to = from + 1
  // Not by a pattern: on a long text its backtracking would overflow.
  while (to < text.length && text[to] !== '"') to += text[to] === '\\' ? 2 : 1
  try {
    const value: unknown = JSON.parse(text.slice(from, to + 1))
    if (typeof value === 'string' && isWellFormed(value)) {
      scanner.position = to + 1
      return value
    }
  } catch {
    // Told below.
  }
  return scanner.fail('expected a text in quotes', from)
}

function readMetadata(scanner: Scanner): Record<string, string> {
  const entries: [string, string][] = []
  readObject(scanner, (key) => entries.push([key, readString(scanner)]))
  return Object.fromEntries(entries)
}

function readInfo(scanner: Scanner, name: string, dataStart: number): SafetensorsInfo {
  const tensor = `${scanner.where}: tensor ${JSON.stringify(name)}`
  let dtype: DType | undefined
  let shape: number[] | undefined
  let offsets: number[] | undefined
  scanner.skip('')
  const from = scanner.position
  readObject(scanner, (key) => {
    if (key === 'dtype') dtype = dtypeOfCode(tensor, readString(scanner))
    else if (key === 'shape') shape = readSizes(scanner, 'a size')
    else if (key === 'data_offsets') offsets = readSizes(scanner, 'an offset')
    else
      scanner.fail(`${JSON.stringify(key)} is not known; a tensor has dtype, shape, data_offsets`)
  })
  if (dtype === undefined || shape === undefined || offsets?.length !== 2) {
    return scanner.fail('expected dtype, shape and the two data_offsets of a tensor', from)
  }
  const [start, end] = offsets as [number, number]
  const length = byteLengthOf(tensor, dtype, shape)
  if (end - start !== length) {
    throw new ValueError(
      `${tensor} of dtype ${dtype} and shape [${shape.join(', ')}] takes ${length} bytes, but its data_offsets are [${start}, ${end}]`,
    )
  }
  return { dtype, shape, start: dataStart + start, end: dataStart + end }
}

function readSizes(scanner: Scanner, what: string): number[] {
  const sizes: number[] = []
  scanner.expect('[')
  if (scanner.skip(']')) return sizes
  do sizes.push(scanner.size(what))
  while (scanner.skip(','))
  scanner.expect(']')
  return sizes
}

/** The tensors must stand side by side from the header's end to the file's. */
function checkCover(
  where: string,
  tensors: ReadonlyMap<string, SafetensorsInfo>,
  dataStart: number,
  fileLength: number,
): void {
  let next = dataStart
  let before = 'the header'
  const inFile = [...tensors].sort(([, a], [, b]) => a.start - b.start || a.end - b.end)
  for (const [name, { start, end }] of inFile) {
    const tensor = `tensor ${JSON.stringify(name)}`
    if (start !== next) {
      const problem = start < next ? 'overlaps with' : 'leaves a gap after'
      throw new ValueError(
        `${where}: ${tensor} starts at byte ${start} and ${problem} ${before}, which ends at byte ${next}`,
      )
    }
    next = end
    before = tensor
  }
  if (next !== fileLength) {
    throw new ValueError(
      `${where}: ${before} ends at byte ${next}, but the file at byte ${fileLength}${next > fileLength ? '; is it cut short?' : ''}`,
    )
  }
}
