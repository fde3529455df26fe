import { convTranspose2d, ShapeError, ValueError, type ShapeOf, type Tensor } from '@gradtape/core'
import { checkNames, perDim, type PerDim } from '../options.ts'
import type { Accepts, Output, Ruled } from '../shape-rules.ts'
import { showShape } from '../show-shape.ts'
import type { Conv2dRule } from './conv2d.ts'
import { Convolving, convolvingNames, type ConvolvingOptions } from './convolving.ts'
import type { Unshaped } from './unshaped.ts'

const slide: Unshaped = convTranspose2d as never

export interface ConvTranspose2dOptions extends ConvolvingOptions<2> {
  /** Of the convolution whose transpose it is: how much is cut off at both ends; 0 unless given. */
  readonly padding?: PerDim<2>
  /**
   * How many elements the result has more at the end, as several sizes give a convolution with a
   * stride one size; less than stride or dilation, 0 unless given.
   */
  readonly outputPadding?: PerDim<2>
}

/** How {@link ConvTranspose2d} is called. */
export interface ConvTranspose2dCallOptions {
  /** The height and width of the result, in place of `outputPadding`. */
  readonly outputSize?: PerDim<2>
}

const names = [...convolvingNames, 'outputPadding'] as const

/**
 * The transpose of a {@link Conv2d}: each element of `[N, inChannels, H, W]`, or of one `[inChannels,
 * H, W]`, adds a filter, scaled by it, to `[N, outChannels, OH, OW]`, with `OH = (H - 1) · stride - 2 ·
 * padding + dilation · (kernelSize - 1) + outputPadding + 1`. Sizes and options are a number for both
 * spatial dims, or `[of height, of width]`.
 *
 * `weight` has the shape `[inChannels, outChannels / groups, kernel height, kernel width]`, `bias`
 * `[outChannels]` (or is null); both start uniform in ±1/√(outChannels / groups · kernel elements).
 *
 * @throws {ValueError} in the constructor for sizes and options out of range, and channels that
 * `groups` doesn't divide.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { ConvTranspose2d } from '@gradtape/nn'
 *
 * const layer = new ConvTranspose2d(16, 3, 2, { stride: 2 })
 * console.log(layer.forward(zeros([8, 16, 14, 14])).shape) // → [ 8, 3, 28, 28 ]
 * ```
 */
export class ConvTranspose2d<const In extends number, const Out extends number>
  extends Convolving<In, Out>
  implements Ruled<Conv2dRule<In, Out, 'ConvTranspose2d'>>
{
  declare readonly '~rule'?: Conv2dRule<In, Out, 'ConvTranspose2d'>
  readonly padding: readonly number[]
  readonly outputPadding: readonly number[]

  constructor(
    inChannels: In,
    outChannels: Out,
    kernelSize: PerDim<2>,
    options: ConvTranspose2dOptions = {},
  ) {
    const name = 'ConvTranspose2d'
    const { padding = 0, outputPadding = 0 } = checkNames(name, options, names)
    super(2, true, inChannels, outChannels, kernelSize, options)
    this.padding = perDim(name, 'padding', padding, 2, 0)
    this.outputPadding = perDim(name, 'outputPadding', outputPadding, 2, 0)
    if (this.outputPadding.some((n, d) => n >= this.#mostExtra(d))) {
      throw new ValueError(
        `${name}: outputPadding ${showShape(this.outputPadding)} must be less than stride ${showShape(this.stride)} or dilation ${showShape(this.dilation)}`,
      )
    }
  }

  /**
   * @throws {ShapeError} unless x is of `inChannels` channels, and `outputSize`, if given, is one of
   * those that the stride leaves open.
   * @throws {DTypeError} unless x is of the dtype of the parameters.
   */
  forward<X extends Tensor>(
    x: X & Accepts<Conv2dRule<In, Out, 'ConvTranspose2d'>, ShapeOf<X>>,
    options: ConvTranspose2dCallOptions = {},
  ): Tensor<Output<Conv2dRule<In, Out, 'ConvTranspose2d'>, ShapeOf<X>>> {
    this.checkChannels(x)
    const { outputSize } = checkNames('ConvTranspose2d', options, ['outputSize'])
    const { stride, padding, dilation, groups } = this
    const outputPadding =
      outputSize === undefined ? this.outputPadding : this.#paddingFor(x.shape, outputSize)
    const call = { stride, padding, outputPadding, dilation, groups }
    return slide(x, this.weight, this.bias, call) as never
  }

  /** What outputPadding must be below. */
  #mostExtra(d: number): number {
    return Math.max(this.stride[d]!, this.dilation[d]!)
  }

  /** The outputPadding that gives the result these sizes. */
  #paddingFor(shape: readonly number[], outputSize: PerDim<2>): readonly number[] {
    const { kernelSize, stride, padding, dilation } = this
    const wanted = perDim('ConvTranspose2d', 'outputSize', outputSize, 2, 1)
    const least = shape
      .slice(-2)
      .map(
        (size, d) =>
          (size - 1) * stride[d]! + (kernelSize[d]! - 1) * dilation[d]! + 1 - 2 * padding[d]!,
      )
    const extra = wanted.map((size, d) => size - least[d]!)
    if (extra.some((n, d) => n < 0 || n >= this.#mostExtra(d))) {
      const most = least.map((size, d) => size + this.#mostExtra(d) - 1)
      throw new ShapeError(
        `ConvTranspose2d: an input of shape ${showShape(shape)} has a result of sizes ${showShape(least)} to ${showShape(most)}, not ${showShape(wanted)}`,
      )
    }
    return extra
  }

  override extraRepr(): string {
    const shown = (name: 'padding' | 'outputPadding'): string =>
      this[name].every((n) => n === 0) ? '' : `, ${name}=${showShape(this[name])}`
    return super.extraRepr() + shown('padding') + shown('outputPadding')
  }
}
