import { conv2d, type Shape, type ShapeMismatch, type ShapeOf, type Tensor } from '@gradtape/core'
import type { PerDim } from '../options.ts'
import type { Accepts, Agree, Output, Ruled, ShapeRule } from '../shape-rules.ts'
import { PaddedConvolving, type PaddedConvolvingOptions } from './padded-convolving.ts'
import type { Unshaped } from './unshaped.ts'

const slide: Unshaped = conv2d as never

export interface Conv2dOptions extends PaddedConvolvingOptions<2> {}

/** `[...batch, In, height, width]` becomes `[...batch, Out, …, …]`. */
export interface Conv2dRule<
  In extends number,
  Out extends number,
  Name extends string = 'Conv2d',
> extends ShapeRule {
  readonly out: this['in'] extends readonly [
    ...infer Batch extends Shape,
    infer C extends number,
    number,
    number,
  ]
    ? Agree<C, In> extends true
      ? [...Batch, Out, number, number]
      : ShapeMismatch<`${Name}(${In}, ${Out}) expects ${In} channels, not ${C}`>
    : [...number[], Out, number, number]
}

/**
 * Filters that slide over images: `[N, inChannels, H, W]`, or one `[inChannels, H, W]`, becomes `[N,
 * outChannels, OH, OW]`, with `OH = ⌊(H + 2 · padding - dilation · (kernelSize - 1) - 1) / stride⌋ + 1`.
 * Sizes and options are a number for both spatial dims, or `[of height, of width]`.
 *
 * `weight` has the shape `[outChannels, inChannels / groups, kernel height, kernel width]`, `bias`
 * `[outChannels]` (or is null); both start uniform in ±1/√(inChannels / groups · kernel elements).
 *
 * @throws {ValueError} in the constructor for sizes and options out of range, and channels that
 * `groups` doesn't divide.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { Conv2d } from '@gradtape/nn'
 *
 * const layer = new Conv2d(3, 16, 5, { stride: 2, padding: 2 })
 * console.log(layer.forward(zeros([8, 3, 32, 32])).shape) // → [ 8, 16, 16, 16 ]
 * ```
 */
export class Conv2d<const In extends number, const Out extends number>
  extends PaddedConvolving<In, Out>
  implements Ruled<Conv2dRule<In, Out>>
{
  declare readonly '~rule'?: Conv2dRule<In, Out>

  constructor(
    inChannels: In,
    outChannels: Out,
    kernelSize: PerDim<2>,
    options: Conv2dOptions = {},
  ) {
    super(2, inChannels, outChannels, kernelSize, options)
  }

  /**
   * @throws {ShapeError} unless x is of `inChannels` channels, and large enough for the kernel.
   * @throws {DTypeError} unless x is of the dtype of the parameters.
   */
  forward<X extends Tensor>(
    x: X & Accepts<Conv2dRule<In, Out>, ShapeOf<X>>,
  ): Tensor<Output<Conv2dRule<In, Out>, ShapeOf<X>>> {
    this.checkChannels(x)
    return slide(this.padded(x), this.weight, this.bias, this.call) as never
  }
}
