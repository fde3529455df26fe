import { DTypeError, ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { checkBoolean, checkOptions } from '../checks.ts'
import { asBytes, entriesOf } from '../files/elements.ts'
import { arrayOf, fileOf } from '../npy/npy.ts'
import { listZip, unpack } from './unzip.ts'
import { zip } from './zip.ts'

/** How a .npz file is read. */
export interface ReadNpzOptions {
  /**
   * What the arrays may take in memory together: a small archive can unpack to a thousand times its
   * size. Default: 2 GiB.
   */
  readonly maxBytes?: number
}

/** How a .npz file is written. */
export interface WriteNpzOptions {
  /** Whether arrays are packed by DEFLATE, as by `numpy.savez_compressed`. Default: false. */
  readonly compress?: boolean
}

/**
 * Reads the arrays of a .npz file, by name, as `numpy.savez` and `numpy.savez_compressed` write it.
 * Archives up to 4 GiB are read.
 *
 * @throws {ValueError} naming the byte or the array at which the file breaks the format, fails its
 * checksum, or is larger than `maxBytes` allows.
 * @throws {DTypeError} naming an array of a dtype that isn't read.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { readNpz, writeNpz } from '@gradtape/data'
 *
 * const file = writeNpz({ x: tensor([1, 2]), y: tensor(3) }, { compress: true })
 * console.log(readNpz(file)) // → { x: tensor([1., 2.]), y: tensor(3.) }
 * ```
 */
export function readNpz(
  bytes: Uint8Array | ArrayBuffer,
  options: ReadNpzOptions = {},
): Record<string, Tensor> {
  const { maxBytes = 2 ** 31 } = checkOptions('readNpz', options)
  const file = asBytes('readNpz', bytes)
  if (!(maxBytes >= 0)) {
    throw new ValueError(`readNpz: maxBytes must be a number of bytes, got ${maxBytes}`)
  }
  const arrays = new Map<string, Tensor>()
  const entries = listZip('readNpz', file)
  const total = entries.reduce((sum, { size }) => sum + size, 0)
  if (total > maxBytes) {
    throw new ValueError(
      `readNpz: the ${entries.length} arrays would unpack to ${total} bytes; pass { maxBytes } to read more than ${maxBytes}`,
    )
  }
  for (const entry of entries) {
    const name = entry.name.replace(/\.npy$/, '')
    const where = `readNpz: array ${JSON.stringify(name)}`
    if (arrays.has(name)) throw new ValueError(`${where} stands in the file twice`)
    arrays.set(name, arrayOf(where, unpack('readNpz', file, entry)))
  }
  return Object.fromEntries(arrays)
}

/**
 * The bytes of a .npz file with these tensors, which `numpy.load` reads.
 * @throws {ValueError} when a value is no tensor, a name no Unicode text, or the file would reach 4 GiB.
 * @throws {DTypeError} for bfloat16, which NumPy doesn't have.
 */
export function writeNpz(
  tensors: Readonly<Record<string, Tensor>>,
  options: WriteNpzOptions = {},
): Uint8Array<ArrayBuffer> {
  const parts = [...npzParts('writeNpz', tensors, options)]
  const file = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let position = 0
  for (const part of parts) {
    file.set(part, position)
    position += part.length
  }
  return file
}

/** The file in pieces, to be written one after another. */
export function npzParts(
  where: string,
  tensors: Readonly<Record<string, Tensor>>,
  options: WriteNpzOptions,
): Iterable<Uint8Array> {
  const compress = checkBoolean(where, 'compress', checkOptions(where, options).compress ?? false)
  const entries = entriesOf(where, tensors)
  for (const [name, { dtype }] of entries) {
    if (dtype === 'bfloat16') {
      throw new DTypeError(
        `${where}: ${JSON.stringify(name)}: NumPy has no bfloat16; convert the tensor with .float()`,
      )
    }
  }
  const files = function* (): Generator<[string, Uint8Array]> {
    for (const [name, each] of entries) yield [`${name}.npy`, fileOf(where, each)]
  }
  return zip(where, files(), compress)
}
