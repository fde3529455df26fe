/**
 * Convolutions: filters that slide over signals and images, and their transposes. Functions only, so
 * that programs without them leave them out.
 *
 * @example
 * ```ts
 * import { arange, conv1d, conv2d, convTranspose1d, convTranspose2d, ones } from '@gradtape/core'
 *
 * const signal = arange(5).reshape([1, 5])
 * const filter = ones([1, 1, 2])
 * const image = ones([8, 3, 32, 32])
 *
 * console.log(conv1d(signal, filter)) // → tensor([[1., 3., 5., 7.]])
 * console.log(conv1d(signal, filter, ones([1]), { stride: 2, padding: 1 }))
 * // → tensor([[1., 4., 8.]])
 * console.log(conv2d(image, ones([16, 3, 3, 3])).shape) // → [ 8, 16, 30, 30 ]
 * console.log(conv2d(image, ones([6, 1, 3, 3]), null, { padding: 'same', groups: 3 }).shape)
 * // → [ 8, 6, 32, 32 ]
 * console.log(convTranspose1d(signal, filter)) // → tensor([[0., 1., 3., 5., 7., 4.]])
 * console.log(convTranspose2d(image, ones([3, 4, 2, 2]), null, { stride: 2 }).shape)
 * // → [ 8, 4, 64, 64 ]
 * conv2d(image, ones([16, 4, 3, 3])) // type error: conv2d: the weight takes 4 channels
 * ```
 */
import { ShapeError, ValueError } from '../../errors.ts'
import { convolutionOf, transposedConvolutionOf } from '../../kinds/convolution.ts'
import { entry, type Entry } from '../../kinds/entry.ts'
import { checkFilters, filtered } from '../../kinds/filters.ts'
import { checkNames, gridOf, perDim, type PerDim, type Rank } from '../../kinds/spatial.ts'
import type { Grid } from '../../kinds/windows.ts'
import { showShape, showValue, type Shape } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import type {
  Conv1d,
  Conv2d,
  ConvFits,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTransposeFits,
} from '../../types/convolution.ts'
import type { ShapeOf } from '../../types/shape.ts'

/** How {@link conv1d} and {@link conv2d} slide the kernel; a number holds for all spatial dims. */
export interface ConvOptions<R extends Rank = 2> {
  /** How far apart the windows are; 1 unless given. */
  readonly stride?: PerDim<R>
  /**
   * How many zeros are added at both ends; 0 (`'valid'`) unless given. `'same'` adds as many as give
   * the result the sizes of x, of an odd number one more at the end; for stride 1 only.
   */
  readonly padding?: PerDim<R> | 'same' | 'valid'
  /** How far apart the elements of a window are; 1 unless given. */
  readonly dilation?: PerDim<R>
  /** Into how many groups the channels fall, each with filters of its own; 1 unless given. */
  readonly groups?: number
}

/** How {@link convTranspose1d} and {@link convTranspose2d} undo the sizes of a convolution. */
export interface ConvTransposeOptions<R extends Rank = 2> {
  /** Of the convolution; 1 unless given. */
  readonly stride?: PerDim<R>
  /** Of the convolution: how much is cut off at both ends; 0 unless given. */
  readonly padding?: PerDim<R>
  /**
   * How many elements the result has more at the end, as several sizes give a convolution with a
   * stride one size; less than stride or dilation, 0 unless given.
   */
  readonly outputPadding?: PerDim<R>
  /** Into how many groups the channels fall, each with filters of its own; 1 unless given. */
  readonly groups?: number
  /** Of the convolution; 1 unless given. */
  readonly dilation?: PerDim<R>
}

/** The shape of a convolution; `'same'` leaves the sizes that a kernel of one does. */
type ConvShape<R extends Rank, X extends Shape, W extends Shape, O> = O extends {
  readonly padding: 'same'
}
  ? R extends 1
    ? Conv1d<X, [W[0], W[1], 1]>
    : Conv2d<X, [W[0], W[1], 1, 1]>
  : R extends 1
    ? Conv1d<X, W, O>
    : Conv2d<X, W, O>

/** `conv2d(x, weight, bias, options)`: a function only. */
export interface Convolution<R extends Rank> extends Entry<never> {
  <X extends Tensor, W extends Tensor, const O extends ConvOptions<R> = {}>(
    x: X,
    weight: W &
      ConvFits<`conv${R}d`, ShapeOf<X>, ShapeOf<W>, O, ConvShape<R, ShapeOf<X>, ShapeOf<W>, O>>,
    bias?: Tensor | null,
    options?: O,
  ): Tensor<ConvShape<R, ShapeOf<X>, ShapeOf<W>, O>>
}

type TransposeShape<R extends Rank, X extends Shape, W extends Shape, O> = R extends 1
  ? ConvTranspose1d<X, W, O>
  : ConvTranspose2d<X, W, O>

/** `convTranspose2d(x, weight, bias, options)`: a function only. */
export interface TransposedConvolution<R extends Rank> extends Entry<never> {
  <X extends Tensor, W extends Tensor, const O extends ConvTransposeOptions<R> = {}>(
    x: X,
    weight: W & ConvTransposeFits<`convTranspose${R}d`, ShapeOf<X>, ShapeOf<W>>,
    bias?: Tensor | null,
    options?: O,
  ): Tensor<TransposeShape<R, ShapeOf<X>, ShapeOf<W>, O>>
}

const names = ['stride', 'padding', 'dilation', 'groups'] as const

function convolution<R extends Rank>(rank: R): Convolution<R> {
  const name = `conv${rank}d`
  return entry(
    {
      name,
      method: null,
      kind: 'contraction',
      samples: (g) => {
        const [groups, channels, filters] = g.pick(groupings)
        const kernel = Array.from({ length: rank }, () => g.int(1, 2))
        const sizes = kernel.map((size, d) => size + g.int(0, d === 0 ? 3 - rank : 0))
        const x = g.real([...g.pick([[], [1], [2], [0]]), channels, ...sizes])
        const weight = g.real([filters, channels / groups, ...kernel])
        const bias = g.pick([() => null, () => g.real([filters])])()
        return [x, weight, bias, { groups, ...g.pick(samples) }]
      },
    },
    (x: Tensor, weight: Tensor, bias: Tensor | null = null, options: ConvOptions<R> = {}) => {
      const { stride = 1, padding = 0, dilation = 1, groups = 1 } = checkNames(name, options, names)
      const operands = [x, weight, bias] as const
      const checked = checkFilters(name, rank, operands, groups, 1)
      const { sizes, kernel } = checked
      const windows = {
        input: sizes,
        kernel,
        stride: perDim(name, 'stride', stride, rank, 1),
        dilation: perDim(name, 'dilation', dilation, rank, 1),
      }
      const [before, behind] = paddings(name, rank, padding, windows)
      const grid = gridOf(name, { ...windows, padding: before }, behind)
      return filtered(operands, grid, checked.groups, convolutionOf)
    },
  )
}

/** Groups, channels and filters to test with. */
const groupings = [
  [1, 1, 1],
  [1, 1, 2],
  [1, 2, 1],
  [1, 2, 2],
  [2, 2, 2],
] as const

const samples = [
  {},
  { stride: 2 },
  { padding: 1 },
  { padding: 'same' },
  { padding: 1, dilation: 2 },
  { stride: 2, padding: 1 },
]

/** What is added in front of each dim, and behind. */
function paddings(
  name: string,
  rank: Rank,
  padding: unknown,
  { kernel, stride, dilation }: Pick<Grid, 'kernel' | 'stride' | 'dilation'>,
): [before: number[], behind: number[]] {
  if (padding === 'same') {
    if (stride.some((n) => n !== 1)) {
      throw new ValueError(
        `${name}: padding 'same' is for stride 1, got stride ${showShape(stride)}; give numbers of zeros instead`,
      )
    }
    const total = kernel.map((size, d) => (size - 1) * dilation[d]!)
    const before = total.map((n) => Math.floor(n / 2))
    return [before, total.map((n, d) => n - before[d]!)]
  }
  if (typeof padding === 'string' && padding !== 'valid') {
    throw new ValueError(
      `${name}: there is no padding ${showValue(padding)}; use 'same', 'valid' or numbers of zeros`,
    )
  }
  const both = perDim(name, 'padding', padding === 'valid' ? 0 : padding, rank, 0)
  return [both, both]
}

const transposedNames = [...names, 'outputPadding'] as const

function transposedConvolution<R extends Rank>(rank: R): TransposedConvolution<R> {
  const name = `convTranspose${rank}d`
  return entry(
    {
      name,
      method: null,
      kind: 'contraction',
      samples: (g) => {
        const [groups, channels, filters] = g.pick(groupings)
        const kernel = Array.from({ length: rank }, () => g.int(1, 2))
        const sizes = kernel.map(() => g.int(1, 2))
        const x = g.real([...g.pick([[], [1], [2], [0]]), channels, ...sizes])
        const weight = g.real([channels, filters / groups, ...kernel])
        const bias = g.pick([() => null, () => g.real([filters])])()
        return [x, weight, bias, { groups, ...g.pick(transposedSamples) }]
      },
    },
    (
      x: Tensor,
      weight: Tensor,
      bias: Tensor | null = null,
      options: ConvTransposeOptions<R> = {},
    ) => {
      const given = checkNames(name, options, transposedNames)
      const { stride = 1, padding = 0, outputPadding = 0, groups = 1, dilation = 1 } = given
      const operands = [x, weight, bias] as const
      const { sizes, kernel, groups: count } = checkFilters(name, rank, operands, groups, 0)
      const grid = {
        output: sizes,
        kernel,
        stride: perDim(name, 'stride', stride, rank, 1),
        padding: perDim(name, 'padding', padding, rank, 0),
        dilation: perDim(name, 'dilation', dilation, rank, 1),
      }
      const extra = perDim(name, 'outputPadding', outputPadding, rank, 0)
      if (extra.some((n, d) => n >= Math.max(grid.stride[d]!, grid.dilation[d]!))) {
        throw new ValueError(
          `${name}: outputPadding ${showShape(extra)} must be less than stride ${showShape(grid.stride)} or dilation ${showShape(grid.dilation)}`,
        )
      }
      const input = sizes.map((size, d) => {
        const reach = (kernel[d]! - 1) * grid.dilation[d]! + 1
        return (size - 1) * grid.stride[d]! + reach - 2 * grid.padding[d]! + extra[d]!
      })
      if (input.some((size) => size < 1)) {
        throw new ShapeError(
          `${name}: padding ${showShape(grid.padding)} leaves nothing of x of shape ${showShape(x.shape)} and a kernel of ${showShape(kernel)}: the result would have sizes ${showShape(input)}; use less`,
        )
      }
      return filtered(operands, { ...grid, input }, count, (y, w, at) =>
        transposedConvolutionOf(w, y, at),
      )
    },
  )
}

const transposedSamples = [
  {},
  { stride: 2 },
  { stride: 2, outputPadding: 1 },
  { padding: 1, outputPadding: 2, dilation: 3 },
  { dilation: 2 },
]

/**
 * Convolution (in the field's sense: the kernel is not mirrored) of signals x `[N, C, L]`, or one
 * `[C, L]`, by filters weight `[F, C / groups, K]`, to `[N, F, O]` or `[F, O]`:
 *
 * `out[n, f, i] = bias[f] + Σ x[n, c, i · stride + k · dilation - padding] · weight[f, c, k]`,
 *
 * over k and the channels of f's group; beyond its ends x is 0. `O = ⌊(L + 2 · padding - dilation ·
 * (K - 1) - 1) / stride⌋ + 1`. As PyTorch's. float32 or float64, equal for all; `bias` `[F]` may be
 * null.
 * @shapes x [N, C, L] or [C, L], weight [F, C / groups, K], bias [F]; the result [N, F, O] or [F,
 * O].
 * @throws {ShapeError} when shapes don't go together, or the kernel is larger than the padded
 * signal.
 * @throws {DTypeError} unless all have one float dtype.
 * @throws {ValueError} for options out of range.
 */
export const conv1d: Convolution<1> = convolution<1>(1)

/**
 * As {@link conv1d} for images, x `[N, C, H, W]` or `[C, H, W]`, by filters weight `[F, C / groups,
 * KH, KW]`, to `[N, F, OH, OW]` or `[F, OH, OW]`; options take a number for both spatial dims, or
 * `[of height, of width]`.
 * @shapes x [N, C, H, W] or [C, H, W], weight [F, C / groups, KH, KW], bias [F]; the result [N, F,
 * OH, OW] or [F, OH, OW].
 * @throws {ShapeError} when shapes don't go together, or the kernel is larger than the padded
 * image.
 * @throws {DTypeError} unless all have one float dtype.
 * @throws {ValueError} for options out of range.
 *
 * @example
 * ```ts
 * import { conv2d, ones } from '@gradtape/core'
 *
 * const blurred = conv2d(ones([1, 1, 8, 8]), ones([2, 1, 3, 3]).div(9), null, { padding: 'same' })
 * console.log(blurred.shape) // → [ 1, 2, 8, 8 ]
 * ```
 */
export const conv2d: Convolution<2> = convolution<2>(2)

/**
 * The transpose of {@link conv1d} with the same weight: signals x `[N, C, L]`, or one `[C, L]`, by
 * filters weight `[C, F / groups, K]`, to `[N, F, O]` or `[F, O]`. Each element of x adds a copy of
 * the filter, scaled by it: `out[n, f, i · stride + k · dilation - padding] += x[n, c, i] ·
 * weight[c, f, k]`, and `bias[f]`. `O = (L - 1) · stride - 2 · padding + dilation · (K - 1) +
 * outputPadding + 1`. As PyTorch's. float32 or float64, equal for all; `bias` `[F]` may be null.
 * @shapes x [N, C, L] or [C, L], weight [C, F / groups, K], bias [F]; the result [N, F, O] or [F,
 * O].
 * @throws {ShapeError} when shapes don't go together, or padding leaves nothing.
 * @throws {DTypeError} unless all have one float dtype.
 * @throws {ValueError} for options out of range.
 */
export const convTranspose1d: TransposedConvolution<1> = transposedConvolution<1>(1)

/**
 * As {@link convTranspose1d} for images, x `[N, C, H, W]` or `[C, H, W]`, by filters weight `[C, F
 * / groups, KH, KW]`, to `[N, F, OH, OW]` or `[F, OH, OW]`.
 * @shapes x [N, C, H, W] or [C, H, W], weight [C, F / groups, KH, KW], bias [F]; the result [N, F,
 * OH, OW] or [F, OH, OW].
 * @throws {ShapeError} when shapes don't go together, or padding leaves nothing.
 * @throws {DTypeError} unless all have one float dtype.
 * @throws {ValueError} for options out of range.
 */
export const convTranspose2d: TransposedConvolution<2> = transposedConvolution<2>(2)
