/**
 * Shapes and views: the same elements under another shape, or some of them, mostly in the same memory.
 * Any dtype.
 *
 * @example
 * ```ts
 * import { arange } from '@gradtape/core'
 *
 * const x = arange(6).reshape([2, 3])
 *
 * console.log(x.reshape([3, -1]))
 * // → tensor([[0., 1.],
 * //           [2., 3.],
 * //           [4., 5.]])
 * console.log(x.view([6])) // → tensor([0., 1., 2., 3., 4., 5.])
 * x.T.view([6]) // throws ShapeError: view: …
 * console.log(x.flatten(), x.unsqueeze(0).flatten(1).shape)
 * // → tensor([0., 1., 2., 3., 4., 5.]) [ 1, 6 ]
 * console.log(x.unsqueeze(0).shape, x.unsqueeze(-1).shape) // → [ 1, 2, 3 ] [ 2, 3, 1 ]
 * console.log(x.reshape([1, 6, 1]).squeeze().shape, x.reshape([1, 6, 1]).squeeze(0).shape)
 * // → [ 6 ] [ 6, 1 ]
 * console.log(x.at(0).expand([2, -1]))
 * // → tensor([[0., 1., 2.],
 * //           [0., 1., 2.]])
 * console.log(x.transpose(0, 1))
 * // → tensor([[0., 3.],
 * //           [1., 4.],
 * //           [2., 5.]])
 * console.log(x.reshape([1, 2, 3]).permute([2, 0, 1]).shape) // → [ 3, 1, 2 ]
 * console.log(x.narrow(1, 1, 2))
 * // → tensor([[1., 2.],
 * //           [4., 5.]])
 * ```
 */
import { ShapeError } from '../errors.ts'
import { checkTensor, entry, type Sampler } from '../kinds/entry.ts'
import { expandTo } from '../kinds/spread.ts'
import type {
  Expand,
  Flatten,
  Narrow,
  Permute,
  Reshape,
  Squeeze,
  Transpose,
  Unsqueeze,
} from '../kinds/structures.ts'
import { permuteBy, reshapeTo, sliceOf } from '../kinds/structural.ts'
import {
  checkInteger,
  checkShape,
  inferShape,
  normalizeDim,
  normalizeDims,
  showShape,
  type Shape,
} from '../shape.ts'
import type { Tensor } from '../tensor.ts'

export type * from '../kinds/structures.ts'

const kind = 'structural'

/** The shape of `x` backwards, or with two dims joined: as many elements. */
function regrouped(g: Sampler, shape: Shape): Shape {
  const [first = 1, second = 1, ...rest] = shape
  return g.pick([shape.toReversed(), [first * second, ...rest], [1, ...shape, 1]])
}

/**
 * The same elements in row-major order under another shape; one size may be -1, and follows from
 * the others. A view where strides allow it, else a copy.
 * @shapes the one given, with as many elements.
 * @throws {ShapeError} when the number of elements differs.
 */
export const reshape: Reshape = entry(
  {
    name: 'reshape',
    kind,
    samples: (g) => {
      const shape = g.shape()
      return [g.real(shape), regrouped(g, shape)]
    },
  },
  (x: Tensor, shape: Shape): Tensor =>
    reshapeTo(
      checkTensor('reshape', x),
      inferShape('reshape', x.shape, checkSizes('reshape', shape)),
    ),
)

/**
 * As {@link reshape}, but always a view of the same memory.
 * @shapes the one given, with as many elements.
 * @throws {ShapeError} when the layout of `x` doesn't allow one.
 */
export const view: Reshape = entry(
  {
    name: 'view',
    kind,
    samples: (g) => {
      const shape = g.shape()
      const x = g.real(shape)
      return [x, x.layout.isContiguous ? regrouped(g, shape) : [1, ...shape]]
    },
  },
  (x: Tensor, shape: Shape): Tensor => {
    const to = inferShape('view', checkTensor('view', x).shape, checkSizes('view', shape))
    if (x.layout.reshape(to) === null) {
      throw new ShapeError(
        `view: a tensor of shape ${showShape(x.shape)} with strides [${x.layout.strides.join(', ')}] can't be seen as ${showShape(to)} without a copy; use reshape`,
      )
    }
    return reshapeTo(x, to)
  },
)

/** A copy: what the caller does to the array later must not reach the tensor. */
function checkSizes(where: string, shape: Shape): Shape {
  checkShape(where, Array.isArray(shape) ? shape.map((n) => (n === -1 ? 0 : n)) : shape)
  return shape.slice()
}

/**
 * The dims from `start` (default 0) to `end` (default -1), both included, as one. A view where
 * strides allow it, else a copy; a 0-d tensor becomes a vector.
 * @shapes [a, …, b, c, …, d, e, …] → [a, …, b · c · … · d, e, …].
 * @throws {ShapeError} when there is no such dim, or start comes after end.
 */
export const flatten: Flatten = entry(
  {
    name: 'flatten',
    kind,
    samples: (g) => [g.real(g.shape(2)), ...g.pick([[], [1], [0, 1], [-2, -1]])],
  },
  (x: Tensor, start = 0, end = -1): Tensor => {
    const { shape, ndim } = checkTensor('flatten', x)
    const from = normalizeDim('flatten', start, ndim)
    const to = normalizeDim('flatten', end, ndim)
    if (from > to) {
      throw new ShapeError(
        `flatten: start ${start} comes after end ${end} in a tensor of shape ${showShape(shape)}`,
      )
    }
    const joined = shape.slice(from, to + 1).reduce((a, b) => a * b, 1)
    return reshapeTo(x, [...shape.slice(0, from), joined, ...shape.slice(to + 1)])
  },
)

/**
 * Without its dims of size 1, or without those of `dim` (one or several) that have size 1; a view.
 * @shapes that of x without those dims.
 * @throws {ShapeError} when there is no such dim, or one is named twice.
 */
export const squeeze: Squeeze = entry(
  {
    name: 'squeeze',
    kind,
    samples: (g) => [g.real([1, ...g.shape(1), 1]), ...g.pick([[], [0], [-1], [1], [[0, -1]]])],
  },
  (x: Tensor, dim?: number | readonly number[]): Tensor => {
    const { shape, ndim } = checkTensor('squeeze', x)
    const dims = normalizeDims('squeeze', dim, ndim)
    return reshapeTo(
      x,
      shape.filter((size, d) => size !== 1 || !dims.includes(d)),
    )
  },
)

/**
 * With a new dim of size 1 at `dim`; -1 puts it last. A view.
 * @shapes that of x, and a dim of size 1 more.
 * @throws {ShapeError} when `dim` is beyond the dims of the result.
 */
export const unsqueeze: Unsqueeze = entry(
  {
    name: 'unsqueeze',
    kind,
    samples: (g) => {
      const shape = g.shape()
      return [g.real(shape), g.int(-shape.length - 1, shape.length)]
    },
  },
  (x: Tensor, dim: number): Tensor => {
    const shape = checkTensor('unsqueeze', x).shape.slice()
    shape.splice(normalizeDim('unsqueeze', dim, shape.length + 1), 0, 1)
    return reshapeTo(x, shape)
  },
)

/**
 * A view with dims of size 1 stretched, and new dims in front; -1 keeps a size.
 * @shapes the one given.
 * @throws {ShapeError} when another size than 1 would change.
 */
export const expand: Expand = entry(
  {
    name: 'expand',
    kind,
    samples: (g) => {
      const shape = g.shape()
      return [g.real(g.broadcastable(shape)), shape]
    },
  },
  (x: Tensor, shape: Shape): Tensor => {
    const from = checkTensor('expand', x).shape
    const added = checkSizes('expand', shape).length - from.length
    const to = shape.map((size, d) => (size === -1 && d >= added ? from[d - added]! : size))
    if (
      added < 0 ||
      to.some(
        (size, d) => size < 0 || (d >= added && from[d - added] !== 1 && from[d - added] !== size),
      )
    ) {
      throw new ShapeError(
        `expand: cannot stretch ${showShape(from)} to ${showShape(shape)}: only sizes of 1 stretch, and new dims come in front`,
      )
    }
    return expandTo(x, to)
  },
)

/**
 * Two dims exchanged; a view.
 * @shapes that of x, with two sizes exchanged.
 * @throws {ShapeError} when there is no such dim.
 */
export const transpose: Transpose = entry(
  {
    name: 'transpose',
    kind,
    samples: (g) => [
      g.real(g.shape(2)),
      ...g.pick([
        [0, 1],
        [-1, 0],
        [1, 1],
      ]),
    ],
  },
  (x: Tensor, a: number, b: number): Tensor => {
    const { ndim } = checkTensor('transpose', x)
    const i = normalizeDim('transpose', a, ndim)
    const j = normalizeDim('transpose', b, ndim)
    if (ndim === 0) return x
    return permuteBy(
      x,
      x.shape.map((_, d) => (d === i ? j : d === j ? i : d)),
    )
  },
)

/**
 * The dims in another order: dim i of the result is dim `dims[i]` of x; a view.
 * @shapes the sizes of x in that order.
 * @throws {ShapeError} unless every dim is named once.
 */
export const permute: Permute = entry(
  {
    name: 'permute',
    kind,
    samples: (g) => {
      const shape = g.shape(1)
      const dims = shape.map((_, d) => d)
      return [g.real(shape), g.pick([dims.toReversed(), [...dims.slice(1), 0]])]
    },
  },
  (x: Tensor, dims: readonly number[]): Tensor => {
    const { ndim, shape } = checkTensor('permute', x)
    if (!Array.isArray(dims) || normalizeDims('permute', dims, ndim).length !== ndim) {
      throw new ShapeError(
        `permute: dims [${String(dims)}] must name each of the ${ndim} dims of shape ${showShape(shape)} once`,
      )
    }
    return permuteBy(
      x,
      dims.map((dim) => normalizeDim('permute', dim, ndim)),
    )
  },
)

/**
 * `length` elements of a dim, from `start` on, which counts from the end when it is negative; a
 * view.
 * @shapes that of x, with `length` elements along the dim.
 * @throws {ShapeError} when they reach beyond the dim.
 * @throws {ValueError} when start or length is no integer, or length is negative.
 */
export const narrow: Narrow = entry(
  {
    name: 'narrow',
    kind,
    samples: (g) => {
      const shape = g.shape(1)
      const dim = g.int(0, shape.length - 1)
      const start = g.int(0, shape[dim]!)
      return [g.real(shape), dim, start, g.int(0, shape[dim]! - start)]
    },
  },
  (x: Tensor, dim: number, start: number, length: number): Tensor => {
    const { shape, ndim } = checkTensor('narrow', x)
    const at = normalizeDim('narrow', dim, ndim)
    const size = shape[at]
    if (size === undefined) throw new ShapeError('narrow: a 0-d tensor has no dim to narrow')
    const first = checkInteger('narrow', 'start', start) < 0 ? start + size : start
    if (first < 0 || first + checkInteger('narrow', 'length', length, 0) > size) {
      throw new ShapeError(
        `narrow: start ${start} and length ${length} reach beyond dim ${dim} of shape ${showShape(shape)}, which has ${size} elements`,
      )
    }
    return sliceOf(x, { dim: at, start: first, length, step: 1 })
  },
)
