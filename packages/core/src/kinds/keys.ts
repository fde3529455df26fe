import { DTypeError, ShapeError } from '../errors.ts'
import type { SliceKey } from '../slice.ts'
import { broadcastShapes, sameShape, showShape, showValue, type Shape } from '../shape.ts'
import { isTensor, type Tensor } from '../tensor.ts'
import { castTo } from './cast.ts'
import { gatherFrom } from './indexing.ts'
import { checkRange, combined, coordinatesOf } from './places.ts'
import { expandTo } from './spread.ts'
import { permuteBy, reshapeTo, sliceOf } from './structural.ts'

/**
 * What `at` takes for a dim: an index, a range, null for a new dim, `'...'` for all dims between, an
 * int32 (or int64) tensor of indices, or a bool tensor that picks where it is true (for as many dims as it has).
 */
export type Key = number | SliceKey | null | '...' | Tensor

/** A tensor after the keys that make views, and for each of its dims the index that picks along it. */
interface Resolved {
  readonly view: Tensor
  readonly indices: readonly (Tensor | null)[]
}

/** @throws {ShapeError | DTypeError} naming `where` for keys that don't fit `x`. */
function resolveKeys(where: string, x: Tensor, keys: readonly Key[]): Resolved {
  const { shape, ndim } = x
  const fail = (reason: string, type: typeof DTypeError = ShapeError): never => {
    throw new type(`${where}: ${reason}, for a tensor of shape ${showShape(shape)}`)
  }
  const used = keys.reduce<number>((sum, key) => sum + dimsOf(key), 0)
  if (used > ndim) {
    const several = keys.some((key) => dimsOf(key) > 1) ? ` (they take ${used} dims)` : ''
    fail(`${keys.filter((key) => dimsOf(key) > 0).length} keys are too many${several}`)
  }
  if (keys.filter((key) => key === '...').length > 1) fail("'...' may stand only once")

  let view = x
  let dim = 0
  const sizes: number[] = []
  const indices: (Tensor | null)[] = []
  const keep = (size: number, index: Tensor | null = null): void => {
    sizes.push(size)
    indices.push(index)
  }
  for (const key of keys) {
    if (key === null) {
      keep(1)
    } else if (key === '...') {
      const end = dim + ndim - used
      while (dim < end) keep(shape[dim++]!)
    } else if (typeof key === 'number') {
      const size = shape[dim]!
      if (!Number.isInteger(key)) fail(`index ${key} is no integer`)
      if (key < -size || key >= size) {
        fail(`index ${key} is out of range for dim ${dim}, expected ${-size} to ${size - 1}`)
      }
      view = sliceOf(view, { dim: dim++, start: key < 0 ? key + size : key, length: 1, step: 1 })
    } else if (isTensor(key)) {
      if (key.dtype === 'bool') {
        const masked = shape.slice(dim, dim + key.ndim)
        if (!sameShape(key.shape, masked)) {
          fail(`a mask of shape ${showShape(key.shape)} meets dims of sizes ${showShape(masked)}`)
        }
        // As a mask of no dims picks the whole or nothing, it picks along a new dim of size 1.
        if (key.ndim === 0) keep(1, coordinatesOf(reshapeTo(key, [1]), 0))
        for (let d = 0; d < key.ndim; d++) keep(shape[dim++]!, coordinatesOf(key, d))
      } else {
        if (key.dtype !== 'int32' && key.dtype !== 'int64') {
          fail(`a tensor of dtype ${key.dtype} is no key; use .to('int32'), or a mask`, DTypeError)
        }
        const size = shape[dim]!
        const index = castTo(key, 'int32')
        checkRange(where, index, -size, size, `dim ${dim} of shape ${showShape(shape)}`)
        dim++
        keep(size, index)
      }
    } else if (typeof key === 'object' && 'step' in key) {
      const { start, length } = resolveSlice(key, shape[dim]!)
      view = sliceOf(view, { dim: dim++, start, length, step: key.step })
      keep(length)
    } else {
      fail(
        `${showValue(key)} is no key; use a number, slice(start, stop), null, '...', or a tensor of indices (int32) or of bools`,
      )
    }
  }
  return { view: reshapeTo(view, [...sizes, ...shape.slice(dim)]), indices }
}

/** How many dims of the tensor a key stands for; what is no key counts as one, and fails later. */
function dimsOf(key: Key): number {
  if (key === null || key === '...') return 0
  return isTensor(key) && key.dtype === 'bool' ? key.ndim : 1
}

function resolveSlice(
  { start = 0, stop, step }: SliceKey,
  size: number,
): { start: number; length: number } {
  const clip = (i: number): number => Math.min(Math.max(i < 0 ? i + size : i, 0), size)
  const from = clip(start)
  return { start: from, length: Math.max(0, Math.ceil((clip(stop ?? size) - from) / step)) }
}

/** A view whose indexed dims stand together, `indices.length` of them from `dim` on. */
export interface Indexed {
  readonly view: Tensor
  readonly dim: number
  readonly indices: readonly Tensor[]
  /** To which the indices broadcast; it takes the place of the indexed dims. */
  readonly picked: Shape
}

/**
 * Keys as PyTorch reads them: numbers and ranges make a view first, then all tensors pick together.
 * What they pick stands where they stand, or in front when other dims are between them.
 */
export function indexed(where: string, x: Tensor, keys: readonly Key[]): Indexed {
  const { view, indices: all } = resolveKeys(where, x, keys)
  const dims = view.shape.map((_, d) => d)
  const chosen = dims.filter((d) => all[d])
  const indices = chosen.map((d) => all[d]!)
  if (indices.length === 0) return { view, dim: 0, indices, picked: [] }
  const picked = indices.reduce<Shape>((s, { shape }) => broadcastShapes(where, s, shape), [])
  const rest = dims.filter((d) => !all[d])
  // An index of no dims is as good as a number, and parts or joins nothing.
  const [first = 0, ...others] = chosen.filter((d) => all[d]!.ndim > 0)
  const before = (d: number): number => rest.filter((r) => r < d).length
  const dim = others.every((d) => before(d) === before(first)) ? before(first) : 0
  return {
    view: permuteBy(view, rest.toSpliced(dim, 0, ...chosen)),
    dim,
    indices,
    picked,
  }
}

/** One place for each dim of `indices` together, counted in `steps`, over the shape to gather or scatter. */
export function placesOf(
  { view, dim, indices, picked }: Indexed,
  steps: readonly number[],
): Tensor {
  const count = indices.length
  const sizes = view.shape.slice(dim, dim + count)
  const places = combined(indices, picked, sizes, steps)
  const shape = view.shape.toSpliced(dim, count, places.numel)
  const along = shape.map((size, d) => (d === dim ? size : 1))
  return expandTo(reshapeTo(places, along), shape)
}

/** The shape of what keys pick. */
export function pickedShape({ view, dim, indices, picked }: Indexed): Shape {
  return view.shape.toSpliced(dim, indices.length, ...picked)
}

/** The elements that keys pick; a view when there are no tensors among them. */
export function pick(where: string, x: Tensor, keys: readonly Key[]): Tensor {
  const all = indexed(where, x, keys)
  const { view, dim, indices } = all
  if (indices.length === 0) return view
  const sizes = view.shape.slice(dim, dim + indices.length)
  const steps = sizes.map((_, k) => sizes.slice(k + 1).reduce((a, b) => a * b, 1))
  const joined = view.shape.toSpliced(dim, sizes.length, steps[0]! * sizes[0]!)
  return reshapeTo(gatherFrom(reshapeTo(view, joined), dim, placesOf(all, steps)), pickedShape(all))
}
