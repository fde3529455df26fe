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
import { checkOptions, checkTensor } from './kinds/entry.ts'
import { draw } from './kinds/random.ts'
import { Layout } from './layout.ts'
import { checkDifferentiable, setRequiresGrad } from './leaf.ts'
import { defaultGenerator, RandomGenerator } from './random/generator.ts'
import {
  checkInteger,
  checkNumber,
  checkShape,
  numelOf,
  showShape,
  showValue,
  type Shape,
} from './shape.ts'
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
  options: CreationOptions & { readonly shape?: Shape } = {},
): Tensor {
  const { dtype, shape, requiresGrad } = checkOptions('tensor', options)
  if (dtype !== undefined) checkDType('tensor', dtype)
  const { flat, own, kept } = flatten(data, dtype)
  const to = shape === undefined ? own : copied('tensor', shape)
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
    const numbers = 'length' in data && typeof (data as unknown as unknown[])[0] !== 'bigint'
    if (kept === null || !numbers) {
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
    : 'expected numbers or booleans, or arrays of them'
  return new DTypeError(
    `tensor: ${isTensor(part) ? 'a tensor' : showValue(part)} is no number; ${hint}`,
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

/** A shape of our own: what the caller does to the array later must not reach the tensor. */
function copied(where: string, shape: Shape): Shape {
  return checkShape(where, shape).slice()
}

function finish(x: Tensor, requiresGrad: boolean | undefined): Tensor {
  return requiresGrad === true ? setRequiresGrad(x, true) : x
}

function filled<S extends Shape>(
  where: string,
  shape: S,
  value: number,
  options: CreationOptions,
): Tensor<Plain<S>> {
  const to = copied(where, shape)
  const { dtype, requiresGrad } = checkOptions(where, options)
  const type = dtype === undefined ? getDefaultDtype() : checkDType(where, dtype)
  if (type === 'int32' && (value | 0) !== value) {
    throw new DTypeError(`${where}: ${value} has no value in int32`)
  }
  return finish(
    fullOf(to, type === 'bool' ? Number(value !== 0) : value, type),
    requiresGrad,
  ) as never
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

/**
 * A tensor of one value. A boolean makes a bool tensor unless a dtype is given.
 * @throws {DTypeError} when the value has none in the dtype.
 */
export function full<const S extends Shape>(
  shape: S,
  value: number | boolean,
  options: CreationOptions = {},
): Tensor<Plain<S>> {
  return fullLikeOf('full', shape, value, options)
}

function fullLikeOf<S extends Shape>(
  where: string,
  shape: S,
  value: number | boolean,
  options: CreationOptions,
): Tensor<Plain<S>> {
  if (typeof value !== 'boolean')
    return filled(where, shape, checkNumber(where, 'value', value), options)
  return filled(where, shape, Number(value), { dtype: 'bool', ...checkOptions(where, options) })
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
    filled(where, checkTensor(where, x).shape, value, {
      dtype: x.dtype,
      ...checkOptions(where, options),
    }) as never
}

/** Zeros of the shape and, unless one is given, the dtype of `x`. */
export const zerosLike: Like = like('zerosLike', 0)

/** Ones of the shape and, unless one is given, the dtype of `x`. */
export const onesLike: Like = like('onesLike', 1)

/** As {@link zerosLike}: to be written over. */
export const emptyLike: Like = like('emptyLike', 0)

/** One value in the shape and, unless one is given, the dtype of `x`. */
export function fullLike<T extends Tensor>(
  x: T,
  value: number | boolean,
  options: CreationOptions = {},
): T {
  const { shape, dtype } = checkTensor('fullLike', x)
  return fullLikeOf('fullLike', shape, value, {
    dtype,
    ...checkOptions('fullLike', options),
  }) as never
}

/** The identity matrix of n rows, or a matrix of n × m with ones on the diagonal. */
export function eye<const N extends number, const M extends number = N>(
  n: N,
  m?: M | CreationOptions,
  options: CreationOptions = {},
): Tensor<[N, M]> {
  const columns = typeof m === 'number' ? m : n
  const { dtype, requiresGrad } = checkOptions('eye', typeof m === 'object' ? m : options)
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
  const bounds = args.map((bound) => checkNumber('arange', 'a bound or step', bound))
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
  checkNumber('linspace', 'start', start)
  checkNumber('linspace', 'end', end)
  checkInteger('linspace', 'steps', steps, 0)
  checkOptions('linspace', options)
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

function sourceOf(where: string, { generator = defaultGenerator }: RandomOptions): RandomGenerator {
  if (generator instanceof RandomGenerator) return generator
  throw new ValueError(
    `${where}: generator must be a RandomGenerator, got ${showValue(generator)}; make one with new RandomGenerator(seed)`,
  )
}

/** Random numbers, uniform in [0, 1). */
export function rand<const S extends Shape>(
  shape: S,
  options: RandomOptions = {},
): Tensor<Plain<S>> {
  const to = copied('rand', shape)
  const { dtype, requiresGrad } = checkOptions('rand', options)
  const type = floatType('rand', dtype)
  return finish(
    draw({ type: 'uniform' }, to, type, sourceOf('rand', options)),
    requiresGrad,
  ) as never
}

/** Random numbers from the normal distribution of mean 0 and variance 1. */
export function randn<const S extends Shape>(
  shape: S,
  options: RandomOptions = {},
): Tensor<Plain<S>> {
  const to = copied('randn', shape)
  const { dtype, requiresGrad } = checkOptions('randn', options)
  const type = floatType('randn', dtype)
  return finish(
    draw({ type: 'gaussian' }, to, type, sourceOf('randn', options)),
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
  options: RandomOptions = {},
): Tensor<Plain<S>> {
  checkInteger('randint', 'low', low)
  if (checkInteger('randint', 'high', high) <= low) {
    throw new ValueError(`randint: low ${low} must be less than high ${high}`)
  }
  const to = copied('randint', shape)
  const { dtype = 'int32', requiresGrad } = checkOptions('randint', options)
  const type = checkDType('randint', dtype)
  if (requiresGrad) checkDifferentiable(type)
  const source = sourceOf('randint', options)
  return finish(draw({ type: 'integer', low, high }, to, type, source), requiresGrad) as never
}

/** The integers from 0 to `n - 1` in random order, int32. */
export function randperm<const N extends number>(n: N, options: RandomOptions = {}): Tensor<[N]> {
  const shape = [checkInteger('randperm', 'n', n, 0)]
  const { dtype = 'int32', requiresGrad } = checkOptions('randperm', options)
  const type = checkDType('randperm', dtype)
  if (requiresGrad) checkDifferentiable(type)
  const source = sourceOf('randperm', options)
  return finish(draw({ type: 'permutation' }, shape, type, source), requiresGrad) as never
}
