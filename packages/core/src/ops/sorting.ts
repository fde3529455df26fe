/**
 * Order: elements by size, along a dim, and where they stood, as int32.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 *
 * const x = tensor([[3, 1, 2], [6, 5, 4]])
 *
 * console.log(x.sort().values)
 * // → tensor([[1., 2., 3.],
 * //           [4., 5., 6.]])
 * console.log(x.sort().indices)
 * // → tensor([[1, 2, 0],
 * //           [2, 1, 0]], dtype=int32)
 * console.log(x.sort(0, { descending: true }).values)
 * // → tensor([[6., 5., 4.],
 * //           [3., 1., 2.]])
 * console.log(x.topk(2).values)
 * // → tensor([[3., 2.],
 * //           [6., 5.]])
 * console.log(x.topk(1, 0, { largest: false }).indices) // → tensor([[0, 0, 0]], dtype=int32)
 * console.log(x.median(), x.median(1))
 * // → tensor(3.) { values: tensor([2., 5.]), indices: tensor([2, 1], dtype=int32) }
 * ```
 */
import { ShapeError } from '../errors.ts'
import { checkOptions, checkTensor, entry, type Entry } from '../kinds/entry.ts'
import { extreme, type Extreme, type ValuesAndIndices } from '../kinds/extremes.ts'
import { gatherFrom } from '../kinds/indexing.ts'
import { argReduceWith, pickedFrom } from '../kinds/reduction.ts'
import { argSortOf } from '../kinds/sorting.ts'
import { constantOf, reshapeTo, sliceOf } from '../kinds/structural.ts'
import { checkInteger, normalizeDim, reducedShape, showShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { Place, Resized } from '../types/dims.ts'
import type { ShapeOf } from '../types/shape.ts'
import { isnan } from './comparison.ts'
import { where } from './selection.ts'

/** The first `count` elements (all unless given) in order along `dim`, and where they stand. */
function ordered(x: Tensor, dim: number, descending: boolean, count?: number): ValuesAndIndices {
  const line = x.ndim === 0 ? reshapeTo(x, [1]) : x
  const order = argSortOf(line, { dim, descending, count: count ?? line.shape[dim]! })
  const shape = x.ndim === 0 && count !== 0 ? [] : order.shape
  return {
    values: reshapeTo(gatherFrom(line, dim, order), shape),
    indices: reshapeTo(order, shape),
  }
}

export interface SortOptions {
  /** Whether the largest comes first; false unless given. */
  readonly descending?: boolean
}

interface SortMethod {
  <T extends Tensor>(
    this: T,
    dim?: number,
    options?: SortOptions,
  ): ValuesAndIndices<Tensor<ShapeOf<T>>>
  <T extends Tensor>(this: T, options: SortOptions): ValuesAndIndices<Tensor<ShapeOf<T>>>
}

/** `x.sort()`, `x.sort(dim)`, each with `{ descending }`. */
export interface Sort extends Entry<SortMethod> {
  <T extends Tensor>(
    x: T,
    dim?: number,
    options?: SortOptions,
  ): ValuesAndIndices<Tensor<ShapeOf<T>>>
  <T extends Tensor>(x: T, options: SortOptions): ValuesAndIndices<Tensor<ShapeOf<T>>>
}

/**
 * The elements in rising (or falling) order along a dim, the last unless given, and their indices
 * (int32). Equal elements keep their order; NaN counts as larger than all. Gradients go where the
 * elements came from.
 * @shapes any; values and indices have that of x.
 * @throws {ShapeError} when there is no such dim.
 */
export const sort: Sort = entry(
  {
    name: 'sort',
    kind: 'composed',
    samples: (g) => {
      const shape = g.shape()
      const last = Math.max(0, shape.length - 1)
      const options = { descending: g.pick([true, false]) }
      return [g.real(shape), ...g.pick([[], [options], [g.int(-1 - last, last), options]])]
    },
  },
  (x: Tensor, dim: number | SortOptions = -1, rest: SortOptions = {}): ValuesAndIndices => {
    const [at, options] = typeof dim === 'object' ? [-1, dim] : [dim, rest]
    const { descending = false } = checkOptions('sort', options)
    return ordered(x, normalizeDim('sort', at, checkTensor('sort', x).ndim), descending)
  },
)

export interface TopkOptions {
  /** Whether the largest elements are meant, or the smallest; true unless given. */
  readonly largest?: boolean
}

interface TopkMethod {
  <T extends Tensor, const K extends number, const D extends number = -1>(
    this: T,
    k: K,
    dim?: D,
    options?: TopkOptions,
  ): ValuesAndIndices<Tensor<Resized<ShapeOf<T>, Place<ShapeOf<T>, D>, K>>>
  <T extends Tensor, const K extends number>(
    this: T,
    k: K,
    options: TopkOptions,
  ): ValuesAndIndices<Tensor<Resized<ShapeOf<T>, Place<ShapeOf<T>, -1>, K>>>
}

/** `x.topk(k)`, `x.topk(k, dim)`, each with `{ largest }`. */
export interface Topk extends Entry<TopkMethod> {
  <T extends Tensor, const K extends number, const D extends number = -1>(
    x: T,
    k: K,
    dim?: D,
    options?: TopkOptions,
  ): ValuesAndIndices<Tensor<Resized<ShapeOf<T>, Place<ShapeOf<T>, D>, K>>>
  <T extends Tensor, const K extends number>(
    x: T,
    k: K,
    options: TopkOptions,
  ): ValuesAndIndices<Tensor<Resized<ShapeOf<T>, Place<ShapeOf<T>, -1>, K>>>
}

/**
 * The k largest elements along a dim (the last unless given), the largest first, and their
 * indices (int32); or the smallest, from the smallest up. The first ones among equals; NaN counts
 * as larger than all. Gradients go where the elements came from.
 * @shapes that of x, with k elements along the dim.
 * @throws {ShapeError} when the dim has fewer than k elements, or there is no such dim.
 * @throws {ValueError} when k is no integer of at least 0.
 */
export const topk: Topk = entry(
  {
    name: 'topk',
    kind: 'composed',
    samples: (g) => {
      const shape = g.shape(1)
      const dim = g.int(0, shape.length - 1)
      const k = g.int(0, shape[dim]!)
      return [
        g.real(shape),
        k,
        g.pick([dim, dim - shape.length]),
        { largest: g.pick([true, false]) },
      ]
    },
  },
  (
    x: Tensor,
    k: number,
    dim: number | TopkOptions = -1,
    rest: TopkOptions = {},
  ): ValuesAndIndices => {
    const { shape, ndim } = checkTensor('topk', x)
    const [given, options] = typeof dim === 'object' ? [-1, dim] : [dim, rest]
    const { largest = true } = checkOptions('topk', options)
    const at = normalizeDim('topk', given, ndim)
    const size = shape[at] ?? 1
    if (checkInteger('topk', 'k', k, 0) > size) {
      throw new ShapeError(
        `topk: k is ${k}, but dim ${given} of shape ${showShape(shape)} has no more than ${size} elements`,
      )
    }
    return ordered(x, at, largest, k)
  },
)

/** Where the lower middle along `dim` stands, or the first NaN. */
function middle(x: Tensor, dim: number): Tensor {
  const start = (x.shape[dim]! - 1) >> 1
  const order = argSortOf(x, { dim, descending: false, count: start + 1 })
  const last = argReduceWith('max', x, { dim, keepdim: true })
  const broken = isnan(gatherFrom(x, dim, last))
  return where(broken, last, sliceOf(order, { dim, start, length: 1, step: 1 }))
}

/**
 * The median: the element in the middle, the lower of two (elements that tie share the gradient);
 * or, along a dim, the medians and their indices (the gradient goes there; of equal elements it is
 * the one that a stable sort puts in the middle). NaN where there is one.
 */
export const median: Extreme = extreme(
  'median',
  (x, reduced) => {
    const flat = reshapeTo(constantOf(x), [x.numel])
    const shape = reducedShape(x.shape, reduced.dims, reduced.keepdim)
    return pickedFrom(x, reshapeTo(gatherFrom(flat, 0, middle(flat, 0)), shape), reduced)
  },
  middle,
)
