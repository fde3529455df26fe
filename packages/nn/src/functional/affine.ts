import { elementwise, scalar as s, ShapeError, DTypeError, type Tensor } from '@gradtape/core'
import { showShape } from '../show-shape.ts'
import { checkFloat } from './checks.ts'

// What batch, group and layer norm have in common.

/** `x · scale + shift`. */
export const affine: (x: Tensor, scale: Tensor | number, shift: Tensor | number) => Tensor =
  elementwise('affine', (x, scale, shift) => s.add(s.mul(x, scale), shift))

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
