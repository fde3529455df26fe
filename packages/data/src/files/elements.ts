import { isTensor, tensor, ValueError } from '@gradtape/core'
import type { DType, Shape, Tensor } from '@gradtape/core'

// What an element takes in memory, here and in every file.
const arrays = {
  bool: Uint8Array,
  uint8: Uint8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
}
const hostIsBigEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0
/** More than NumPy and PyTorch allow. */
const MAX_DIMENSIONS = 64

export function bytesPerElement(dtype: DType): number {
  return arrays[dtype].BYTES_PER_ELEMENT
}

/**
 * The bytes that elements of `dtype` take in this shape.
 * @throws {ValueError} past what a number counts, and for more dimensions than tensors have anywhere.
 */
export function byteLengthOf(where: string, dtype: DType, shape: Shape): number {
  const length = shape.reduce((product, size) => product * size, bytesPerElement(dtype))
  // The product before a size of 0, too: strides are made of it.
  const whole = shape.reduce((product, size) => product * Math.max(size, 1), 8)
  if (whole > Number.MAX_SAFE_INTEGER || shape.length > MAX_DIMENSIONS) {
    const shown = shape.slice(0, 8).join(', ') + (shape.length > 8 ? ', …' : '')
    throw new ValueError(
      `${where}: the shape [${shown}] of ${shape.length} dimensions is too large: at most ${MAX_DIMENSIONS} dimensions and 2^53 bytes are possible`,
    )
  }
  return length
}

/** A tensor of a copy of what stands in a file, row-major. */
export function tensorOfBytes(
  bytes: Uint8Array,
  dtype: DType,
  shape: Shape,
  isBigEndian = false,
): Tensor {
  const size = bytesPerElement(dtype)
  const swap = size > 1 && isBigEndian !== hostIsBigEndian
  const aligned = swap || bytes.byteOffset % size > 0 ? new Uint8Array(bytes) : bytes
  if (swap) reverseEach(aligned, size)
  const elements = new arrays[dtype](
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    aligned.length / size,
  )
  return tensor(elements as Float64Array, { dtype, shape })
}

/** A copy of the elements, row-major and little-endian. */
export function bytesOfTensor(x: Tensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = x.toTypedArray()
  const bytes = new Uint8Array(buffer, byteOffset, byteLength)
  if (hostIsBigEndian) reverseEach(bytes, bytesPerElement(x.dtype))
  return bytes
}

function reverseEach(bytes: Uint8Array, size: number): void {
  for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse()
}

/** What readers take. @throws {ValueError} for anything else. */
export function asBytes(where: string, bytes: unknown): Uint8Array {
  // By name, because `instanceof` fails between realms.
  const type = Object.prototype.toString.call(bytes)
  if (type === '[object Uint8Array]') return bytes as Uint8Array
  if (type === '[object ArrayBuffer]') return new Uint8Array(bytes as ArrayBuffer)
  throw new ValueError(
    `${where}: expected the bytes of a file, a Uint8Array or an ArrayBuffer, got ${bytes === null ? 'null' : typeof bytes}; readers of paths are in @gradtape/data/node`,
  )
}

/** The entries of what writers of several tensors take. @throws {ValueError} for anything else. */
export function entriesOf(where: string, tensors: unknown): [name: string, tensor: Tensor][] {
  if (typeof tensors !== 'object' || tensors === null || isTensor(tensors)) {
    throw new ValueError(`${where}: expected an object of tensors by name`)
  }
  const entries = Object.entries(tensors)
  for (const [name, value] of entries) {
    checkTensor(`${where}: ${JSON.stringify(name)}`, value)
    if (!isWellFormed(name)) {
      throw new ValueError(`${where}: the name ${JSON.stringify(name)} is no Unicode text`)
    }
  }
  return entries as [string, Tensor][]
}

/** @throws {ValueError} for anything else. */
export function checkTensor(where: string, value: unknown): asserts value is Tensor {
  if (!isTensor(value)) {
    throw new ValueError(
      `${where}: expected a tensor, got ${value === null ? 'null' : typeof value}`,
    )
  }
}

/** Whether a text has no half of a surrogate pair, which UTF-8 can't hold. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}
