import { maxPool2d, type ShapeOf, type Tensor } from '@gradtape/core'
import { checkNames, perDim, type PerDim } from '../options.ts'
import type { Output, Ruled } from '../shape-rules.ts'
import { showShape } from '../show-shape.ts'
import { Pooling, type PoolingOptions, type PoolingRule } from './pooling.ts'
import type { Unshaped } from './unshaped.ts'

const slide: Unshaped = maxPool2d as never

export interface MaxPool2dOptions extends PoolingOptions {
  /** How far apart the elements of a window are; 1 unless given. */
  readonly dilation?: PerDim<2>
}

/**
 * The largest element in each window of images `[N, C, H, W]` or `[C, H, W]`, the first among equals.
 * What padding adds is -∞. Sizes and options are a number for both spatial dims, or `[of height, of
 * width]`.
 *
 * @throws {ValueError} in the constructor for sizes and options out of range.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { MaxPool2d } from '@gradtape/nn'
 *
 * console.log(new MaxPool2d(2).forward(zeros([8, 6, 28, 28])).shape) // → [ 8, 6, 14, 14 ]
 * ```
 */
export class MaxPool2d extends Pooling implements Ruled<PoolingRule> {
  declare readonly '~rule'?: PoolingRule
  readonly dilation: readonly number[]

  constructor(kernelSize: PerDim<2>, options: MaxPool2dOptions = {}) {
    const names = ['stride', 'padding', 'dilation', 'ceilMode'] as const
    super(kernelSize, checkNames('MaxPool2d', options, names))
    this.dilation = perDim('MaxPool2d', 'dilation', options.dilation ?? 1, 2, 1)
  }

  /** @throws {ShapeError} unless x is of images that a window fits into. */
  forward<X extends Tensor>(x: X): Tensor<Output<PoolingRule, ShapeOf<X>>> {
    this.checkImages(x)
    const { kernelSize, stride, padding, dilation, ceilMode } = this
    return slide(x, kernelSize, { stride, padding, dilation, ceilMode }) as never
  }

  override extraRepr(): string {
    return `${super.extraRepr()}, dilation=${showShape(this.dilation)}`
  }
}
