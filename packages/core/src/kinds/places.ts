import { backend } from '../backend.ts'
import { category, holds, type DType } from '../dtype.ts'
import { DTypeError, ShapeError } from '../errors.ts'
import { Layout } from '../layout.ts'
import { apply, over, type Op } from '../op.ts'
import {
  broadcastShapes,
  normalizeDim,
  sameShape,
  showShape,
  showValue,
  type Shape,
} from '../shape.ts'
import { Storage } from '../storage.ts'
import { elements, isTensor, Tensor } from '../tensor.ts'
import { castTo, copyOf } from './cast.ts'
import { checkTensor } from './entry.ts'
import { fullOf, generated } from './creation.ts'
import { gatherFrom, scatterSum } from './indexing.ts'
import { inspect } from './inspect.ts'
import { expandTo } from './spread.ts'
import { concatenateAlong, reshapeTo } from './structural.ts'

// Places: int32 tensors that say where elements stand. They are computed by ops too, so that
// handlers see where they come from, and have no derivatives.

function int32(shape: Shape): Tensor {
  const layout = Layout.contiguous(shape)
  return new Tensor(Storage.allocate('int32', layout.numel), layout)
}

/**
 * An index as an int32 tensor.
 * @throws {DTypeError} naming `where` unless `index` is one, or one of int64 with such values.
 */
export function checkInt32(where: string, index: unknown): Tensor {
  const { dtype } = checkTensor(where, index)
  if (dtype === 'int64') return castTo(index as Tensor, 'int32')
  if (dtype !== 'int32') {
    throw new DTypeError(
      `${where}: expected an int32 tensor as the index, got ${dtype}; make it with { dtype: 'int32' } or .to('int32')`,
    )
  }
  return index as Tensor
}

/** @throws {ShapeError} naming `where` unless each element is at least `low` and below `size`. */
export function checkRange(
  where: string,
  index: Tensor,
  low: number,
  size: number,
  what: string,
): void {
  inspect(index, (indices) => {
    for (const i of indices) {
      if (i >= low && i < size) continue
      throw new ShapeError(
        `${where}: index ${i} is out of range for ${what}, which has ${size} elements` +
          (size > 0 ? `; expected ${low} to ${size - 1}` : ''),
      )
    }
  })
}

/**
 * The dim, counted from the front, along which an int32 index of places in `x` runs.
 * @throws {ShapeError} naming `where` unless the index fits.
 */
export function checkAlong(where: string, x: Tensor, dim: number, index: Tensor): number {
  const { shape, ndim } = x
  const at = normalizeDim(where, dim, ndim)
  const picked = index.shape
  const fits = (size: number, d: number): boolean => d === at || size <= shape[d]!
  if (ndim === 0 || picked.length !== ndim || !picked.every(fits)) {
    throw new ShapeError(
      `${where}: an index of shape ${showShape(picked)} doesn't fit a tensor of shape ${showShape(shape)}: ` +
        `it needs as many dims, and no more elements in any but dim ${dim}`,
    )
  }
  checkRange(where, index, 0, shape[at]!, `dim ${dim} of shape ${showShape(shape)}`)
  return at
}

const coordinates: Op<number> = {
  name: 'coordinates',
  kind: 'indexing',
  forward([mask], dim) {
    const { shape } = mask!
    const inner = shape.slice(dim + 1).reduce((a, b) => a * b, 1)
    const found: number[] = []
    elements(mask!).forEach((value, i) => {
      if (value !== 0) found.push(Math.floor(i / inner) % shape[dim]!)
    })
    const out = int32([found.length])
    out.storage.array.set(found)
    return out
  },
  rule: () => null,
  push: () => null,
  batch: {
    refused:
      'how many elements a mask picks differs from example to example; use where(mask, a, b)',
  },
}

/** The index along `dim` of every true element of a mask, in row-major order. */
export function coordinatesOf(mask: Tensor, dim: number): Tensor {
  return apply(coordinates, [mask], dim)
}

interface Steps {
  readonly shape: Shape
  readonly sizes: readonly number[]
  readonly steps: readonly number[]
}

const combine: Op<Steps> = {
  name: 'combineIndices',
  kind: 'indexing',
  forward(indices, { shape, sizes, steps }) {
    const out = int32(shape)
    indices.forEach((index, k) => {
      elements(index).forEach((i, place) => {
        out.storage.array[place]! += (i < 0 ? i + sizes[k]! : i) * steps[k]!
      })
    })
    return out
  },
  rule: () => null,
  push: () => null,
  batch: over(({ shape, ...rest }, batch) => ({ shape: [batch, ...shape], ...rest })),
}

/**
 * `Σₖ indices[k] · steps[k]`, the indices broadcast to `shape`; those below 0 count from the end of
 * a dim of `sizes[k]` elements.
 */
export function combined(
  indices: readonly Tensor[],
  shape: Shape,
  sizes: readonly number[],
  steps: readonly number[],
): Tensor {
  const expanded = indices.map((index) => expandTo(index, shape))
  return apply(combine, expanded, { shape, sizes, steps })
}

/** For each of `size` places which of the sources it takes: its own, or the last one put there. */
const choose: Op<number> = {
  name: 'chooseSources',
  kind: 'indexing',
  forward([places], size) {
    const { shape } = places!
    const last = shape.length - 1
    const out = int32(shape.with(last, size))
    for (let i = 0; i < out.numel; i++) out.storage.array[i] = i % size
    const sources = int32(shape)
    for (let j = 0; j < sources.numel; j++) sources.storage.array[j] = size + (j % shape[last]!)
    backend.scatter(sources, last, places!, out)
    return out
  },
  rule: () => null,
  push: () => null,
  batch: over((size) => size),
}

/**
 * `x` with `values` (as many as `places`) in its places, which count its elements in row-major
 * order; where several share one, the last stays, and is the only one with a gradient.
 */
export function placedIn(x: Tensor, places: Tensor, values: Tensor): Tensor {
  // Each element of the result is picked from the old and the new ones in one row, so that nothing
  // needs a rule of its own.
  const sources = apply(choose, [reshapeTo(places, [places.numel])], x.numel)
  return reshapeTo(gatherFrom(inRow(x, values), 0, sources), x.shape)
}

/** `x` with `values` added in their places, to the old elements one after the other. */
export function addedIn(x: Tensor, places: Tensor, values: Tensor): Tensor {
  const all = inRow(placesIn(x.shape), places)
  return reshapeTo(scatterSum(inRow(x, values), all, 0, [x.numel]), x.shape)
}

function inRow(...tensors: readonly Tensor[]): Tensor {
  return concatenateAlong(
    tensors.map((x) => reshapeTo(x, [x.numel])),
    0,
  )
}

/** The place of each element of a tensor of `shape`, in row-major order. */
export function placesIn(shape: Shape): Tensor {
  return generated(shape, 'int32', (i) => i)
}

/** Along which dim, in how many dims from there on, and whether values are added. */
interface Put {
  readonly dim: number
  readonly count: number
  readonly accumulate: boolean
}

const put: Op<Put> = {
  name: 'indexPut_',
  kind: 'update',
  forward([x, view, values, steps], { dim, count, accumulate }) {
    const { storage, layout } = view!
    const strides = layout.strides.toSpliced(dim, count, 1)
    const out = { storage, layout: new Layout(steps!.shape, strides, layout.offset) }
    const apart = values!.storage === storage ? copyOf(values!) : values!
    if (accumulate) backend.scatterAdd(apart, dim, steps!, out)
    else backend.scatter(apart, dim, steps!, out)
    storage.version++
    return x!
  },
  rule: () => null,
  push: () => null,
  batch: over((how) => ({ ...how, dim: how.dim + 1 })),
  writes: 1,
}

/**
 * Writes `values` into `x` through a view of it, `count` of whose dims, from `dim` on, are indexed
 * together: `steps` says how far in memory each element stands from their start.
 */
export function putInto(x: Tensor, view: Tensor, values: Tensor, steps: Tensor, how: Put): void {
  apply(put, [x, view, values, steps], how)
}

/**
 * Values (a tensor or number) in the dtype of a tensor that takes them, stretched to `shape`.
 * @throws {DTypeError | ShapeError} naming `where` when they have no place there.
 */
export function valuesFor(where: string, values: unknown, dtype: DType, shape: Shape): Tensor {
  if (typeof values === 'number') {
    if (dtype === 'bool' ? (values & 1) !== values : !holds(dtype, values)) {
      throw new DTypeError(
        `${where}: the number ${values} has no value in ${dtype}; convert the tensor first, as with .to('float32')`,
      )
    }
    return expandTo(fullOf([], values, dtype), shape)
  }
  if (!isTensor(values)) {
    throw new DTypeError(`${where}: expected a tensor or a number, got ${showValue(values)}`)
  }
  if (category(values.dtype) > category(dtype)) {
    throw new DTypeError(
      `${where}: values of dtype ${values.dtype} can't be put into a tensor of dtype ${dtype}; convert one with .to(…) first`,
    )
  }
  if (!sameShape(broadcastShapes(where, shape, values.shape), shape)) {
    throw new ShapeError(
      `${where}: values of shape ${showShape(values.shape)} don't fit into places of shape ${showShape(shape)}`,
    )
  }
  return expandTo(castTo(values, dtype), shape)
}
