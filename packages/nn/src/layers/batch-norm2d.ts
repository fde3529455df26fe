import type { ShapeOf, Tensor } from '@gradtape/core'
import type { Accepts, Ruled } from '../shape-rules.ts'
import { BatchNormalizing, type BatchNormOptions, type BatchNormRule } from './batch-normalizing.ts'

/**
 * Batch normalisation (Ioffe, Szegedy 2015) of images, `[N, C, H, W]`, each channel by
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
 * import { BatchNorm2d } from '@gradtape/nn'
 *
 * const layer = new BatchNorm2d(16)
 * console.log(layer.forward(zeros([8, 16, 5, 5])).shape) // → [ 8, 16, 5, 5 ]
 * console.log(layer.numBatchesTracked!.item()) // → 1
 * ```
 */
export class BatchNorm2d<const C extends number>
  extends BatchNormalizing<C>
  implements Ruled<BatchNormRule<'BatchNorm2d', C>>
{
  declare readonly '~rule'?: BatchNormRule<'BatchNorm2d', C>

  constructor(numFeatures: C, options: BatchNormOptions = {}) {
    super([4], numFeatures, options)
  }

  /**
   * @throws {ShapeError} unless x has `numFeatures` channels in dim 1 of its `[N, C, H, W]`.
   * @throws {DTypeError} unless x is of the dtype of the parameters.
   * @throws {ValueError} in training with one value per channel.
   */
  forward<X extends Tensor>(
    x: X & Accepts<BatchNormRule<'BatchNorm2d', C>, ShapeOf<X>>,
  ): Tensor<ShapeOf<X>> {
    return this.normalized(x) as never
  }
}
