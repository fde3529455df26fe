/**
 * Indexing: elements picked by numbers, slices, indices and masks. Indices are int32 or int64, masks bool.
 *
 * @example
 * ```ts
 * import { arange, slice, tensor } from '@gradtape/core'
 *
 * const x = arange(12).reshape([3, 4])
 * const index = tensor([2, 0], { dtype: 'int32' })
 *
 * console.log(x.at(1), x.at(1, -1)) // → tensor([4., 5., 6., 7.]) tensor(7.)
 * console.log(x.at(slice(0, 2), slice(null, null, 2)))
 * // → tensor([[0., 2.],
 * //           [4., 6.]])
 * console.log(x.at('...', null, 0).shape) // → [ 3, 1 ]
 * console.log(x.at(slice(), index))
 * // → tensor([[ 2.,  0.],
 * //           [ 6.,  4.],
 * //           [10.,  8.]])
 * console.log(x.at(index, index), x.at(x.gt(8))) // → tensor([10.,  0.]) tensor([ 9., 10., 11.])
 * console.log(x.gather(1, index.reshape([2, 1])))
 * // → tensor([[2.],
 * //           [4.]])
 * console.log(x.indexSelect(0, index))
 * // → tensor([[ 8.,  9., 10., 11.],
 * //           [ 0.,  1.,  2.,  3.]])
 * console.log(x.take(tensor([0, 5, -1], { dtype: 'int32' }))) // → tensor([ 0.,  5., 11.])
 * console.log(x.maskedSelect(x.lt(3))) // → tensor([0., 1., 2.])
 * x.at(3) // throws ShapeError: at: …
 * ```
 */
import { DTypeError, ShapeError } from '../errors.ts'
import { checkTensor, entry, type Entry } from '../kinds/entry.ts'
import { gatherFrom } from '../kinds/indexing.ts'
import { pick, type Key } from '../kinds/keys.ts'
import { checkAlong, checkInt32, checkRange, combined, coordinatesOf } from '../kinds/places.ts'
import { expandTo } from '../kinds/spread.ts'
import { reshapeTo } from '../kinds/structural.ts'
import { broadcastShapes, normalizeDim, numelOf, showShape, type Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { Place, Resized } from '../types/dims.ts'
import type { Picked, SizeOf } from '../types/indexing.ts'
import type { ShapeOf } from '../types/shape.ts'

export type { Key } from '../kinds/keys.ts'

/** `x.gather(dim, index)`. */
export interface Gather extends Entry<GatherMethod> {
  <I extends Tensor>(x: Tensor, dim: number, index: I): Tensor<ShapeOf<I>>
}

interface GatherMethod {
  <I extends Tensor>(this: Tensor, dim: number, index: I): Tensor<ShapeOf<I>>
}

/**
 * Elements picked along a dim: `out[i][j] = x[index[i][j]][j]` for dim 0, and so on. The index
 * (int32 or int64) has as many dims as x and is nowhere larger but along `dim`; the result has its shape.
 * @shapes that of the index.
 * @throws {ShapeError} when it doesn't fit, or an index is out of range.
 * @throws {DTypeError} when the index isn't of integers, or x is no tensor.
 */
export const gather: Gather = entry(
  {
    name: 'gather',
    kind: 'indexing',
    samples: (g) => {
      const shape = g.filled(1)
      const dim = g.int(0, shape.length - 1)
      const picked = shape.map((size, d) => (d === dim ? g.int(0, 4) : g.int(1, size)))
      return [g.real(shape), dim, g.index(picked, shape[dim]!)]
    },
  },
  (x: Tensor, dim: number, places: Tensor): Tensor => {
    const index = checkInt32('gather', places)
    const at = checkAlong('gather', checkTensor('gather', x), dim, index)
    return gatherFrom(x, at, index)
  },
)

/** `x.indexSelect(dim, index)`. */
export interface IndexSelect extends Entry<IndexSelectMethod> {
  <T extends Tensor, const D extends number, I extends Tensor>(
    x: T,
    dim: D,
    index: I,
  ): Tensor<Resized<ShapeOf<T>, Place<ShapeOf<T>, D>, SizeOf<I>>>
}

interface IndexSelectMethod {
  <T extends Tensor, const D extends number, I extends Tensor>(
    this: T,
    dim: D,
    index: I,
  ): Tensor<Resized<ShapeOf<T>, Place<ShapeOf<T>, D>, SizeOf<I>>>
}

/**
 * Slices picked along a dim by a vector of indices (int32 or int64), which may repeat: for dim 0 `out[i] =
 * x[index[i]]`.
 * @shapes that of x, with as many elements along the dim as there are indices.
 * @throws {ShapeError} when the index is no vector or is out of range.
 * @throws {DTypeError} when the index isn't of integers, or x is no tensor.
 */
export const indexSelect: IndexSelect = entry(
  {
    name: 'indexSelect',
    kind: 'indexing',
    samples: (g) => {
      const shape = g.filled(1)
      const dim = g.int(0, shape.length - 1)
      return [g.real(shape), g.pick([dim, dim - shape.length]), g.index([g.int(0, 4)], shape[dim]!)]
    },
  },
  (x: Tensor, dim: number, places: Tensor): Tensor => {
    const { shape, ndim } = checkTensor('indexSelect', x)
    const at = normalizeDim('indexSelect', dim, ndim)
    const index = checkInt32('indexSelect', places)
    if (ndim === 0 || index.ndim !== 1) {
      throw new ShapeError(
        `indexSelect: expected a vector of indices and a tensor of at least one dim, got shapes ${showShape(index.shape)} and ${showShape(shape)}`,
      )
    }
    checkRange('indexSelect', index, 0, shape[at]!, `dim ${dim} of shape ${showShape(shape)}`)
    const along = shape.map((_, d) => (d === at ? index.numel : 1))
    const spreadIndex = expandTo(reshapeTo(index, along), shape.with(at, index.numel))
    return gatherFrom(x, at, spreadIndex)
  },
)

/** `x.take(index)`. */
export interface Take extends Entry<TakeMethod> {
  <I extends Tensor>(x: Tensor, index: I): Tensor<ShapeOf<I>>
}

interface TakeMethod {
  <I extends Tensor>(this: Tensor, index: I): Tensor<ShapeOf<I>>
}

/**
 * Elements picked by an index (int32 or int64) of any shape, as from x in a row; below 0 they count from the
 * end. The result has the index's shape.
 * @shapes that of the index.
 * @throws {ShapeError} when an index is out of range.
 * @throws {DTypeError} when the index isn't of integers, or x is no tensor.
 */
export const take: Take = entry(
  {
    name: 'take',
    kind: 'indexing',
    samples: (g) => {
      const x = g.real(g.filled())
      return [x, g.index(g.shape(), x.numel)]
    },
  },
  (x: Tensor, which: Tensor): Tensor => {
    const { numel, shape } = checkTensor('take', x)
    const index = checkInt32('take', which)
    checkRange('take', index, -numel, numel, `all of shape ${showShape(shape)}`)
    const places = combined([index], index.shape, [numel], [1])
    const row = gatherFrom(reshapeTo(x, [numel]), 0, reshapeTo(places, [index.numel]))
    return reshapeTo(row, index.shape)
  },
)

/** `x.maskedSelect(mask)`. */
export interface MaskedSelect extends Entry<(this: Tensor, mask: Tensor) => Tensor<[number]>> {
  (x: Tensor, mask: Tensor): Tensor<[number]>
}

/**
 * The elements where the mask (bool) is true, in row-major order, as a vector. x and the mask
 * broadcast.
 * @shapes [n], where n is how often the mask is true.
 * @throws {DTypeError} when the mask isn't of bools.
 * @throws {ShapeError} when the shapes don't broadcast.
 */
export const maskedSelect: MaskedSelect = entry(
  {
    name: 'maskedSelect',
    kind: 'indexing',
    samples: (g) => {
      const shape = g.shape()
      const pair = [shape, g.broadcastable(shape)] as const
      const [of, by] = g.pick([pair, pair.toReversed()]) as readonly [Shape, Shape]
      return [g.real(of), g.mask(by)]
    },
  },
  (x: Tensor, mask: Tensor): Tensor => {
    checkTensor('maskedSelect', x)
    if (checkTensor('maskedSelect', mask).dtype !== 'bool') {
      throw new DTypeError(
        `maskedSelect: expected a bool tensor as the mask, got ${mask.dtype}; compare first, as in x.gt(0)`,
      )
    }
    const shape = broadcastShapes('maskedSelect', x.shape, mask.shape)
    const [values, picks] = [x, mask].map((y) => reshapeTo(expandTo(y, shape), [numelOf(shape)]))
    return gatherFrom(values!, 0, coordinatesOf(picks!, 0))
  },
)

/** `x.at(...keys)`. */
export interface At extends Entry<AtMethod> {
  <T extends Tensor, const K extends readonly Key[]>(
    x: T,
    ...keys: K
  ): Tensor<Picked<ShapeOf<T>, K>>
}

interface AtMethod {
  <T extends Tensor, const K extends readonly Key[]>(
    this: T,
    ...keys: K
  ): Tensor<Picked<ShapeOf<T>, K>>
}

/**
 * Indexing, as PyTorch's `x[…]`: a number picks and drops a dim (negative ones count from the
 * end), a {@link slice} narrows it, null adds one, `'...'` skips to the last keys. These make a
 * view.
 *
 * Tensors pick elements, which makes a copy: an int32 or int64 tensor those of its indices, a bool tensor
 * those where it is true, as the coordinates of its true elements would. Several broadcast and pick
 * together; what they pick stands in their place, or in front when other dims stand between them.
 * @shapes as the keys say.
 * @throws {ShapeError} for an index out of range, too many keys, two `'...'`, an unknown key, a
 * mask of another shape than its dims, or indices that don't broadcast.
 * @throws {DTypeError} for a tensor of floats as a key.
 */
export const at: At = entry(
  {
    name: 'at',
    kind: 'structural',
    samples: (g) => {
      const shape = g.filled(1)
      return [g.real(shape), ...g.keys(shape)]
    },
  },
  (x: Tensor, ...keys: readonly Key[]): Tensor => pick('at', checkTensor('at', x), keys),
)
