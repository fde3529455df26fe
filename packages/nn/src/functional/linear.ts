import { asCall, linearProduct, matrixProduct, ShapeError, type Tensor } from '@gradtape/core'
import { showShape } from '../show-shape.ts'
import { checkFloat } from './checks.ts'

/**
 * `x Wᵀ + b`: `[...batch, in]` becomes `[...batch, out]`, with a weight of shape `[out, in]` and, if
 * given, a bias of shape `[out]`.
 *
 * @throws {ShapeError} when the shapes don't fit.
 * @throws {DTypeError} for tensors of integers or bools.
 */
export function linear(x: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  checkFloat('linear', 'input', x)
  const sizes = checkFloat('linear', 'weight', weight).shape
  if (sizes.length !== 2 || x.shape.at(-1) !== sizes[1]) {
    throw new ShapeError(
      `linear: an input of shape ${showShape(x.shape)} doesn't fit a weight of shape ${showShape(weight.shape)}: ` +
        'the weight must be [out, in], and the input [...batch, in]',
    )
  }
  const own = bias && checkFloat('linear', 'bias', bias).shape
  if (own && (own.length !== 1 || own[0] !== sizes[0])) {
    throw new ShapeError(
      `linear: expected a bias of shape [${sizes[0]}] for a weight of shape ${showShape(weight.shape)}, got ${showShape(own)}`,
    )
  }
  return asCall('linear', () =>
    bias === null
      ? matrixProduct('linear', x, weight, true)
      : linearProduct('linear', x, weight, bias),
  )
}
