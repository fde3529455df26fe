import {
  asCall,
  ShapeError,
  standardize,
  ValueError,
  type Shape,
  type ShapeOf,
  type Tensor,
} from '@gradtape/core'
import { checkEps, checkNames, checkSize } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { checkFloat } from './checks.ts'
import { affine, checkLike } from './affine.ts'

export interface LayerNormCallOptions {
  /** What is added to the variance; 1e-5 unless given. */
  readonly eps?: number
}

/**
 * `(x - mean) / √(variance + eps) · weight + bias` (Ba, Kiros, Hinton 2016). Mean and variance
 * (divided by n) are those of the last dims, which have the sizes `shape`, a list or one number;
 * `weight` and `bias`, of that shape, may be null or left out.
 *
 * @throws {ShapeError} when the last dims of x have other sizes, or `weight` or `bias` another shape.
 * @throws {DTypeError} unless all are float tensors of one dtype.
 * @throws {ValueError} when `shape` is empty or holds no sizes, or `eps` is negative.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { functional as F } from '@gradtape/nn'
 *
 * console.log(F.layerNorm(tensor([[1, 2, 3], [0, 0, 6]]), [3]))
 * // → tensor([[-1.2247,  0.0000,  1.2247],
 * //           [-0.7071, -0.7071,  1.4142]])
 * ```
 */
export function layerNorm<X extends Tensor>(
  x: X,
  shape: number | Shape,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options: LayerNormCallOptions = {},
): Tensor<ShapeOf<X>> {
  const name = 'layerNorm'
  const eps = checkEps(name, checkNames(name, options, ['eps']).eps ?? 1e-5)
  const sizes = checkNormalizedShape(name, shape)
  const input = checkFloat(name, 'input', x)
  if (!endsWith(input.shape, sizes)) {
    throw new ShapeError(
      `${name}: the last dims of an input of shape ${showShape(input.shape)} are not ${showShape(sizes)}`,
    )
  }
  if (weight !== null) checkLike(name, 'weight', weight, sizes, input, 'as what is normalised')
  if (bias !== null) checkLike(name, 'bias', bias, sizes, input, 'as what is normalised')
  return asCall(name, () => {
    const front = input.shape.slice(0, input.ndim - sizes.length)
    const rows = input.reshape([...front, sizes.reduce((a, b) => a * b, 1)])
    const out: Tensor = standardize(rows, { eps }).reshape(input.shape)
    return weight === null && bias === null ? out : affine(out, weight ?? 1, bias ?? 0)
  }) as never
}

/** The sizes of the dims that are normalised. @throws {ValueError} naming `where` when there are none. */
export function checkNormalizedShape(where: string, shape: number | Shape): readonly number[] {
  const sizes = Array.isArray(shape) ? [...(shape as Shape)] : [shape as number]
  for (const size of sizes) checkSize(where, 'each size of the normalised shape', size, 1)
  if (sizes.length === 0) {
    throw new ValueError(`${where}: the normalised shape is empty; give the sizes of the last dims`)
  }
  return sizes
}

/** Whether the last dims of `shape` have these sizes. */
export function endsWith(shape: Shape, sizes: Shape): boolean {
  const before = shape.length - sizes.length
  return before >= 0 && sizes.every((size, d) => size === shape[before + d])
}
