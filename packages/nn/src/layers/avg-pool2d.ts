import { avgPool2d, ValueError, type ShapeOf, type Tensor } from '@gradtape/core'
import { checkFlag, checkNames, type PerDim } from '../options.ts'
import type { Output, Ruled } from '../shape-rules.ts'
import { Pooling, type PoolingOptions, type PoolingRule } from './pooling.ts'
import type { Unshaped } from './unshaped.ts'

const slide: Unshaped = avgPool2d as never

export interface AvgPool2dOptions extends PoolingOptions {
  /** Whether the zeros that were added count as elements; true unless given. */
  readonly countIncludePad?: boolean
  /** What sums are divided by, in place of the number of elements. */
  readonly divisorOverride?: number | null
}

/**
 * The mean of each window of images `[N, C, H, W]` or `[C, H, W]`. What padding adds is 0. Sizes and
 * options are a number for both spatial dims, or `[of height, of width]`.
 *
 * @throws {ValueError} in the constructor for sizes and options out of range.
 *
 * @example
 * ```ts
 * import { arange } from '@gradtape/core'
 * import { AvgPool2d } from '@gradtape/nn'
 *
 * console.log(new AvgPool2d([1, 2]).forward(arange(6).reshape([1, 1, 6])))
 * // → tensor([[[0.5000, 2.5000, 4.5000]]])
 * ```
 */
export class AvgPool2d extends Pooling implements Ruled<PoolingRule> {
  declare readonly '~rule'?: PoolingRule
  readonly countIncludePad: boolean
  readonly divisorOverride: number | null

  constructor(kernelSize: PerDim<2>, options: AvgPool2dOptions = {}) {
    const name = 'AvgPool2d'
    const names = ['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride'] as const
    super(kernelSize, checkNames(name, options, names))
    const { countIncludePad = true, divisorOverride = null } = options
    this.countIncludePad = checkFlag(name, 'countIncludePad', countIncludePad)
    if (divisorOverride !== null && (!Number.isFinite(divisorOverride) || divisorOverride === 0)) {
      throw new ValueError(
        `${name}: divisorOverride must be a number other than 0, got ${String(divisorOverride)}; leave it out for means`,
      )
    }
    this.divisorOverride = divisorOverride
  }

  /** @throws {ShapeError} unless x is of images that a window fits into. */
  forward<X extends Tensor>(x: X): Tensor<Output<PoolingRule, ShapeOf<X>>> {
    this.checkImages(x)
    const { kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride } = this
    const options = {
      stride,
      padding,
      ceilMode,
      countIncludePad,
      ...(divisorOverride !== null && { divisorOverride }),
    }
    return slide(x, kernelSize, options) as never
  }

  override extraRepr(): string {
    const { countIncludePad, divisorOverride } = this
    const divisor = divisorOverride === null ? '' : `, divisorOverride=${divisorOverride}`
    return `${super.extraRepr()}, countIncludePad=${countIncludePad}${divisor}`
  }
}
