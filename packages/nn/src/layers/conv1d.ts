import { conv1d, type Shape, type ShapeMismatch, type ShapeOf, type Tensor } from '@gradtape/core'
import type { PerDim } from '../options.ts'
import type { Accepts, Agree, Output, Ruled, ShapeRule } from '../shape-rules.ts'
import { PaddedConvolving, type PaddedConvolvingOptions } from './padded-convolving.ts'
import type { Unshaped } from './unshaped.ts'

const slide: Unshaped = conv1d as never

export interface Conv1dOptions extends PaddedConvolvingOptions<1> {}

/** `[...batch, In, length]` becomes `[...batch, Out, …]`. */
export interface Conv1dRule<In extends number, Out extends number> extends ShapeRule {
  readonly out: this['in'] extends readonly [
    ...infer Batch extends Shape,
    infer C extends number,
    number,
  ]
    ? Agree<C, In> extends true
      ? [...Batch, Out, number]
      : ShapeMismatch<`Conv1d(${In}, ${Out}) expects ${In} channels, not ${C}`>
    : [...number[], Out, number]
}

/**
 * Filters that slide over signals: `[N, inChannels, L]`, or one `[inChannels, L]`, becomes `[N,
 * outChannels, O]`, with `O = ⌊(L + 2 · padding - dilation · (kernelSize - 1) - 1) / stride⌋ + 1`.
 *
 * `weight` has the shape `[outChannels, inChannels / groups, kernelSize]`, `bias` `[outChannels]` (or
 * is null); both start uniform in ±1/√(inChannels / groups · kernelSize).
 *
 * @throws {ValueError} in the constructor for sizes and options out of range, and channels that
 * `groups` doesn't divide.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { Conv1d } from '@gradtape/nn'
 *
 * const layer = new Conv1d(2, 4, 3, { padding: 'same' })
 * console.log(layer.forward(zeros([8, 2, 100])).shape) // → [ 8, 4, 100 ]
 * ```
 */
export class Conv1d<const In extends number, const Out extends number>
  extends PaddedConvolving<In, Out>
  implements Ruled<Conv1dRule<In, Out>>
{
  declare readonly '~rule'?: Conv1dRule<In, Out>

  constructor(
    inChannels: In,
    outChannels: Out,
    kernelSize: PerDim<1>,
    options: Conv1dOptions = {},
  ) {
    super(1, inChannels, outChannels, kernelSize, options)
  }

  /**
   * @throws {ShapeError} unless x is of `inChannels` channels, and long enough for the kernel.
   * @throws {DTypeError} unless x is of the dtype of the parameters.
   */
  forward<X extends Tensor>(
    x: X & Accepts<Conv1dRule<In, Out>, ShapeOf<X>>,
  ): Tensor<Output<Conv1dRule<In, Out>, ShapeOf<X>>> {
    this.checkChannels(x)
    return slide(this.padded(x), this.weight, this.bias, this.call) as never
  }
}
