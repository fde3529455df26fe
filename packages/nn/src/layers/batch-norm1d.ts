import type { ShapeOf, Tensor } from '@gradtape/core'
import type { Accepts, Ruled } from '../shape-rules.ts'
import { BatchNormalizing, type BatchNormOptions, type BatchNormRule } from './batch-normalizing.ts'

/**
 * Batch normalisation (Ioffe, Szegedy 2015) of features, `[N, C]`, or signals, `[N, C, L]`, each channel by
 * itself: `(x - mean) / √(variance + eps) · weight + bias`. In training mean and variance (divided by
 * n) are those of the batch, and `runningMean` and `runningVar` (of variances divided by n - 1) are
 * moved towards them, off the tape; in evaluation those are taken. Without `trackRunningStats` it is
 * always the batch's.
 *
 * `weight` `[C]` starts as ones, `bias` `[C]` as zeros; buffers are `runningMean`, `runningVar`, and
 * `numBatchesTracked`, the number of batches so far (int64, as in PyTorch's files).
 *
 * @throws {ValueError} in the constructor for sizes and options out of range.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { BatchNorm1d } from '@gradtape/nn'
 *
 * const layer = new BatchNorm1d(16)
 * console.log(layer.forward(zeros([8, 16])).shape) // → [ 8, 16 ]
 * console.log(layer.numBatchesTracked!.item()) // → 1
 * ```
 */
export class BatchNorm1d<const C extends number>
  extends BatchNormalizing<C>
  implements Ruled<BatchNormRule<'BatchNorm1d', C>>
{
  declare readonly '~rule'?: BatchNormRule<'BatchNorm1d', C>

  constructor(numFeatures: C, options: BatchNormOptions = {}) {
    super([2, 3], numFeatures, options)
  }

  /**
   * @throws {ShapeError} unless x has `numFeatures` channels in dim 1 of its `[N, C]` or `[N, C, L]`.
   * @throws {DTypeError} unless x is of the dtype of the parameters.
   * @throws {ValueError} in training with one value per channel.
   */
  forward<X extends Tensor>(
    x: X & Accepts<BatchNormRule<'BatchNorm1d', C>, ShapeOf<X>>,
  ): Tensor<ShapeOf<X>> {
    return this.normalized(x) as never
  }
}
