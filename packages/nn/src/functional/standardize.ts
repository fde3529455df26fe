import { elementwise, scalar as s, ShapeError, DTypeError, type Tensor } from '@gradtape/core'
import { showShape } from '../show-shape.ts'
import { checkFloat } from './checks.ts'

// What batch, group and layer norm have in common: values less their mean, times the inverse of their
// deviation, in as few passes as that takes.

export interface Moments {
  readonly mean: Tensor
  /** x less its mean. */
  readonly centred: Tensor
  /** The mean square of that. */
  readonly variance: Tensor
}

/** Mean and variance over dims, which stay with size 1. */
export function moments(x: Tensor, dims: readonly number[]): Moments {
  const mean = x.mean(dims, { keepdim: true })
  const centred = x.sub(mean)
  return { mean, centred, variance: centred.square().mean(dims, { keepdim: true }) }
}

/** `1 / √(variance + eps)`. */
export const inverseDeviation: (variance: Tensor, eps: number) => Tensor = elementwise(
  'inverseDeviation',
  (variance, eps) => s.div(1, s.sqrt(s.add(variance, eps))),
)

/** `x · scale + shift`, where x was centred. */
export const affine: (x: Tensor, scale: Tensor, shift: Tensor | number) => Tensor = elementwise(
  'affine',
  (x, scale, shift) => s.add(s.mul(x, scale), shift),
)

/**
 * @throws {DTypeError | ShapeError} unless `t`, the `what` of a function, is a float tensor of one
 * number per channel, of the input's dtype. null stands for one that isn't there.
 */
export function checkPerChannel(
  where: string,
  what: string,
  t: Tensor | null,
  channels: number,
  x: Tensor,
): void {
  if (t !== null) checkLike(where, what, t, [channels], x, 'one number for each channel')
}

/** @throws {DTypeError | ShapeError} unless `t` is a float tensor of this shape and of x's dtype. */
export function checkLike(
  where: string,
  what: string,
  t: Tensor,
  shape: readonly number[],
  x: Tensor,
  reason: string,
): void {
  const own = checkFloat(where, what, t)
  if (showShape(own.shape) !== showShape(shape)) {
    throw new ShapeError(
      `${where}: expected a ${what} of shape ${showShape(shape)}, ${reason}, got ${showShape(own.shape)}`,
    )
  }
  if (own.dtype !== x.dtype) {
    throw new DTypeError(
      `${where}: the input is ${x.dtype}, the ${what} ${own.dtype}; convert one with .to('${x.dtype}')`,
    )
  }
}
