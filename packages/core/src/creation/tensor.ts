import {
  checkDType,
  dtypeOfArray,
  getDefaultDtype,
  holds,
  type DType,
  type TypedArray,
} from '../dtype.ts'
import { encodings } from '../encoding.ts'
import { DTypeError, ShapeError } from '../errors.ts'
import { checkOptions } from '../kinds/entry.ts'
import { Layout } from '../layout.ts'
import { numelOf, showShape, showValue, type Shape } from '../shape.ts'
import { Storage } from '../storage.ts'
import { isTensor, Tensor } from '../tensor.ts'
import type { Plain } from '../types/shape.ts'
import { finish, ownShape, type CreationOptions } from './options.ts'

/** Numbers or booleans nested in arrays, all rows of one length. */
export type Nested = number | boolean | readonly Nested[]

/** The dimensions of nested arrays, as far as their type tells. */
type NestedShape<D> = 0 extends 1 & D
  ? Shape
  : [D] extends [number | boolean]
    ? []
    : [D] extends [readonly (number | boolean)[]]
      ? [number]
      : [D] extends [readonly (readonly (number | boolean)[])[]]
        ? [number, number]
        : [D] extends [Nested]
          ? Shape
          : [number]

/**
 * A tensor of the numbers given: a number, arrays nested to any depth, or a typed array (copied),
 * which keeps its dtype: a Uint8Array is uint8, a BigInt64Array int64. Booleans alone make a bool
 * tensor. `shape` arranges flat data. A Uint16Array made float16 or bfloat16 holds its bits.
 *
 * @throws {ShapeError} for ragged arrays or a `shape` of another number of elements.
 * @throws {DTypeError} for values that are no numbers or have none in the dtype, and for typed arrays
 * whose type is no dtype.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 *
 * console.log(tensor([[1, 2], [3, 4]]).shape) // → [ 2, 2 ]
 * console.log(tensor(new Float64Array([0.5, 1]))) // → tensor([0.5000, 1.0000], dtype=float64)
 * console.log(tensor([1, 0], { dtype: 'bool' })) // → tensor([ true, false])
 * ```
 */
export function tensor<const S extends Shape>(
  data: Nested | TypedArray | BigInt64Array | ArrayLike<number>,
  options: CreationOptions & { readonly shape: S },
): Tensor<Plain<S>>
export function tensor<D extends Nested | TypedArray | BigInt64Array | ArrayLike<number>>(
  data: D,
  options?: CreationOptions,
): Tensor<NestedShape<D>>
export function tensor(
  data: Nested | TypedArray | BigInt64Array | ArrayLike<number>,
  options: CreationOptions & { readonly shape?: Shape } = {},
): Tensor {
  const { dtype, shape, requiresGrad } = checkOptions('tensor', options)
  if (dtype !== undefined) checkDType('tensor', dtype)
  const { flat, own, kept, bits = false } = flatten(data, dtype)
  const to = shape === undefined ? own : ownShape('tensor', shape)
  if (numelOf(to) !== flat.length) {
    throw new ShapeError(
      `tensor: ${flat.length} elements can't have the shape ${showShape(to)}, which takes ${numelOf(to)}`,
    )
  }
  const storage = Storage.allocate(kept, flat.length)
  if (bits) (storage.array as Float64Array).set(flat)
  else fill(storage.array, flat, kept)
  return finish(new Tensor(storage, Layout.contiguous(to)), requiresGrad)
}

interface Flat {
  readonly flat: ArrayLike<number>
  readonly own: Shape
  readonly kept: DType
  /** Whether they stand as they will in memory. */
  readonly bits?: boolean
}

function flatten(data: unknown, dtype: DType | undefined): Flat {
  if (ArrayBuffer.isView(data)) {
    const kept = dtype ?? dtypeOfArray(data)
    const long = data instanceof BigInt64Array
    if (kept === null || !('length' in data) || data instanceof BigUint64Array) {
      throw new DTypeError(
        `tensor: there is no dtype for a ${data.constructor.name}; pass { dtype }, or convert it to a Float32Array, Float64Array or Int32Array`,
      )
    }
    const halves = data instanceof Uint16Array && (kept === 'float16' || kept === 'bfloat16')
    const bits = halves || (long && kept === 'int64')
    const flat = (long && !bits ? Float64Array.from(data, Number) : data) as never as Float64Array
    return { flat, own: [flat.length], kept, bits }
  }
  const own: number[] = []
  for (let level = data; Array.isArray(level); level = level[0]) own.push(level.length)
  const flat: number[] = []
  let booleans = 0
  const visit = (part: unknown, depth: number): void => {
    if (depth < own.length) {
      if (!Array.isArray(part) || part.length !== own[depth]) {
        throw new ShapeError(
          `tensor: ragged nested arrays: expected ${own[depth]} elements at depth ${depth}, as in the first row, ` +
            `got ${Array.isArray(part) ? part.length : String(part)} after ${flat.length} numbers`,
        )
      }
      for (let i = 0; i < part.length; i++) visit(part[i], depth + 1)
      return
    }
    if (typeof part === 'boolean') booleans++
    else if (Array.isArray(part)) {
      throw new ShapeError(
        `tensor: ragged nested arrays: an array where the first row has a number, after ${flat.length} numbers`,
      )
    } else if (typeof part !== 'number') throw noNumber(part)
    flat.push(Number(part))
  }
  visit(data, 0)
  const kept = dtype ?? (booleans > 0 && booleans === flat.length ? 'bool' : getDefaultDtype())
  return { flat, own, kept }
}

function noNumber(part: unknown): DTypeError {
  const hint = isTensor(part)
    ? 'join tensors with stack() or cat()'
    : 'expected numbers or booleans, or arrays of them'
  return new DTypeError(
    `tensor: ${isTensor(part) ? 'a tensor' : showValue(part)} is no number; ${hint}`,
  )
}

function fill(array: TypedArray, flat: ArrayLike<number>, dtype: DType): void {
  const encoding = encodings[dtype]
  for (let i = 0; i < flat.length; i++) {
    const value = flat[i]
    if (!holds(dtype, value)) {
      throw new DTypeError(
        `tensor: ${value} has no value in ${dtype}; round it first, or use a float dtype`,
      )
    }
    array[i] = dtype === 'bool' ? Number(value !== 0) : encoding ? encoding.write(value) : value
  }
}
