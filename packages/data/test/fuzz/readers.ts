import { arange, GradtapeError, tensor } from '@gradtape/core'
import {
  parseCsv,
  readNpy,
  readNpz,
  readSafetensors,
  writeNpz,
  writeSafetensors,
} from '@gradtape/data'
import { loadCsv, loadNpy, loadNpz, loadSafetensors, openNpy } from '@gradtape/data/node'
import { fixture } from '../fixtures/fixture.ts'
import { crc32 } from '../../src/npz/crc32.ts'

/** A reader, what it is fed with, and what its refusals must say. */
export interface FuzzedReader {
  readonly name: string
  readonly seeds: readonly Uint8Array[]
  /** What the format's texts are made of. */
  readonly words: readonly string[]
  readonly read: (bytes: Uint8Array) => unknown
  readonly load: (path: string) => Promise<unknown>
  /** How a refusal tells the place in the file. */
  readonly place: RegExp
  /** Makes a mutated file pass the first checks, so that those behind them are reached, too. */
  readonly repair?: (bytes: Uint8Array) => void
  /** The bytes that reading may allocate for an input of this length. */
  readonly allocation: (length: number) => number
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const numbers = ['0', '1', '-1', '9007199254740993', '1e400', 'NaN', 'null', '4294967296', '']
const small = { x: tensor([1, 2]), 'a.b': arange(4, { dtype: 'int32' }).reshape([2, 2]) }

export const readers: readonly FuzzedReader[] = [
  {
    name: 'safetensors',
    seeds: [
      fixture('all.safetensors'),
      fixture('empty.safetensors'),
      fixture('unaligned.safetensors'),
      writeSafetensors(small, { metadata: { format: 'pt' } }),
    ],
    words: [
      ...'{ } [ ] , : " \\ "dtype" "shape" "data_offsets" "F32" "BOOL" "I64" "F8"'.split(' '),
      ...'"__metadata__" "x" [0,8] [0] \ufeff'.split(' '),
      ' ',
      ...numbers,
    ],
    read: readSafetensors,
    load: loadSafetensors,
    place: /byte \d+|tensor "/,
    // The header's length, as it may have become.
    repair(bytes) {
      const open = bytes.indexOf(0x7b, 8)
      const close = bytes.lastIndexOf(0x7d)
      if (open === 8 && close > 8) {
        new DataView(bytes.buffer).setBigUint64(0, BigInt(close + 1 - 8), true)
      }
    },
    allocation: (length) => 64 * length,
  },
  {
    name: 'npy',
    seeds: [
      'float64-Cle',
      'float32-Fbe',
      'float16-Cbe',
      'int64-Fle',
      'bool-Cle',
      'scalar-Cle',
      'empty-Fle',
      'cube-F',
      'version-2',
      'version-3',
      'complex',
      'record',
    ].map((name) => fixture(`${name}.npy`)),
    words: [
      ...`{ } ( ) [ , : ' " \\ 'descr' 'shape' 'fortran_order' True False`.split(' '),
      ...`'<f4' '>i8' '|b1' '|O' (2,) () \n`.split(' '),
      ' ',
      ...numbers,
    ],
    read: readNpy,
    async load(path) {
      await tryRows(path)
      return loadNpy(path)
    },
    place: /byte \d+|the elements (have|are)|the shape/,
    allocation: (length) => 64 * length,
  },
  {
    name: 'npz',
    seeds: [
      fixture('stored.npz'),
      fixture('deflated.npz'),
      writeNpz(small),
      writeNpz(small, { compress: true }),
    ],
    words: ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', '.npy', '\x93NUMPY', ...numbers],
    read: (bytes) => readNpz(bytes),
    load: (path) => loadNpz(path),
    place: /byte \d+|array "/,
    repair: repairChecksums,
    // DEFLATE packs up to 1032 zeros into a byte.
    allocation: (length) => 3 * 1032 * length,
  },
  {
    name: 'CSV',
    seeds: [
      '1,2.5,-3\n4e2,.5,+6.\n',
      '\ufeff"1", 2\r\n\r\n"3",\t4 \n\n5,6',
      'nan,inf,-Infinity\n1,"2",3\n',
      '1\n'.repeat(200),
    ].map(utf8),
    words: [',', '\n', '\r\n', '\r', '"', '""', ' ', '\t', '.', 'e', 'x', '\ufeff', ...numbers],
    read: (bytes) => parseCsv(new TextDecoder().decode(bytes)),
    load: (path) => loadCsv(path),
    place: /line \d+|the text is empty/,
    // Each line becomes a record with its number, and may have two bytes.
    allocation: (length) => 2048 * length,
  },
]

/** Opens a .npy file for its rows, which more files are refused for than for loading them. */
async function tryRows(path: string): Promise<void> {
  try {
    const file = await openNpy(path)
    if (file.length > 0) await file.at(file.length - 1)
    await file.close()
  } catch (error) {
    if (!(error instanceof GradtapeError) || !error.message.includes(path)) throw error
  }
}

/** Gives the entries of an archive the checksums that their bytes have. */
function repairChecksums(zip: Uint8Array): void {
  const view = new DataView(zip.buffer)
  for (let at = 0; at + 46 <= zip.length; at++) {
    if (view.getUint32(at, true) !== 0x02014b50) continue
    const [size, local] = [view.getUint32(at + 20, true), view.getUint32(at + 42, true)]
    if (view.getUint16(at + 10, true) !== 0 || local + 30 > zip.length) continue
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    view.setUint32(at + 16, crc32(zip.subarray(start, start + size)), true)
  }
}
