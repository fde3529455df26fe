import type { Tensor } from '@gradtape/core'
import { asBytes, bytesOfTensor, checkTensor, tensorOfBytes } from '../files/elements.ts'
import { encodeNpyHeader, parseNpyHeader } from './header.ts'

/**
 * Reads the array of a .npy file, as `numpy.save` writes it: versions 1 to 3, either byte order,
 * row-major or column-major; float64, float32, float16, int64, int32, uint8 and bool.
 *
 * @throws {ValueError} naming the byte at which the file breaks the format.
 * @throws {DTypeError} naming a dtype that isn't read.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { readNpy, writeNpy } from '@gradtape/data'
 *
 * console.log(readNpy(writeNpy(tensor([1, 2])))) // → tensor([1., 2.])
 * ```
 */
export function readNpy(bytes: Uint8Array | ArrayBuffer): Tensor {
  return arrayOf('readNpy', asBytes('readNpy', bytes))
}

export function arrayOf(where: string, file: Uint8Array): Tensor {
  const { dtype, shape, isBigEndian, isFortran, start, end } = parseNpyHeader(
    where,
    file,
    file.length,
  )
  const data = file.subarray(start, end)
  if (!isFortran) return tensorOfBytes(data, dtype, shape, isBigEndian)
  const transposed = tensorOfBytes(data, dtype, shape.toReversed(), isBigEndian)
  return transposed.permute(shape.map((_, dim) => shape.length - 1 - dim)).contiguous()
}

/**
 * The bytes of a .npy file (version 1, row-major, little-endian), which `numpy.load` reads.
 * @throws {ValueError} when `x` is no tensor.
 * @throws {DTypeError} for bfloat16, which NumPy doesn't have.
 */
export function writeNpy(x: Tensor): Uint8Array<ArrayBuffer> {
  checkTensor('writeNpy', x)
  return fileOf('writeNpy', x)
}

export function fileOf(where: string, x: Tensor): Uint8Array<ArrayBuffer> {
  const header = encodeNpyHeader(where, x.dtype, x.shape)
  const data = bytesOfTensor(x)
  const file = new Uint8Array(header.length + data.length)
  file.set(header)
  file.set(data, header.length)
  return file
}
