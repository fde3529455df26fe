import { ShapeError, DTypeError } from '../errors.ts'
import { gatherFrom } from '../kinds/indexing.ts'
import { checkTensor, entry, type Entry } from '../kinds/entry.ts'
import { expandTo } from '../kinds/spread.ts'
import { reshapeTo, sliceOf } from '../kinds/structural.ts'
import { slice, type SliceKey } from '../slice.ts'
import { normalizeDim, showShape, showValue } from '../shape.ts'
import { elements, isTensor, type Tensor } from '../tensor.ts'

/** `x.gather(dim, index)`. */
export interface Gather extends Entry<(this: Tensor, dim: number, index: Tensor) => Tensor> {
  (x: Tensor, dim: number, index: Tensor): Tensor
}

/** @throws {DTypeError | ShapeError} unless `index` is int32 and each element names one of `size` places. */
function checkIndex(name: string, index: Tensor, size: number, where: string): void {
  if (checkTensor(name, index).dtype !== 'int32') {
    throw new DTypeError(
      `${name}: expected an int32 tensor as the index, got ${index.dtype}; make it with { dtype: 'int32' } or .to('int32')`,
    )
  }
  for (const i of elements(index)) {
    if (i < 0 || i >= size) {
      throw new ShapeError(
        `${name}: index ${i} is out of range for ${where}, which has ${size} elements; expected 0 to ${size - 1}`,
      )
    }
  }
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
    const { shape, ndim } = checkTensor('gather', x)
    const at = normalizeDim('gather', dim, ndim)
    checkTensor('gather', index)
    if (
      ndim === 0 ||
      index.ndim !== ndim ||
      index.shape.some((size, d) => d !== at && size > shape[d]!)
    ) {
      throw new ShapeError(
        `gather: an index of shape ${showShape(index.shape)} doesn't fit a tensor of shape ${showShape(shape)}: ` +
          `it needs as many dims, and no more elements in any but dim ${dim}`,
      )
    }
    checkIndex('gather', index, shape[at]!, `dim ${dim} of shape ${showShape(shape)}`)
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
    checkIndex('indexSelect', index, shape[at]!, `dim ${dim} of shape ${showShape(shape)}`)
    const along = shape.map((_, d) => (d === at ? index.numel : 1))
    const spreadIndex = expandTo(reshapeTo(index, along), shape.with(at, index.numel))
    return gatherFrom(x, at, spreadIndex)
  },
)

/** What `at` takes for a dim: an index, a range, null for a new dim, `'...'` for all dims between. */
export type Key = number | SliceKey | null | '...'

/** `x.at(...keys)`. */
export interface At extends Entry<(this: Tensor, ...keys: readonly Key[]) => Tensor> {
  (x: Tensor, ...keys: readonly Key[]): Tensor
}

/**
 * Basic indexing, as NumPy's and PyTorch's `x[…]`: a number picks and drops a dim (negative ones
 * count from the end), a {@link slice} narrows it, null adds one, `'...'` skips to the last keys.
 * Always a view.
 * @throws {ShapeError} for an index out of range, too many keys, two `'...'`, or an unknown key.
 */
export const at: At = entry(
  {
    name: 'at',
    kind: 'structural',
    differentiable: true,
    samples: (g) => {
      const shape = g.filled(1)
      const last = shape.at(-1)!
      return [
        g.real(shape),
        ...g.pick<readonly Key[]>([
          [g.int(-shape[0]!, shape[0]! - 1)],
          [slice(1)],
          [slice(null, null, 2), '...'],
          ['...', g.int(0, last - 1)],
          ['...', null, slice(-2)],
          [null, 0],
        ]),
      ]
    },
  },
  (x: Tensor, ...keys: readonly Key[]): Tensor => {
    const { shape, ndim } = checkTensor('at', x)
    const used = keys.filter((key) => key !== null && key !== '...').length
    const fail = (reason: string): never => {
      throw new ShapeError(`at: ${reason}, for a tensor of shape ${showShape(shape)}`)
    }
    if (used > ndim) fail(`${used} keys are too many`)
    if (keys.filter((key) => key === '...').length > 1) fail("'...' may stand only once")

    let out = x
    let dim = 0
    const result: number[] = []
    for (const key of keys) {
      if (key === null) {
        result.push(1)
      } else if (key === '...') {
        const end = dim + ndim - used
        while (dim < end) result.push(shape[dim++]!)
      } else if (typeof key === 'number') {
        const size = shape[dim]!
        if (!Number.isInteger(key)) fail(`index ${key} is no integer`)
        if (key < -size || key >= size) {
          fail(`index ${key} is out of range for dim ${dim}, expected ${-size} to ${size - 1}`)
        }
        out = sliceOf(out, { dim: dim++, start: key < 0 ? key + size : key, length: 1, step: 1 })
      } else if (typeof key === 'object' && !isTensor(key) && 'step' in key) {
        const { start, length } = resolve(key, shape[dim]!)
        out = sliceOf(out, { dim: dim++, start, length, step: key.step })
        result.push(length)
      } else {
        fail(
          `${isTensor(key) ? 'a tensor' : showValue(key)} is no key; use a number, slice(start, stop), null or '...', or indexSelect for a list of indices`,
        )
      }
    }
    return reshapeTo(out, [...result, ...shape.slice(dim)])
  },
)

function resolve(
  { start = 0, stop, step }: SliceKey,
  size: number,
): { start: number; length: number } {
  const clip = (i: number): number => Math.min(Math.max(i < 0 ? i + size : i, 0), size)
  const from = clip(start)
  return { start: from, length: Math.max(0, Math.ceil((clip(stop ?? size) - from) / step)) }
}
