/**
 * Scattering: x with elements written or added where an index or keys say, as a copy or in place.
 * Indices are int32 or int64, masks bool.
 *
 * @example
 * ```ts
 * import { slice, tensor, zeros } from '@gradtape/core'
 *
 * const x = zeros([2, 3])
 * const index = tensor([[2, 0], [1, 1]], { dtype: 'int32' })
 * const src = tensor([[1, 2], [3, 4]])
 *
 * console.log(x.scatter(1, index, src))
 * // → tensor([[2., 0., 1.],
 * //           [0., 4., 0.]])
 * console.log(x.scatterAdd(1, index, src))
 * // → tensor([[2., 0., 1.],
 * //           [0., 7., 0.]])
 * console.log(x.indexPut([0], 7))
 * // → tensor([[7., 7., 7.],
 * //           [0., 0., 0.]])
 * console.log(x.indexPut([slice(), index.at(0)], src, { accumulate: true }))
 * // → tensor([[2., 0., 1.],
 * //           [4., 0., 3.]])
 * console.log(zeros([3]).indexPut_([slice(1)], tensor([5, 6]))) // → tensor([0., 5., 6.])
 * x.scatter(1, index.add(1), src) // throws ShapeError: scatter: index 3 is out of range …
 * ```
 */
import { DTypeError, ShapeError } from '../errors.ts'
import { computed } from '../kinds/cast.ts'
import { checkOptions, checkTensor, entry, type Entry, type Sampler } from '../kinds/entry.ts'
import { gatherFrom } from '../kinds/indexing.ts'
import { indexed, pick, pickedShape, placesOf, type Key } from '../kinds/keys.ts'
import {
  addedIn,
  checkAlong,
  checkInt32,
  placedIn,
  placesIn,
  putInto,
  valuesFor,
} from '../kinds/places.ts'
import { reshapeTo, sliceOf } from '../kinds/structural.ts'
import { checkComputable, checkUnshared } from '../kinds/update.ts'
import { showShape, showValue } from '../shape.ts'
import { isTensor, type Tensor } from '../tensor.ts'
import type { ShapeOf } from '../types/shape.ts'

/** `x.scatter(dim, index, src)` and `x.scatterAdd(dim, index, src)`. */
export interface Scatter<V> extends Entry<ScatterMethod<V>> {
  <T extends Tensor>(x: T, dim: number, index: Tensor, src: V): Tensor<ShapeOf<T>>
}

interface ScatterMethod<V> {
  <T extends Tensor>(this: T, dim: number, index: Tensor, src: V): Tensor<ShapeOf<T>>
}

/** Arguments whose index may name a place twice, and whose src may be larger than it. */
function drawScatter(g: Sampler): [x: Tensor, dim: number, index: Tensor, src: Tensor] {
  const shape = g.filled(1)
  const dim = g.int(0, shape.length - 1)
  const picked = shape.map((size, d) => (d === dim ? g.int(0, 4) : g.int(1, size)))
  const src = picked.map((size) => size + g.int(0, 1))
  return [
    g.real(shape),
    g.pick([dim, dim - shape.length]),
    g.index(picked, shape[dim]!),
    g.real(src),
  ]
}

/** The dim and the values, one for each index, in the dtype of x. */
function scattered(
  name: string,
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor | number,
): [at: number, values: Tensor] {
  const at = checkAlong(name, checkTensor(name, x), dim, index)
  const picked = index.shape
  let part = src
  if (isTensor(part)) {
    const from = part.shape
    if (from.length !== x.ndim || picked.some((size, d) => size > from[d]!)) {
      throw new ShapeError(
        `${name}: src of shape ${showShape(from)} has no value for each element of an index of shape ${showShape(picked)}`,
      )
    }
    for (const [d, length] of picked.entries()) {
      if (length < from[d]!) part = sliceOf(part, { dim: d, start: 0, length, step: 1 })
    }
  }
  return [at, valuesFor(name, part, x.dtype, picked)]
}

/**
 * x with elements of src (a tensor, or a number) written along a dim: `out[index[i][j]][j] =
 * src[i][j]` for dim 0, and so on. The index (int32 or int64) has as many dims as x and is nowhere larger
 * than src, nor, but along `dim`, than x. Where several are written to one place the last in
 * row-major order stays, and it alone has a gradient.
 * @shapes that of x.
 * @throws {ShapeError} when shapes don't fit, or an index is out of range.
 * @throws {DTypeError} when the index isn't int32 or int64, or src has no place in the dtype of x.
 */
export const scatter: Scatter<Tensor | number> = entry(
  {
    name: 'scatter',
    kind: 'indexing',
    samples: (g) => {
      const args = drawScatter(g)
      return g.pick([args, args.with(3, g.number())])
    },
  },
  (x: Tensor, dim: number, places: Tensor, src: Tensor | number): Tensor => {
    const index = checkInt32('scatter', places)
    const [at, values] = scattered('scatter', x, dim, index, src)
    return placedIn(x, gatherFrom(placesIn(x.shape), at, index), values)
  },
)

/**
 * x with elements of src added along a dim: `out[index[i][j]][j] += src[i][j]` for dim 0, and so
 * on; as {@link scatter}, but what meets at one place is summed.
 * @shapes that of x.
 * @throws {ShapeError} when shapes don't fit, or an index is out of range.
 * @throws {DTypeError} when the index isn't int32 or int64, src has no place in the dtype of x, or x is of
 * bools.
 */
export const scatterAdd: Scatter<Tensor> = entry(
  { name: 'scatterAdd', kind: 'indexing', samples: drawScatter },
  (given: Tensor, dim: number, places: Tensor, src: Tensor): Tensor => {
    checkSummable('scatterAdd', checkTensor('scatterAdd', given))
    const x = computed(given)
    const index = checkInt32('scatterAdd', places)
    const [at, values] = scattered('scatterAdd', x, dim, index, checkTensor('scatterAdd', src))
    return addedIn(x, gatherFrom(placesIn(x.shape), at, index), values)
  },
)

/** @throws {DTypeError} naming `where` for bools. */
function checkSummable(where: string, { dtype }: Tensor): void {
  if (dtype === 'bool') {
    throw new DTypeError(
      `${where}: bool tensors can't be added to; convert with .to('int32') or a float dtype first`,
    )
  }
}

/** Options of {@link indexPut}. */
export interface IndexPutOptions {
  /** Whether values are added to what is there rather than put in its place; false unless given. */
  readonly accumulate?: boolean
}

/** `x.indexPut(keys, values, { accumulate })`, and the same in place. */
export interface IndexPut extends Entry<IndexPutMethod> {
  <T extends Tensor>(
    x: T,
    keys: readonly Key[],
    values: Tensor | number,
    options?: IndexPutOptions,
  ): Tensor<ShapeOf<T>>
}

interface IndexPutMethod {
  <T extends Tensor>(
    this: T,
    keys: readonly Key[],
    values: Tensor | number,
    options?: IndexPutOptions,
  ): Tensor<ShapeOf<T>>
}

/** Keys of which some name a place twice, and values that fit what they pick. */
function drawPut(g: Sampler): readonly unknown[] {
  const shape = g.filled(1)
  const x = g.real(shape)
  const keys = g.keys(shape)
  const values = g.pick([
    () => g.number(),
    () => g.real(g.broadcastable(pickedShape(indexed('indexPut', x, keys)))),
  ])()
  return [x, keys, values, ...g.pick([[], [{ accumulate: false }], [{ accumulate: true }]])]
}

/** @throws {ShapeError | ValueError} naming `where` for keys or options that are none. */
function checkPut(
  where: string,
  x: Tensor,
  keys: readonly Key[],
  options: IndexPutOptions,
): boolean {
  checkTensor(where, x)
  if (!Array.isArray(keys)) {
    throw new ShapeError(
      `${where}: expected an array of keys, such as [0, slice(1, 3)], got ${isTensor(keys) ? 'a tensor' : showValue(keys)}`,
    )
  }
  const { accumulate = false } = checkOptions(where, options)
  if (accumulate) checkSummable(where, x)
  return accumulate
}

/**
 * x with `values` (a tensor that broadcasts, or a number) where `x.at(...keys)` picks, or with
 * them added there. Where keys pick a place several times, the last value in row-major order stays,
 * and it alone has a gradient; added ones all count.
 * @shapes that of x.
 * @throws {ShapeError} when keys don't fit, as for {@link at}, or values don't broadcast to what
 * they pick.
 * @throws {DTypeError} when values have no place in the dtype of x, or bools would be added.
 */
export const indexPut: IndexPut = entry(
  { name: 'indexPut', kind: 'indexing', samples: drawPut },
  (given: Tensor, keys: readonly Key[], put: Tensor | number, options: IndexPutOptions = {}) => {
    const accumulate = checkPut('indexPut', given, keys, options)
    const x = accumulate ? computed(given) : given
    const places = pick('indexPut', placesIn(x.shape), keys)
    const values = valuesFor('indexPut', put, x.dtype, places.shape)
    return (accumulate ? addedIn : placedIn)(x, places, values)
  },
)

/**
 * As {@link indexPut}, in place: changes x, whatever its layout, and returns it.
 * @shapes x keeps its own.
 * @throws {ShapeError | DTypeError} as there, and when elements of x share memory.
 * @throws {GradientError} while gradients are recorded through x or the values.
 */
export const indexPut_: IndexPut = entry(
  { name: 'indexPut_', kind: 'update', differentiable: false, samples: drawPut },
  (x: Tensor, keys: readonly Key[], given: Tensor | number, options: IndexPutOptions = {}) => {
    const accumulate = checkPut('indexPut_', x, keys, options)
    if (accumulate) checkComputable('indexPut_', x.dtype)
    checkUnshared('indexPut_', x)
    const all = indexed('indexPut_', x, keys)
    const { view, dim, indices } = all
    const values = valuesFor('indexPut_', given, x.dtype, pickedShape(all))
    const count = indices.length
    const steps = placesOf(all, view.layout.strides.slice(dim, dim + count))
    putInto(x, view, reshapeTo(values, steps.shape), steps, { dim, count, accumulate })
    return x
  },
)
