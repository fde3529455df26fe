/**
 * Windows: the windows of images as columns, and images put together from them. Functions only.
 *
 * @example
 * ```ts
 * import { arange, fold, ones, unfold } from '@gradtape/core'
 *
 * const image = arange(6).reshape([1, 2, 3])
 *
 * console.log(unfold(image, 2))
 * // → tensor([[0., 1.],
 * //           [1., 2.],
 * //           [3., 4.],
 * //           [4., 5.]])
 * console.log(unfold(ones([8, 3, 32, 32]), 4, { stride: 4 }).shape) // → [ 8, 48, 64 ]
 * console.log(fold(unfold(image, 2), [2, 3], 2))
 * // → tensor([[[0., 2., 2.],
 * //            [3., 8., 5.]]])
 * ```
 */
import { ShapeError } from '../../errors.ts'
import { entry, type Entry } from '../../kinds/entry.ts'
import {
  checkFloats,
  checkNames,
  gridOf,
  perDim,
  spatialSizes,
  type PerDim,
} from '../../kinds/spatial.ts'
import { reshapeTo } from '../../kinds/structural.ts'
import { folded, unfolded, type Grid } from '../../kinds/windows.ts'
import { numelOf, showShape, type Shape } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import type { IsDynamic, ShapeOf } from '../../types/shape.ts'

/** How windows lie in {@link unfold} and {@link fold}; a number holds for height and width. */
export interface UnfoldOptions {
  /** How far apart the elements of a window are; 1 unless given. */
  readonly dilation?: PerDim<2>
  /** How many zeros are added at both ends of each spatial dim; 0 unless given. */
  readonly padding?: PerDim<2>
  /** How far apart the windows are; 1 unless given. */
  readonly stride?: PerDim<2>
}

/** `unfold(x, kernel, options)`: a function only. */
export interface Unfold extends Entry<never> {
  <X extends Tensor>(x: X, kernel: PerDim<2>, options?: UnfoldOptions): Tensor<Columns<ShapeOf<X>>>
}

/** `fold(x, outputSize, kernel, options)`: a function only. */
export interface Fold extends Entry<never> {
  <X extends Tensor, const S extends PerDim<2>>(
    x: X,
    outputSize: S,
    kernel: PerDim<2>,
    options?: UnfoldOptions,
  ): Tensor<Image<ShapeOf<X>, S>>
}

type Columns<X extends Shape> =
  IsDynamic<X> extends true
    ? Shape
    : X extends readonly [...infer B extends Shape, number, number, number]
      ? [...B, number, number]
      : Shape

type Image<X extends Shape, S extends PerDim<2>> =
  IsDynamic<X> extends true
    ? Shape
    : X extends readonly [...infer B extends Shape, number, number]
      ? [...B, number, ...(S extends number ? [S, S] : S extends Shape ? S : [number, number])]
      : Shape

/** The windows over an image of these sizes. */
function windowsOver(
  name: string,
  input: readonly number[],
  kernel: PerDim<2>,
  options: UnfoldOptions,
): Grid {
  const given = checkNames(name, options, ['dilation', 'padding', 'stride'])
  const padding = perDim(name, 'padding', given.padding ?? 0, 2, 0)
  const windows = {
    input,
    kernel: perDim(name, 'kernel', kernel, 2, 1),
    stride: perDim(name, 'stride', given.stride ?? 1, 2, 1),
    padding,
    dilation: perDim(name, 'dilation', given.dilation ?? 1, 2, 1),
  }
  return gridOf(name, windows, padding)
}

const samples: readonly UnfoldOptions[] = [
  {},
  { padding: 1, stride: 2 },
  { dilation: [2, 1], padding: [1, 0] },
  { stride: [1, 2] },
]

/**
 * The windows of images as columns, `[N, C, H, W]` or `[C, H, W]` to `[N, C · KH · KW, O]` or `[C ·
 * KH · KW, O]`: row `(c · KH + i) · KW + j` holds what stands at row i and column j of the kernel
 * in channel c, for each of the `O` places of the kernel in row-major order; there are `⌊(size + 2
 * · padding - dilation · (kernel - 1) - 1) / stride⌋ + 1` along each dim. As PyTorch's function of
 * this name; {@link fold} is its transpose. float32 or float64; a copy.
 * @shapes [N, C, H, W] → [N, C · KH · KW, O], or [C, H, W] → [C · KH · KW, O].
 * @throws {ShapeError} for another shape, or when the kernel is larger than the padded image.
 * @throws {DTypeError} unless x is of a float dtype.
 * @throws {ValueError} for options out of range.
 *
 * @example
 * ```ts
 * import { arange, unfold } from '@gradtape/core'
 *
 * console.log(unfold(arange(6).reshape([1, 2, 3]), 2).toArray())
 * // → [ [ 0, 1 ], [ 1, 2 ], [ 3, 4 ], [ 4, 5 ] ]
 * ```
 */
export const unfold: Unfold = entry(
  {
    name: 'unfold',
    method: null,
    kind: 'composed',
    samples: (g) => {
      const sizes = [g.int(3, 4), g.int(2, 3)]
      const x = g.real([...g.pick([[], [0], [2]]), 1, ...sizes])
      return [x, [g.int(1, 2), g.int(1, 2)], g.pick(samples)]
    },
  },
  (x: Tensor, kernel: PerDim<2>, options: UnfoldOptions = {}): Tensor => {
    const input = spatialSizes('unfold', x, 2)
    const grid = windowsOver('unfold', input, kernel, options)
    const front = x.shape.slice(0, -3)
    const rows = x.shape.at(-3)! * numelOf(grid.kernel)
    return reshapeTo(unfolded(x, grid), [...front, rows, numelOf(grid.output)])
  },
)

/**
 * Images of `outputSize` from windows as columns, as {@link unfold} makes them: `[N, C · KH · KW,
 * O]` or `[C · KH · KW, O]` to `[N, C, H, W]` or `[C, H, W]`, where windows overlap their sum. The
 * transpose of `unfold`, and PyTorch's function of this name. float32 or float64; a copy.
 * @shapes [N, C · KH · KW, O] → [N, C, H, W], or [C · KH · KW, O] → [C, H, W].
 * @throws {ShapeError} when columns and windows don't go together.
 * @throws {DTypeError} unless x is of a float dtype.
 * @throws {ValueError} for options out of range.
 */
export const fold: Fold = entry(
  {
    name: 'fold',
    method: null,
    kind: 'composed',
    samples: (g) => {
      const size = [g.int(3, 4), g.int(2, 3)] as const
      const kernel = [g.int(1, 2), g.int(1, 2)] as const
      const options = g.pick(samples)
      const { output } = windowsOver('fold', size, kernel, options)
      const shape = [...g.pick([[], [0], [2]]), numelOf(kernel), numelOf(output)]
      return [g.real(shape), size, kernel, options]
    },
  },
  (x: Tensor, outputSize: PerDim<2>, kernel: PerDim<2>, options: UnfoldOptions = {}): Tensor => {
    const { shape, ndim } = checkFloats('fold', x)
    const size = perDim('fold', 'outputSize', outputSize, 2, 1)
    const grid = windowsOver('fold', size, kernel, options)
    const [each, count] = [numelOf(grid.kernel), numelOf(grid.output)]
    if ((ndim !== 2 && ndim !== 3) || shape.at(-2)! % each !== 0 || shape.at(-1) !== count) {
      throw new ShapeError(
        `fold: expected x of shape [N, C · ${each}, ${count}] or [C · ${each}, ${count}], for ${count} windows of ` +
          `${showShape(grid.kernel)} in ${showShape(size)}, got ${showShape(shape)}`,
      )
    }
    const channels = shape.at(-2)! / each
    const windows = [...shape.slice(0, -2), channels, ...grid.kernel, ...grid.output]
    return folded(reshapeTo(x, windows), grid)
  },
)
