import { cat, pad, ShapeError, ValueError, type Tensor } from '@gradtape/core'
import { checkNames, perDim, type PerDim, type Rank } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { Convolving, convolvingNames, type ConvolvingOptions } from './convolving.ts'

/** What lies beyond the ends: zeros, the mirrored inside, copies of the edge, or the other end. */
export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular'

export interface PaddedConvolvingOptions<R extends Rank> extends ConvolvingOptions<R> {
  /**
   * How many elements are added at both ends; 0 (`'valid'`) unless given. `'same'` adds as many as
   * give the result the sizes of x, of an odd number one more at the end; for stride 1 only.
   */
  readonly padding?: PerDim<R> | 'same' | 'valid'
  /** What they are; `'zeros'` unless given. */
  readonly paddingMode?: PaddingMode
}

const names = [...convolvingNames, 'paddingMode'] as const
const modes: readonly string[] = ['zeros', 'reflect', 'replicate', 'circular']

/** Before and behind each dim. */
type Widths = readonly (readonly [before: number, behind: number])[]

/** A convolution that isn't transposed: its input may be padded in several ways. */
export abstract class PaddedConvolving<In extends number, Out extends number> extends Convolving<
  In,
  Out
> {
  readonly padding: readonly number[] | 'same' | 'valid'
  readonly paddingMode: PaddingMode

  constructor(
    rank: Rank,
    inChannels: In,
    outChannels: Out,
    kernelSize: unknown,
    options: PaddedConvolvingOptions<Rank>,
  ) {
    const { name } = new.target
    const { padding = 0, paddingMode = 'zeros' } = checkNames(name, options, names)
    super(rank, false, inChannels, outChannels, kernelSize, options)
    if (typeof padding === 'string') {
      if (padding !== 'same' && padding !== 'valid') {
        throw new ValueError(
          `${name}: there is no padding '${String(padding)}'; use 'same', 'valid' or numbers`,
        )
      }
      if (padding === 'same' && this.stride.some((n) => n !== 1)) {
        throw new ValueError(
          `${name}: padding 'same' is for stride 1, got stride ${showShape(this.stride)}; give numbers instead`,
        )
      }
      this.padding = padding
    } else {
      this.padding = perDim(name, 'padding', padding, rank, 0)
    }
    if (!modes.includes(paddingMode)) {
      throw new ValueError(
        `${name}: paddingMode must be 'zeros', 'reflect', 'replicate' or 'circular', got '${String(paddingMode)}'`,
      )
    }
    this.paddingMode = paddingMode
  }

  /** What the functions of core are called with. */
  protected get call(): object {
    const { stride, dilation, groups, padding, paddingMode } = this
    return { stride, dilation, groups, padding: paddingMode === 'zeros' ? padding : 0 }
  }

  /** x with what lies beyond its ends, unless that is zeros. */
  protected padded(x: Tensor): Tensor {
    const { paddingMode } = this
    if (paddingMode === 'zeros') return x
    const widths = this.#widths()
    this.#checkRoom(x, widths)
    if (paddingMode === 'circular') {
      return widths.reduce((y, width, d) => wrapped(y, d - widths.length, width), x)
    }
    const lastFirst: number[] = []
    for (const width of widths) lastFirst.unshift(...width)
    return pad(x, lastFirst, { mode: paddingMode })
  }

  #widths(): Widths {
    const { padding, kernelSize, dilation } = this
    if (padding !== 'same') {
      return kernelSize.map((_, d) => (padding === 'valid' ? [0, 0] : [padding[d]!, padding[d]!]))
    }
    return kernelSize.map((size, d) => {
      const total = (size - 1) * dilation[d]!
      const before = Math.floor(total / 2)
      return [before, total - before]
    })
  }

  /** @throws {ShapeError} when there is less to mirror, or to go around, than is to be added. */
  #checkRoom({ shape }: Tensor, widths: Widths): void {
    const { paddingMode } = this
    const more = { zeros: -Infinity, reflect: 1, replicate: -Infinity, circular: 0 }[paddingMode]
    widths.forEach((width, d) => {
      const size = shape[shape.length - widths.length + d]!
      const least = Math.max(...width) + more
      if (size >= least) return
      throw new ShapeError(
        `${this.constructor.name}: paddingMode '${paddingMode}' adds ${Math.max(...width)} elements, for which a dim must have ${least}; got an input of shape ${showShape(shape)}`,
      )
    })
  }

  override extraRepr(): string {
    const { padding, paddingMode } = this
    const shown =
      typeof padding === 'string'
        ? `, padding='${padding}'`
        : padding.every((n) => n === 0)
          ? ''
          : `, padding=${showShape(padding)}`
    const mode = paddingMode === 'zeros' ? '' : `, paddingMode='${paddingMode}'`
    return super.extraRepr() + shown + mode
  }
}

/** x with the last elements of a dim in front of it, and the first ones behind. */
function wrapped(x: Tensor, dim: number, [before, behind]: readonly [number, number]): Tensor {
  if (before === 0 && behind === 0) return x
  const last = x.narrow(dim, x.size(dim) - before, before)
  return cat([last, x, x.narrow(dim, 0, behind)], dim)
}
