import { holds } from '../dtype.ts'
import { DTypeError } from '../errors.ts'
import { fullOf, generated } from '../kinds/creation.ts'
import { checkOptions, checkTensor } from '../kinds/entry.ts'
import { checkNumber, checkShape, type Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { Plain, ShapeOf } from '../types/shape.ts'
import { dtypeOr, finish, ownShape, type CreationOptions } from './options.ts'

function filled<S extends Shape>(
  where: string,
  shape: S,
  value: number | boolean,
  options: CreationOptions,
): Tensor<Plain<S>> {
  const to = ownShape(where, shape)
  const boolean = typeof value === 'boolean'
  const { dtype = boolean ? 'bool' : undefined, requiresGrad } = checkOptions(where, options)
  const type = dtypeOr(where, dtype)
  const number = boolean ? Number(value) : checkNumber(where, 'value', value)
  if (!holds(type, number)) throw new DTypeError(`${where}: ${number} has no value in ${type}`)
  const x = fullOf(to, type === 'bool' ? Number(number !== 0) : number, type)
  return finish(x, requiresGrad) as never
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
  return filled('full', shape, value, options)
}

/** A tensor to be written over; its elements are zeros, as JavaScript has no other fresh memory. */
export function empty<const S extends Shape>(
  shape: S,
  options: CreationOptions = {},
): Tensor<Plain<S>> {
  return filled('empty', shape, 0, options)
}

type Like = <T extends Tensor>(x: T, options?: CreationOptions) => Tensor<ShapeOf<T>>

function like(where: string, value: number): Like {
  return (x, options = {}) => filledLike(where, x, value, options)
}

function filledLike<T extends Tensor>(
  where: string,
  x: T,
  value: number | boolean,
  options: CreationOptions,
): Tensor<ShapeOf<T>> {
  const { shape, dtype } = checkTensor(where, x)
  return filled(where, shape, value, { dtype, ...checkOptions(where, options) }) as never
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
): Tensor<ShapeOf<T>> {
  return filledLike('fullLike', x, value, options)
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
  const type = dtypeOr('eye', dtype)
  return finish(
    generated(shape, type, (i) => (i % (columns + 1) === 0 && i < columns * columns ? 1 : 0)),
    requiresGrad,
  ) as never
}
