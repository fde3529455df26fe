import { ShapeError } from '../errors.ts'
import { checkTensor, entry, type Entry, type Sampler } from '../kinds/entry.ts'
import { expandTo } from '../kinds/spread.ts'
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
import type { Inferred } from '../types/shape.ts'

const differentiable = true
const kind = 'structural'

/** `x.reshape(shape)`. */
export interface Reshape extends Entry<ReshapeMethod> {
  <const S extends Shape>(x: Tensor, shape: S): Tensor<Inferred<S>>
}

interface ReshapeMethod {
  <const S extends Shape>(this: Tensor, shape: S): Tensor<Inferred<S>>
}

/** The shape of `x` backwards, or with two dims joined: as many elements. */
function regrouped(g: Sampler, shape: Shape): Shape {
  const [first = 1, second = 1, ...rest] = shape
  return g.pick([shape.toReversed(), [first * second, ...rest], [1, ...shape, 1]])
}

/**
 * The same elements in row-major order under another shape; one size may be -1, and follows from
 * the others. A view where strides allow it, else a copy.
 * @throws {ShapeError} when the number of elements differs.
 */
export const reshape: Reshape = entry(
  {
    name: 'reshape',
    kind,
    differentiable,
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
 * @throws {ShapeError} when the layout of `x` doesn't allow one.
 */
export const view: Reshape = entry(
  {
    name: 'view',
    kind,
    differentiable,
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

/** A function of a tensor and up to two dims, in plain types. */
export interface Restructure<Args extends readonly unknown[]> extends Entry<
  RestructureMethod<Args>
> {
  (x: Tensor, ...args: Args): Tensor
}

interface RestructureMethod<Args extends readonly unknown[]> {
  (this: Tensor, ...args: Args): Tensor
}

/** The dims from `start` (default 0) to `end` (default -1), both included, as one. */
export const flatten: Restructure<[start?: number, end?: number]> = entry(
  {
    name: 'flatten',
    kind,
    differentiable,
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

/** Without its dims of size 1, or without those of `dim` (one or several) that have size 1. */
export const squeeze: Restructure<[dim?: number | readonly number[]]> = entry(
  {
    name: 'squeeze',
    kind,
    differentiable,
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

/** With a new dim of size 1 at `dim`; -1 puts it last. */
export const unsqueeze: Restructure<[dim: number]> = entry(
  {
    name: 'unsqueeze',
    kind,
    differentiable,
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

/** `x.expand(shape)`. */
export interface Expand extends Entry<ExpandMethod> {
  <const S extends Shape>(x: Tensor, shape: S): Tensor<Inferred<S>>
}

interface ExpandMethod {
  <const S extends Shape>(this: Tensor, shape: S): Tensor<Inferred<S>>
}

/**
 * A view with dims of size 1 stretched, and new dims in front; -1 keeps a size.
 * @throws {ShapeError} when another size than 1 would change.
 */
export const expand: Expand = entry(
  {
    name: 'expand',
    kind,
    differentiable,
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

/** Two dims exchanged; a view. */
export const transpose: Restructure<[a: number, b: number]> = entry(
  {
    name: 'transpose',
    kind,
    differentiable,
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
 * @throws {ShapeError} unless every dim is named once.
 */
export const permute: Restructure<[dims: readonly number[]]> = entry(
  {
    name: 'permute',
    kind,
    differentiable,
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
 * `length` elements of a dim, from `start` on; a view.
 * @throws {ShapeError} when they reach beyond the dim.
 */
export const narrow: Restructure<[dim: number, start: number, length: number]> = entry(
  {
    name: 'narrow',
    kind,
    differentiable,
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
