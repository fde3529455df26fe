import { DTypeError, ShapeError } from '../errors.ts'
import { checkTensor, entry, type Entry } from '../kinds/entry.ts'
import { gatherFrom } from '../kinds/indexing.ts'
import { drawKeys, pick, type Key } from '../kinds/keys.ts'
import { checkAlong, checkInt32, checkRange, combined, coordinatesOf } from '../kinds/places.ts'
import { expandTo } from '../kinds/spread.ts'
import { reshapeTo } from '../kinds/structural.ts'
import { broadcastShapes, normalizeDim, numelOf, showShape, type Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'

export type { Key } from '../kinds/keys.ts'

/** `x.gather(dim, index)`. */
export interface Gather extends Entry<(this: Tensor, dim: number, index: Tensor) => Tensor> {
  (x: Tensor, dim: number, index: Tensor): Tensor
}

/**
 * Elements picked along a dim: `out[i][j] = x[index[i][j]][j]` for dim 0, and so on. The index
 * (int32) has as many dims as x and is nowhere larger but along `dim`; the result has its shape.
 * @throws {ShapeError} when it doesn't fit, or an index is out of range.
 */
export const gather: Gather = entry(
  {
    name: 'gather',
    kind: 'indexing',
    differentiable: true,
    samples: (g) => {
      const shape = g.filled(1)
      const dim = g.int(0, shape.length - 1)
      const picked = shape.map((size, d) => (d === dim ? g.int(0, 4) : g.int(1, size)))
      return [g.real(shape), dim, g.index(picked, shape[dim]!)]
    },
  },
  (x: Tensor, dim: number, index: Tensor): Tensor => {
    const at = checkAlong('gather', checkTensor('gather', x), dim, index)
    return gatherFrom(x, at, index)
  },
)

/**
 * Slices picked along a dim by a vector of indices (int32), which may repeat.
 * @throws {ShapeError} when the index is no vector or is out of range.
 */
export const indexSelect: Gather = entry(
  {
    name: 'indexSelect',
    kind: 'indexing',
    differentiable: true,
    samples: (g) => {
      const shape = g.filled(1)
      const dim = g.int(0, shape.length - 1)
      return [g.real(shape), g.pick([dim, dim - shape.length]), g.index([g.int(0, 4)], shape[dim]!)]
    },
  },
  (x: Tensor, dim: number, index: Tensor): Tensor => {
    const { shape, ndim } = checkTensor('indexSelect', x)
    const at = normalizeDim('indexSelect', dim, ndim)
    if (ndim === 0 || checkTensor('indexSelect', index).ndim !== 1) {
      throw new ShapeError(
        `indexSelect: expected a vector of indices and a tensor of at least one dim, got shapes ${showShape(index.shape)} and ${showShape(shape)}`,
      )
    }
    checkRange(
      'indexSelect',
      checkInt32('indexSelect', index),
      0,
      shape[at]!,
      `dim ${dim} of shape ${showShape(shape)}`,
    )
    const along = shape.map((_, d) => (d === at ? index.numel : 1))
    const spreadIndex = expandTo(reshapeTo(index, along), shape.with(at, index.numel))
    return gatherFrom(x, at, spreadIndex)
  },
)

/**
 * Elements picked by an index (int32) of any shape, as from x in a row; below 0 they count from the
 * end. The result has the index's shape.
 * @throws {ShapeError} when an index is out of range.
 */
export const take: Take = entry(
  {
    name: 'take',
    kind: 'indexing',
    differentiable: true,
    samples: (g) => {
      const x = g.real(g.filled())
      return [x, g.index(g.shape(), x.numel)]
    },
  },
  (x: Tensor, index: Tensor): Tensor => {
    const { numel, shape } = checkTensor('take', x)
    checkInt32('take', index)
    checkRange('take', index, -numel, numel, `all of shape ${showShape(shape)}`)
    const places = combined([index], index.shape, [numel], [1])
    const row = gatherFrom(reshapeTo(x, [numel]), 0, reshapeTo(places, [index.numel]))
    return reshapeTo(row, index.shape)
  },
)

/** `x.take(index)` and `x.maskedSelect(mask)`. */
export interface Take extends Entry<(this: Tensor, which: Tensor) => Tensor> {
  (x: Tensor, which: Tensor): Tensor
}

/**
 * The elements where the mask (bool) is true, in row-major order, as a vector. x and the mask
 * broadcast.
 * @throws {DTypeError} when the mask isn't of bools.
 * @throws {ShapeError} when the shapes don't broadcast.
 */
export const maskedSelect: Take = entry(
  {
    name: 'maskedSelect',
    kind: 'indexing',
    differentiable: true,
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
export interface At extends Entry<(this: Tensor, ...keys: readonly Key[]) => Tensor> {
  (x: Tensor, ...keys: readonly Key[]): Tensor
}

/**
 * Indexing, as PyTorch's `x[…]`: a number picks and drops a dim (negative ones count from the end),
 * a {@link slice} narrows it, null adds one, `'...'` skips to the last keys. These make a view.
 *
 * Tensors pick elements, which makes a copy: an int32 tensor those of its indices, a bool tensor
 * those where it is true, as the coordinates of its true elements would. Several broadcast and pick
 * together; what they pick stands in their place, or in front when other dims stand between them.
 * @throws {ShapeError} for an index out of range, too many keys, two `'...'`, an unknown key, a mask
 * of another shape than its dims, or indices that don't broadcast.
 * @throws {DTypeError} for a tensor of floats as a key.
 */
export const at: At = entry(
  {
    name: 'at',
    kind: 'structural',
    differentiable: true,
    samples: (g) => {
      const shape = g.filled(1)
      return [g.real(shape), ...drawKeys(g, shape)]
    },
  },
  (x: Tensor, ...keys: readonly Key[]): Tensor => pick('at', checkTensor('at', x), keys),
)
