import {
  asCall,
  norm,
  ShapeError,
  ValueError,
  type Shape,
  type ShapeOf,
  type Tensor,
} from '@gradtape/core'
import { checkEps, checkNames } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { checkFloat } from './checks.ts'

export interface NormalizeOptions {
  /** Of the norm; 2 unless given. */
  readonly p?: number
  /** Along which dim vectors lie; 1 unless given. */
  readonly dim?: number
  /** What the norm is taken to be at least; 1e-12 unless given. */
  readonly eps?: number
}

/**
 * `x / max(‖x‖ₚ, eps)`: vectors along a dim, scaled to norm 1.
 *
 * @throws {ShapeError} when x doesn't have the dim.
 * @throws {DTypeError} for tensors of integers or bools.
 * @throws {ValueError} when `p` is no number, or `eps` is negative.
 */
export function normalize<X extends Tensor>(
  x: X,
  options: NormalizeOptions = {},
): Tensor<ShapeOf<X>> {
  const name = 'normalize'
  const { p = 2, dim = 1, eps = 1e-12 } = checkNames(name, options, ['p', 'dim', 'eps'])
  if (typeof p !== 'number' || Number.isNaN(p)) {
    throw new ValueError(`${name}: p must be a number, got ${String(p)}`)
  }
  checkEps(name, eps)
  const input = checkFloat(name, 'input', x)
  checkDim(name, dim, input.shape)
  return asCall(name, () => {
    const length = norm(input, p, dim, { keepdim: true })
    return input.div(length.clamp({ min: eps }))
  }) as never
}

/** @throws {ShapeError} naming `where` unless x has the dim. */
export function checkDim(where: string, dim: unknown, shape: Shape): void {
  const ndim = shape.length
  if (Number.isInteger(dim) && (dim as number) >= -ndim && (dim as number) < ndim) return
  throw new ShapeError(
    `${where}: there is no dim ${String(dim)} in shape ${showShape(shape)}; dim is 1 unless given`,
  )
}
