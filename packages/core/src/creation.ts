import {
  checkDType,
  dtypeOfArray,
  getDefaultDtype,
  isFloat,
  type DType,
  type TypedArray,
} from './dtype.ts'
import { DTypeError, ShapeError, ValueError } from './errors.ts'
import { fullOf, generated } from './kinds/creation.ts'
import { checkTensor } from './kinds/entry.ts'
import { draw } from './kinds/random.ts'
import { Layout } from './layout.ts'
import { setRequiresGrad } from './leaf.ts'
import { defaultGenerator, type RandomGenerator } from './random/generator.ts'
import { checkInteger, checkShape, numelOf, showShape, type Shape } from './shape.ts'
import { Storage } from './storage.ts'
import { isTensor, Tensor } from './tensor.ts'
import type { Plain } from './types/shape.ts'

export interface CreationOptions {
  /** The default float dtype unless given. */
  readonly dtype?: DType
  /** Whether the tensor is a leaf whose gradient is wanted; false unless given. Floats only. */
  readonly requiresGrad?: boolean
}

export interface RandomOptions extends CreationOptions {
  /** Where randomness comes from; the default generator unless given. */
  readonly generator?: RandomGenerator
}

/** Numbers or booleans nested in arrays, all rows of one length. */
export type Nested = number | boolean | readonly Nested[]

/** The dimensions of nested arrays, as far as their type tells. */
type NestedShape<D> = D extends number | boolean | bigint
  ? []
  : D extends readonly (infer E)[]
    ? E extends number | boolean
      ? [number]
      : E extends readonly (infer F)[]
        ? F extends number | boolean
          ? [number, number]
          : Shape
        : Shape
    : [number]

/**
 * A tensor of the numbers given: a number, arrays nested to any depth, or a typed array (copied),
 * which keeps its dtype. Booleans alone make a bool tensor. `shape` arranges flat data.
 *
 * @throws {ShapeError} for ragged arrays or a `shape` of another number of elements.
 * @throws {DTypeError} for values that are no numbers or have none in the dtype, and for typed arrays
 * whose type is no dtype.
 */
export function tensor<const S extends Shape>(
  data: Nested | TypedArray | ArrayLike<number>,
  options: CreationOptions & { readonly shape: S },
): Tensor<Plain<S>>
export function tensor<D extends Nested | TypedArray | ArrayLike<number>>(
  data: D,
  options?: CreationOptions,
): Tensor<NestedShape<D>>
export function tensor(
  data: Nested | TypedArray | ArrayLike<number>,
  { dtype, shape, requiresGrad = false }: CreationOptions & { readonly shape?: Shape } = {},
): Tensor {
  if (dtype !== undefined) checkDType('tensor', dtype)
  const { flat, own, kept } = flatten(data, dtype)
  const to = shape === undefined ? own : checkShape('tensor', shape)
  if (numelOf(to) !== flat.length) {
    throw new ShapeError(
      `tensor: ${flat.length} elements can't have the shape ${showShape(to)}, which takes ${numelOf(to)}`,
    )
  }
  const storage = Storage.allocate(kept, flat.length)
  fill(storage.array, flat, kept)
  return finish(new Tensor(storage, Layout.contiguous(to)), requiresGrad)
}

interface Flat {
  readonly flat: ArrayLike<number>
  readonly own: Shape
  readonly kept: DType
}

function flatten(data: unknown, dtype: DType | undefined): Flat {
  if (ArrayBuffer.isView(data)) {
    const kept = dtype ?? dtypeOfArray(data)
    if (kept === null || data instanceof DataView || data instanceof BigInt64Array) {
      throw new DTypeError(
        `tensor: there is no dtype for a ${data.constructor.name}; pass { dtype }, or convert it to a Float32Array, Float64Array or Int32Array`,
      )
    }
    const flat = data as unknown as ArrayLike<number>
    return { flat, own: [flat.length], kept }
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
    : 'expected numbers or booleans'
  return new DTypeError(
    `tensor: ${isTensor(part) ? 'a tensor' : `${typeof part} ${String(part)}`} is no number; ${hint}`,
  )
}

function fill(array: TypedArray, flat: ArrayLike<number>, dtype: DType): void {
  for (let i = 0; i < flat.length; i++) {
    const value = flat[i]
    if (dtype === 'bool') {
      array[i] = value === 0 ? 0 : 1
      continue
    }
    if (dtype === 'int32' && (value | 0) !== value) {
      throw new DTypeError(
        `tensor: ${value} has no value in int32; round it first, or use a float dtype`,
      )
    }
    array[i] = value
  }
}

function finish(x: Tensor, requiresGrad: boolean | undefined): Tensor {
  return requiresGrad === true ? setRequiresGrad(x, true) : x
}

function filled<S extends Shape>(
  where: string,
  shape: S,
  value: number,
  { dtype, requiresGrad }: CreationOptions,
): Tensor<Plain<S>> {
  const type = dtype === undefined ? getDefaultDtype() : checkDType(where, dtype)
  return finish(fullOf([...checkShape(where, shape)], value, type), requiresGrad) as never
}

/** A tensor of zeros. */
export function zeros<const S extends Shape>(
  shape: S,
  options: CreationOptions = {},
): Tensor<Plain<S>> {
  return filled('zeros', shape, 0, options)
}

/** A tensor of ones. */
export function ones<const S extends Shape>(
  shape: S,
  options: CreationOptions = {},
): Tensor<Plain<S>> {
  return filled('ones', shape, 1, options)
}

/** A tensor of one value. @throws {DTypeError} when the value has none in the dtype. */
export function full<const S extends Shape>(
  shape: S,
  value: number,
  options: CreationOptions = {},
): Tensor<Plain<S>> {
  if (options.dtype === 'int32' && !Number.isInteger(value)) {
    throw new DTypeError(`full: ${value} has no value in int32`)
  }
  return filled('full', shape, options.dtype === 'bool' ? Number(value !== 0) : value, options)
}

/** A tensor to be written over; its elements are zeros, as JavaScript has no other fresh memory. */
export function empty<const S extends Shape>(
  shape: S,
  options: CreationOptions = {},
): Tensor<Plain<S>> {
  return filled('empty', shape, 0, options)
}

type Like = <T extends Tensor>(x: T, options?: CreationOptions) => T

function like(where: string, value: number): Like {
  return (x, options = {}) =>
    filled(where, checkTensor(where, x).shape, value, { dtype: x.dtype, ...options }) as never
}

/** Zeros of the shape and, unless one is given, the dtype of `x`. */
export const zerosLike: Like = like('zerosLike', 0)

/** Ones of the shape and, unless one is given, the dtype of `x`. */
export const onesLike: Like = like('onesLike', 1)

/** As {@link zerosLike}: to be written over. */
export const emptyLike: Like = like('emptyLike', 0)

/** One value in the shape and, unless one is given, the dtype of `x`. */
export function fullLike<T extends Tensor>(x: T, value: number, options: CreationOptions = {}): T {
  return full(checkTensor('fullLike', x).shape, value, { dtype: x.dtype, ...options }) as never
}

/** The identity matrix of n rows, or a matrix of n × m with ones on the diagonal. */
export function eye<const N extends number, const M extends number = N>(
  n: N,
  m?: M | CreationOptions,
  options: CreationOptions = {},
): Tensor<[N, M]> {
  const columns = typeof m === 'number' ? m : n
  const { dtype, requiresGrad } = typeof m === 'object' ? m : options
  const shape = checkShape('eye', [n, columns])
  const type = dtype === undefined ? getDefaultDtype() : checkDType('eye', dtype)
  return finish(
    generated(shape, type, (i) => (i % (columns + 1) === 0 && i < columns * columns ? 1 : 0)),
    requiresGrad,
  ) as never
}

/**
 * The numbers `start, start + step, …` before `end`: `arange(end)`, `arange(start, end)`,
 * `arange(start, end, step)`, each with options. Of the default float dtype unless one is given.
 * @throws {ValueError} when the step is 0 or leads away from the end.
 */
export function arange(
  ...args: [...bounds: number[], options: CreationOptions] | number[]
): Tensor<[number]> {
  const options = typeof args.at(-1) === 'object' ? (args.pop() as CreationOptions) : {}
  const bounds = args as number[]
  const [start, end, step = 1] = bounds.length === 1 ? [0, bounds[0]] : bounds
  const length = Math.ceil((end - start) / step)
  if (!(length >= 0 && length < Infinity) || step === 0) {
    throw new ValueError(
      `arange: no way from ${start} to ${end} in steps of ${step}; the step must be other than 0 and point to the end`,
    )
  }
  const type = options.dtype === undefined ? getDefaultDtype() : checkDType('arange', options.dtype)
  return finish(
    generated([length], type, (i) => start + i * step),
    options.requiresGrad,
  ) as never
}

/** `steps` numbers from `start` to `end`, both included, evenly spaced. */
export function linspace<const N extends number>(
  start: number,
  end: number,
  steps: N,
  options: CreationOptions = {},
): Tensor<[N]> {
  checkInteger('linspace', 'steps', steps, 0)
  const step = (end - start) / Math.max(1, steps - 1)
  const type =
    options.dtype === undefined ? getDefaultDtype() : checkDType('linspace', options.dtype)
  // Each half is counted from its own end, so that both ends are met exactly.
  const at = (i: number): number =>
    2 * i < steps ? start + i * step : end - (steps - 1 - i) * step
  return finish(generated([steps], type, at), options.requiresGrad) as never
}

function floatType(where: string, dtype: DType | undefined): DType {
  const type = dtype === undefined ? getDefaultDtype() : checkDType(where, dtype)
  if (isFloat(type)) return type
  throw new DTypeError(`${where}: expected a float dtype, got '${type}'; use randint for integers`)
}

/** Random numbers, uniform in [0, 1). */
export function rand<const S extends Shape>(
  shape: S,
  options: RandomOptions = {},
): Tensor<Plain<S>> {
  const { dtype, generator = defaultGenerator, requiresGrad } = options
  const type = floatType('rand', dtype)
  return finish(
    draw({ type: 'uniform' }, [...checkShape('rand', shape)], type, generator),
    requiresGrad,
  ) as never
}

/** Random numbers from the normal distribution of mean 0 and variance 1. */
export function randn<const S extends Shape>(
  shape: S,
  options: RandomOptions = {},
): Tensor<Plain<S>> {
  const { dtype, generator = defaultGenerator, requiresGrad } = options
  const type = floatType('randn', dtype)
  return finish(
    draw({ type: 'gaussian' }, [...checkShape('randn', shape)], type, generator),
    requiresGrad,
  ) as never
}

/**
 * Random integers, uniform from `low` to before `high`; int32 unless a dtype is given.
 * @throws {ValueError} unless both are integers and `low < high`.
 */
export function randint<const S extends Shape>(
  low: number,
  high: number,
  shape: S,
  { dtype = 'int32', generator = defaultGenerator, requiresGrad }: RandomOptions = {},
): Tensor<Plain<S>> {
  checkInteger('randint', 'low', low)
  if (checkInteger('randint', 'high', high) <= low) {
    throw new ValueError(`randint: low ${low} must be less than high ${high}`)
  }
  const type = checkDType('randint', dtype)
  const to = [...checkShape('randint', shape)]
  return finish(draw({ type: 'integer', low, high }, to, type, generator), requiresGrad) as never
}

/** The integers from 0 to `n - 1` in random order, int32. */
export function randperm<const N extends number>(
  n: N,
  { dtype = 'int32', generator = defaultGenerator, requiresGrad }: RandomOptions = {},
): Tensor<[N]> {
  const shape = [checkInteger('randperm', 'n', n, 0)]
  const type = checkDType('randperm', dtype)
  return finish(draw({ type: 'permutation' }, shape, type, generator), requiresGrad) as never
}
