/**
 * Pooling: the largest element or the mean of windows that slide over signals and images. Functions only.
 *
 * @example
 * ```ts
 * import { arange, avgPool1d, avgPool2d, maxPool1d, maxPool2d, ones } from '@gradtape/core'
 *
 * const signal = arange(6).reshape([1, 6])
 * const image = ones([8, 3, 32, 32])
 *
 * console.log(maxPool1d(signal, 2)) // → tensor([[1., 3., 5.]])
 * console.log(maxPool1d(signal, 3, { stride: 1, padding: 1 }))
 * // → tensor([[1., 2., 3., 4., 5., 5.]])
 * console.log(maxPool2d(image, 2).shape, maxPool2d(image, [3, 2], { stride: [3, 2] }).shape)
 * // → [ 8, 3, 16, 16 ] [ 8, 3, 10, 16 ]
 * console.log(avgPool1d(signal, 2)) // → tensor([[0.5000, 2.5000, 4.5000]])
 * console.log(avgPool1d(signal, 3, { padding: 1, countIncludePad: false }))
 * // → tensor([[0.5000, 3.0000]])
 * console.log(avgPool2d(image, 2, { stride: 1 }).shape) // → [ 8, 3, 31, 31 ]
 * maxPool1d(signal, 7) // type error: maxPool1d: a kernel of [7] is larger
 * ```
 */
import { ValueError } from '../../errors.ts'
import { generated } from '../../kinds/creation.ts'
import { entry, type Entry } from '../../kinds/entry.ts'
import {
  checkNames,
  gridOf,
  perDim,
  spatialSizes,
  type PerDim,
  type Rank,
} from '../../kinds/spatial.ts'
import { sumOver } from '../../kinds/spread.ts'
import { largestIn, unfolded, type Grid } from '../../kinds/windows.ts'
import { checkNumber, showShape, type Shape } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import type { Pool1d, Pool2d, WindowsFit } from '../../types/convolution.ts'
import type { ShapeOf } from '../../types/shape.ts'
import { div, mul } from '../arithmetic.ts'
import { logicalOr } from '../comparison.ts'
import { maskedFill } from '../selection.ts'

/** How pools lie; a number holds for all spatial dims. */
interface PoolOptions<R extends Rank> {
  /** How far apart the windows are; their size unless given. */
  readonly stride?: PerDim<R>
  /** How many elements are added at both ends, at most half of the window; 0 unless given. */
  readonly padding?: PerDim<R>
  /** Whether a last window may reach beyond the end; false unless given. */
  readonly ceilMode?: boolean
}

/** Options of {@link maxPool1d} and {@link maxPool2d}. */
export interface MaxPoolOptions<R extends Rank = 2> extends PoolOptions<R> {
  /** How far apart the elements of a window are; 1 unless given. */
  readonly dilation?: PerDim<R>
}

/** Options of {@link avgPool1d} and {@link avgPool2d}. */
export interface AvgPoolOptions<R extends Rank = 2> extends PoolOptions<R> {
  /** Whether the zeros that were added count as elements; true unless given. */
  readonly countIncludePad?: boolean
  /** What sums are divided by, in place of the number of elements. */
  readonly divisorOverride?: number
}

/** The shape of a pool; its sizes are unknown where a last window may reach beyond the end. */
type PoolShape<R extends Rank, X extends Shape, K, O> =
  MayCeil<O> extends true ? PoolBy<R, X, number, {}> : PoolBy<R, X, K, O>
type PoolBy<R extends Rank, X extends Shape, K, O> = R extends 1 ? Pool1d<X, K, O> : Pool2d<X, K, O>
type MayCeil<O> = 'ceilMode' extends keyof O ? (O['ceilMode'] extends false ? false : true) : false

/** The sizes of a window. */
type KernelShape<R extends Rank, K> = K extends Shape
  ? K
  : K extends number
    ? R extends 1
      ? [K]
      : [K, K]
    : Shape

/** `maxPool2d(x, kernel, options)`: a function only. */
export interface MaxPool<R extends Rank> extends Entry<never> {
  <X extends Tensor, const K extends PerDim<R>, const O extends MaxPoolOptions<R> = {}>(
    x: X,
    kernel: K & Covers<R, 'maxPool', ShapeOf<X>, K, O>,
    options?: O,
  ): Tensor<PoolShape<R, ShapeOf<X>, K, O>>
}

/** `avgPool2d(x, kernel, options)`: a function only. */
export interface AvgPool<R extends Rank> extends Entry<never> {
  <X extends Tensor, const K extends PerDim<R>, const O extends AvgPoolOptions<R> = {}>(
    x: X,
    kernel: K & Covers<R, 'avgPool', ShapeOf<X>, K, O>,
    options?: O,
  ): Tensor<PoolShape<R, ShapeOf<X>, K, O>>
}

/** Demands that a window fits. */
type Covers<R extends Rank, Name extends string, X extends Shape, K, O> = WindowsFit<
  `${Name}${R}d`,
  X,
  KernelShape<R, K>,
  PoolShape<R, X, K, O>
>

type Options = MaxPoolOptions<Rank> & AvgPoolOptions<Rank>
const shared = ['stride', 'padding', 'ceilMode'] as const

/** A function that makes one number of the elements of each window. */
function pool<E>(
  name: string,
  rank: Rank,
  more: readonly string[],
  samples: readonly Options[],
  compute: (x: Tensor, grid: Grid, options: Options) => Tensor,
): E {
  return entry(
    {
      name,
      method: null,
      kind: 'composed',
      samples: (g) => {
        const kernel = Array.from({ length: rank }, () => g.int(2, 3))
        const sizes = kernel.map((size) => size + g.int(0, 1))
        const x = g.real([...g.pick([[], [2], [0]]), 1, ...sizes])
        return [x, g.pick([kernel, 2]), ...g.pick([[], ...samples.map((given) => [given])])]
      },
    },
    (x: Tensor, kernel: PerDim<Rank>, options: Options = {}): Tensor => {
      const given = checkNames(name, options, [...shared, ...more])
      const input = spatialSizes(name, x, rank)
      const size = perDim(name, 'kernel', kernel, rank, 1)
      const padding = perDim(name, 'padding', given.padding ?? 0, rank, 0)
      const windows = {
        input,
        kernel: size,
        stride: perDim(name, 'stride', given.stride ?? size, rank, 1),
        padding,
        dilation: perDim(name, 'dilation', given.dilation ?? 1, rank, 1),
      }
      if (padding.some((n, d) => 2 * n > size[d]!)) {
        throw new ValueError(
          `${name}: padding ${showShape(padding)} is more than half of the kernel ${showShape(size)}; use less, or pad`,
        )
      }
      return compute(x, gridOf(name, windows, padding, { ceil: given.ceilMode ?? false }), given)
    },
  )
}

/** The largest elements of windows, the first of equal ones in row-major order. */
function maxima(x: Tensor, grid: Grid): Tensor {
  const seen = largestIn(x, grid)
  // A window may lie beside x altogether, with gaps as large as x.
  const empty = grid.output.flatMap((_, d) => missing(grid, d))
  return empty.length === 0
    ? seen
    : maskedFill(
        seen,
        empty.reduce((a, b) => logicalOr(a, b)),
        -Infinity,
      )
}

/** The places along a dim whose windows have no element there, as a mask; nothing where there are none. */
function missing({ input, output, kernel, stride, padding, dilation }: Grid, d: number): Tensor[] {
  const sees = (i: number): boolean =>
    Array.from(
      { length: kernel[d]! },
      (_, k) => i * stride[d]! + k * dilation[d]! - padding[d]!,
    ).some((at) => at >= 0 && at < input[d]!)
  const count = output[d]!
  if (Array.from({ length: count }, (_, i) => i).every(sees)) return []
  const shape = [count, ...Array<number>(input.length - 1 - d).fill(1)]
  return [generated(shape, 'bool', (i) => (sees(i) ? 0 : 1))]
}

/** The means of windows. */
function means(x: Tensor, grid: Grid, options: Options): Tensor {
  const rank = grid.input.length
  const front = x.ndim - rank
  const cells = Array.from({ length: rank }, (_, d) => front + d)
  const sums = sumOver(unfolded(x, grid), cells, false)
  const { countIncludePad = true, divisorOverride } = options
  if (divisorOverride !== undefined) return div(sums, divisorOverride)
  // How many elements a window has along a dim: beyond the padding there is nothing, whatever counts.
  const counts = grid.input.map((length, d) => {
    const [padding, stride, size] = [grid.padding[d]!, grid.stride[d]!, grid.kernel[d]!]
    const [low, high] = countIncludePad ? [-padding, length + padding] : [0, length]
    const sizes = [grid.output[d]!, ...Array<number>(rank - 1 - d).fill(1)]
    return generated(sizes, x.dtype, (i) => {
      const from = i * stride - padding
      return Math.min(from + size, high) - Math.max(from, low)
    })
  })
  return div(
    sums,
    counts.reduce((a, b) => mul(a, b)),
  )
}

function maxPool<R extends Rank>(rank: R): MaxPool<R> {
  const samples = [
    { stride: 1 },
    { padding: 1, ceilMode: true },
    { stride: 1, padding: 1, dilation: 2 },
  ]
  return pool(`maxPool${rank}d`, rank, ['dilation'], samples, maxima)
}

function avgPool<R extends Rank>(rank: R): AvgPool<R> {
  const name = `avgPool${rank}d`
  const samples = [
    { stride: 1, countIncludePad: false },
    { padding: 1, ceilMode: true },
    { padding: 1, countIncludePad: false },
    { divisorOverride: 5 },
  ]
  const more = ['countIncludePad', 'divisorOverride']
  return pool(name, rank, more, samples, (x, grid, options) => {
    if (checkNumber(name, 'divisorOverride', options.divisorOverride ?? 1) === 0) {
      throw new ValueError(`${name}: divisorOverride must not be 0; leave it out for means`)
    }
    return means(x, grid, options)
  })
}

/**
 * The largest element in each window of `kernel` elements of signals `[N, C, L]` or `[C, L]`:
 * `out[…, i] = max x[…, i · stride + k · dilation - padding]` over k, `O` of them, `O = ⌊(L + 2 ·
 * padding - dilation · (kernel - 1) - 1) / stride⌋ + 1`, or `⌈…⌉` by `ceilMode`, but no window that
 * starts behind x. What is added by padding is -∞. The first among equals gets the gradient; NaN is
 * larger than all. As PyTorch's. float32 or float64.
 * @shapes [N, C, L] → [N, C, O], or [C, L] → [C, O].
 * @throws {ShapeError} for another shape, or when the kernel is larger than the padded signal.
 * @throws {DTypeError} unless x is of a float dtype.
 * @throws {ValueError} for options out of range.
 */
export const maxPool1d: MaxPool<1> = maxPool<1>(1)

/**
 * As {@link maxPool1d} in the last two dims of images, `[N, C, H, W]` or `[C, H, W]`; kernel and
 * options take a number for both spatial dims, or `[of height, of width]`.
 * @shapes [N, C, H, W] → [N, C, OH, OW], or [C, H, W] → [C, OH, OW].
 * @throws {ShapeError} for another shape, or when the kernel is larger than the padded image.
 * @throws {DTypeError} unless x is of a float dtype.
 * @throws {ValueError} for options out of range.
 */
export const maxPool2d: MaxPool<2> = maxPool<2>(2)

/**
 * The mean of each window of `kernel` elements of signals `[N, C, L]` or `[C, L]`: `out[…, i] = Σ
 * x[…, i · stride + k - padding] / kernel` over k, `O` of them, `O = ⌊(L + 2 · padding - kernel) /
 * stride⌋ + 1`, or `⌈…⌉` by `ceilMode`, but no window that starts behind x. What is added by
 * padding is 0, and counts unless `countIncludePad` is false; what a window reaches beyond it never
 * does. `divisorOverride` takes the place of the count. As PyTorch's. float32 or float64.
 * @shapes [N, C, L] → [N, C, O], or [C, L] → [C, O].
 * @throws {ShapeError} for another shape, or when the kernel is larger than the padded signal.
 * @throws {DTypeError} unless x is of a float dtype.
 * @throws {ValueError} for options out of range.
 */
export const avgPool1d: AvgPool<1> = avgPool<1>(1)

/**
 * As {@link avgPool1d} in the last two dims of images, `[N, C, H, W]` or `[C, H, W]`; kernel and
 * options take a number for both spatial dims, or `[of height, of width]`.
 * @shapes [N, C, H, W] → [N, C, OH, OW], or [C, H, W] → [C, OH, OW].
 * @throws {ShapeError} for another shape, or when the kernel is larger than the padded image.
 * @throws {DTypeError} unless x is of a float dtype.
 * @throws {ValueError} for options out of range.
 */
export const avgPool2d: AvgPool<2> = avgPool<2>(2)
