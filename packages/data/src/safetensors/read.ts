import type { Tensor } from '@gradtape/core'
import { asBytes, tensorOfBytes } from '../files/elements.ts'
import { headerLength, parseHeader } from './header.ts'
import type { SafetensorsHeader } from './header.ts'

/**
 * Reads the tensors of a safetensors file, by name and in the header's order: what a PyTorch model's
 * state dict was saved as. F64, F32, F16, BF16, I64, I32, U8 and BOOL are read.
 *
 * Everything is checked before a tensor is made: each byte after the header must belong to exactly
 * one tensor, and no name may stand twice.
 *
 * @throws {ValueError} naming the byte or the tensor at which the file breaks the format.
 * @throws {DTypeError} naming a tensor of another dtype.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { readSafetensors, writeSafetensors } from '@gradtape/data'
 *
 * const file = writeSafetensors({ 'fc.bias': tensor([1, 2]) })
 * console.log(readSafetensors(file)) // → { 'fc.bias': tensor([1., 2.]) }
 * ```
 */
export function readSafetensors(bytes: Uint8Array | ArrayBuffer): Record<string, Tensor> {
  const file = asBytes('readSafetensors', bytes)
  const { tensors } = headerOf('readSafetensors', file)
  return Object.fromEntries(
    Array.from(tensors, ([name, { dtype, shape, start, end }]) => [
      name,
      tensorOfBytes(file.subarray(start, end), dtype, shape),
    ]),
  )
}

/**
 * What a safetensors file holds: its metadata, and where each tensor stands.
 * @throws {ValueError} as {@link readSafetensors} does.
 */
export function readSafetensorsHeader(bytes: Uint8Array | ArrayBuffer): SafetensorsHeader {
  return headerOf('readSafetensorsHeader', asBytes('readSafetensorsHeader', bytes))
}

function headerOf(where: string, file: Uint8Array): SafetensorsHeader {
  const length = headerLength(where, file, file.length)
  return parseHeader(where, file.subarray(8, 8 + length), file.length)
}
