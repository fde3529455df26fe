import { asCall, norm, ShapeError, type Shape, type Tensor } from '@gradtape/core'
import { checkEps, checkNames } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { checkFloat } from './checks.ts'
import { checkDim } from './normalize.ts'

export interface CosineSimilarityOptions {
  /** Along which dim vectors lie; 1 unless given. */
  readonly dim?: number
  /** What each norm is taken to be at least; 1e-8 unless given. */
  readonly eps?: number
}

/**
 * The cosine of the angle between vectors along a dim, `a · b / (max(‖a‖, eps) · max(‖b‖, eps))`; the
 * result lacks the dim. a and b broadcast, and the dim is counted in what they broadcast to.
 *
 * @throws {ShapeError} when the shapes don't broadcast, or there is no such dim.
 * @throws {DTypeError} for tensors of integers or bools.
 * @throws {ValueError} when `eps` is negative.
 */
export function cosineSimilarity(
  a: Tensor,
  b: Tensor,
  options: CosineSimilarityOptions = {},
): Tensor {
  const name = 'cosineSimilarity'
  const { dim = 1, eps = 1e-8 } = checkNames(name, options, ['dim', 'eps'])
  checkEps(name, eps)
  checkFloat(name, 'first input', a)
  checkFloat(name, 'second input', b)
  const shape = broadcast(name, a.shape, b.shape)
  checkDim(name, dim, shape)
  return asCall(name, () => {
    const length = (x: Tensor): Tensor => norm(x.expand(shape), 2, dim).clamp({ min: eps })
    return a
      .mul(b)
      .sum(dim)
      .div(length(a).mul(length(b)))
  })
}

/** @throws {ShapeError} naming `where` when the shapes don't broadcast. */
function broadcast(where: string, a: Shape, b: Shape): Shape {
  const ndim = Math.max(a.length, b.length)
  return Array.from({ length: ndim }, (_, d) => {
    const m = a[d - ndim + a.length] ?? 1
    const n = b[d - ndim + b.length] ?? 1
    if (m === n || m === 1 || n === 1) return m === 1 ? n : m
    throw new ShapeError(
      `${where}: the shapes ${showShape(a)} and ${showShape(b)} don't broadcast: sizes ${m} and ${n} meet`,
    )
  })
}
