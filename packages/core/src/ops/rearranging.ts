/**
 * Rearranging: elements in another order, repeated, or in several tensors. Any dtype.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 *
 * const x = tensor([[1, 2, 3], [4, 5, 6]])
 *
 * console.log(x.flip(1))
 * // → tensor([[3., 2., 1.],
 * //           [6., 5., 4.]])
 * console.log(x.roll(1, 1))
 * // → tensor([[3., 1., 2.],
 * //           [6., 4., 5.]])
 * console.log(x.roll(1))
 * // → tensor([[6., 1., 2.],
 * //           [3., 4., 5.]])
 * console.log(x.repeat([1, 2]))
 * // → tensor([[1., 2., 3., 1., 2., 3.],
 * //           [4., 5., 6., 4., 5., 6.]])
 * console.log(x.chunk(2, 1).map((part) => part.shape)) // → [ [ 2, 2 ], [ 2, 1 ] ]
 * console.log(x.unbind()) // → [ tensor([1., 2., 3.]), tensor([4., 5., 6.]) ]
 * ```
 */
import { ShapeError } from '../errors.ts'
import { clone } from '../kinds/cast.ts'
import { checkTensor, entry } from '../kinds/entry.ts'
import { expandTo } from '../kinds/spread.ts'
import { concatenateAlong, reshapeTo, sliceOf } from '../kinds/structural.ts'
import type { Chunk, Keeping, Repeat, Unbind } from '../kinds/structures.ts'
import { checkInteger, checkShape, normalizeDim, normalizeDims, showShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { split } from './joining.ts'

const kind = 'composed'
const moves = true

/**
 * The elements of a dim, or of each of several, in reverse order. Any dtype; a copy.
 * @shapes any; the result has that of x.
 * @throws {ShapeError} when a dim is out of range or named twice.
 */
export const flip: Keeping<[dims: number | readonly number[]]> = entry(
  {
    name: 'flip',
    kind,
    moves,
    samples: (g) => [g.real(g.shape(2)), g.pick<number | number[]>([0, -1, [1, 0], []])],
  },
  (x: Tensor, dims: number | readonly number[]): Tensor => {
    const { shape, ndim } = checkTensor('flip', x)
    const list = normalizeDims('flip', Array.isArray(dims) ? dims : [dims], ndim)
    return clone(
      list.reduce((y, dim) => {
        const length = shape[dim]!
        return sliceOf(y, { dim, start: length - 1, length, step: -1 })
      }, x),
    )
  },
)

/**
 * The elements of a dim moved on by `shift` places, those that leave at one end coming in at the
 * other: `out[(i + shift) mod n] = x[i]`; of several dims by as many shifts. Without a dim, of all
 * elements in row-major order. Any dtype; a copy.
 * @shapes any; the result has that of x.
 * @throws {ShapeError} when a dim is out of range, or there are not as many dims as shifts.
 * @throws {ValueError} when a shift is no integer.
 */
export const roll: Keeping<[shift: number | readonly number[], dim?: number | readonly number[]]> =
  entry(
    {
      name: 'roll',
      kind,
      moves,
      samples: (g) => [
        g.real(g.shape(2)),
        ...g.pick<unknown[]>([[g.int(-4, 4)], [g.int(-4, 4), -1], [[1, -1, 2], [0, 1, 0]]]), // prettier-ignore
      ],
    },
    (x: Tensor, shift: number | readonly number[], dim?: number | readonly number[]): Tensor => {
      const { shape, ndim, numel } = checkTensor('roll', x)
      const shifts = [shift].flat() as number[]
      for (const by of shifts) checkInteger('roll', 'shift', by)
      const dims = dim === undefined ? [0] : ([dim].flat() as number[])
      if (dims.length !== shifts.length || shifts.length === 0) {
        throw new ShapeError(
          `roll: ${shifts.length} shifts for ${dim === undefined ? 'no dim' : `${dims.length} dims`} of shape ${showShape(shape)}; each dim takes one, and without dims there is one`,
        )
      }
      const rolled = dims
        .map((d) => normalizeDim('roll', d, ndim))
        .reduce(
          (y, at, i) => rotate(y, at, shifts[i]!),
          dim === undefined || ndim === 0 ? reshapeTo(x, [numel]) : x,
        )
      return reshapeTo(rolled, shape)
    },
  )

function rotate(x: Tensor, dim: number, shift: number): Tensor {
  const size = x.shape[dim]!
  const moved = size === 0 ? 0 : ((shift % size) + size) % size
  return concatenateAlong(
    [
      sliceOf(x, { dim, start: size - moved, length: moved, step: 1 }),
      sliceOf(x, { dim, start: 0, length: size - moved, step: 1 }),
    ],
    dim,
  )
}

/**
 * x again and again along its dims: along the last as often as the last of `times` says, and so on;
 * further times make new dims in front. {@link expand} stretches sizes of 1 without a copy. Any
 * dtype; a copy.
 * @shapes the sizes of x times `times`.
 * @throws {ShapeError} when there are fewer times than dims, or negative ones.
 */
export const repeat: Repeat = entry(
  {
    name: 'repeat',
    kind,
    moves,
    samples: (g) => {
      const shape = g.shape(0, 2)
      const times = shape.map(() => g.int(0, 2))
      return [g.real(shape), g.pick([times, [2, ...times]])]
    },
  },
  (x: Tensor, times: number | readonly number[]): Tensor => {
    const { shape, ndim } = checkTensor('repeat', x)
    const counts = checkShape('repeat', typeof times === 'number' ? [times] : times)
    const added = counts.length - ndim
    if (added < 0) {
      throw new ShapeError(
        `repeat: ${counts.length} times for a tensor of shape ${showShape(shape)}; expected one for each of its ${ndim} dims, more for new ones in front`,
      )
    }
    const sizes = counts.map((_, d) => (d < added ? 1 : shape[d - added]!))
    return reshapeTo(
      clone(
        expandTo(
          reshapeTo(
            x,
            sizes.flatMap((size) => [1, size]),
          ),
          sizes.flatMap((size, d) => [counts[d]!, size]),
        ),
      ),
      sizes.map((size, d) => size * counts[d]!),
    )
  },
)

/**
 * Views of at most `n` consecutive parts of a dim (the first unless given): as equal as
 * `ceil(size / n)` elements in each allow, the last one smaller, or fewer parts.
 * @shapes those of the parts: that of x, but for the dim.
 * @throws {ValueError} when n is below 1.
 * @throws {ShapeError} when there is no such dim.
 */
export const chunk: Chunk = entry(
  {
    name: 'chunk',
    kind,
    moves,
    samples: (g) => [g.real(g.shape(1)), g.int(1, 4), g.pick([0, -1])],
  },
  (x: Tensor, n: number, dim = 0): Tensor[] => {
    const { shape, ndim } = checkTensor('chunk', x)
    const size = shape[normalizeDim('chunk', dim, ndim)]
    if (size === undefined) throw new ShapeError('chunk: a 0-d tensor has no dim to split')
    checkInteger('chunk', 'the number of parts', n, 1)
    // Nothing makes n parts of nothing.
    return split(x, size === 0 ? new Array<number>(n).fill(0) : Math.ceil(size / n), dim)
  },
)

/**
 * Views of the slices along a dim (the first unless given), each without it.
 * @shapes that of x without the dim, as often as its size.
 * @throws {ShapeError} when there is no such dim.
 */
export const unbind: Unbind = entry(
  {
    name: 'unbind',
    kind,
    moves,
    samples: (g) => [g.real(g.filled(1)), g.pick([0, -1])],
  },
  (x: Tensor, dim = 0): Tensor[] => {
    const { shape, ndim } = checkTensor('unbind', x)
    const at = normalizeDim('unbind', dim, ndim)
    const size = shape[at]
    if (size === undefined) throw new ShapeError('unbind: a 0-d tensor has no dim to take apart')
    const rest = shape.toSpliced(at, 1)
    return Array.from({ length: size }, (_, start) =>
      reshapeTo(sliceOf(x, { dim: at, start, length: 1, step: 1 }), rest),
    )
  },
)
