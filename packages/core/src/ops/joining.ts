/**
 * Joining and splitting: several tensors as one, and one as several. Any dtype.
 *
 * @example
 * ```ts
 * import { cat, stack, tensor } from '@gradtape/core'
 *
 * const a = tensor([[1, 2], [3, 4]])
 * const b = tensor([[5, 6]])
 *
 * console.log(cat([a, b]))
 * // → tensor([[1., 2.],
 * //           [3., 4.],
 * //           [5., 6.]])
 * console.log(stack([a, a]).shape, stack([a, a], -1).shape) // → [ 2, 2, 2 ] [ 2, 2, 2 ]
 * console.log(cat([a, b]).split(2).map((part) => part.shape)) // → [ [ 2, 2 ], [ 1, 2 ] ]
 * console.log(cat([a, b]).split([0, 3]).map((part) => part.shape)) // → [ [ 0, 2 ], [ 3, 2 ] ]
 * cat([a, b], 1) // throws ShapeError: cat: shapes [2, 2], [1, 2] can't be joined along dim 1: …
 * ```
 */
import { resultType, type DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import { castTo } from '../kinds/cast.ts'
import { checkTensor, entry, type Entry } from '../kinds/entry.ts'
import { concatenateAlong, reshapeTo, sliceOf } from '../kinds/structural.ts'
import type { Split } from '../kinds/structures.ts'
import { checkInteger, checkShape, normalizeDim, sameShape, showShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { Joined, Joins, Stacked, Stacks } from '../types/joining.ts'

const kind = 'structural'

/**
 * Views of consecutive parts of a dim (the first unless given): of one size each, the last one
 * smaller when it doesn't divide, or of the sizes listed.
 * @shapes those of the parts: that of x, but for the dim.
 * @throws {ShapeError} when listed sizes don't add up to the dim's.
 * @throws {ValueError} when the size is no integer of at least 1.
 */
export const split: Split = entry(
  {
    name: 'split',
    kind,
    samples: (g) => {
      const shape = g.shape(1)
      const size = shape[0]!
      return [g.real(shape), g.pick<number | number[]>([2, 1, [size], [0, size]]), 0]
    },
  },
  (x: Tensor, sizeOrSizes: number | readonly number[], dim = 0): Tensor[] => {
    const { shape, ndim } = checkTensor('split', x)
    const at = normalizeDim('split', dim, ndim)
    const total = shape[at]
    if (total === undefined) throw new ShapeError('split: a 0-d tensor has no dim to split')
    const sizes =
      typeof sizeOrSizes === 'number'
        ? equalParts(total, checkInteger('split', 'size', sizeOrSizes, 1))
        : checkShape('split', sizeOrSizes)
    if (sizes.reduce((a, b) => a + b, 0) !== total) {
      throw new ShapeError(
        `split: sizes [${sizes.join(', ')}] don't add up to ${total}, the size of dim ${dim} of shape ${showShape(shape)}`,
      )
    }
    let start = 0
    return sizes.map((length) => {
      const part = sliceOf(x, { dim: at, start, length, step: 1 })
      start += length
      return part
    })
  },
)

function equalParts(total: number, size: number): number[] {
  const count = Math.max(1, Math.ceil(total / size))
  return Array.from({ length: count }, (_, i) => Math.min(size, total - i * size))
}

/** `cat(tensors, dim)`: a function only, as its first argument is no tensor. */
export interface Cat extends Entry<never> {
  <const L extends readonly Tensor[], const D extends number = 0>(
    tensors: L & Joins<L, D>,
    dim?: D,
  ): Tensor<Joined<L, D>>
}

/** `stack(tensors, dim)`: a function only. */
export interface Stack extends Entry<never> {
  <const L extends readonly Tensor[], const D extends number = 0>(
    tensors: L & Stacks<L, D>,
    dim?: D,
  ): Tensor<Stacked<L, D>>
}

function checkList(name: string, tensors: readonly Tensor[]): DType {
  if (!Array.isArray(tensors) || tensors.length === 0) {
    throw new ShapeError(`${name}: expected an array of at least one tensor`)
  }
  return resultType(tensors.map((x: Tensor) => checkTensor(name, x)))
}

/**
 * Tensors one after the other along a dim (the first unless given). dtypes promote.
 * @shapes that of the tensors, but for the dim, where sizes add up. (A vector without elements
 * doesn't fit everything, as it does in PyTorch.)
 * @throws {ShapeError} when shapes differ elsewhere than in that dim, or there is none to join.
 * @throws {DTypeError} when one is no tensor.
 */
export const cat: Cat = entry(
  {
    name: 'cat',
    method: null,
    kind,
    samples: (g) => {
      const shape = g.shape(1)
      const dim = g.int(0, shape.length - 1)
      const other = shape.map((size, d) => (d === dim ? g.int(0, 3) : size))
      return [[g.real(shape), g.real(other), g.real(shape)], g.pick([dim, dim - shape.length])]
    },
  },
  (tensors: readonly Tensor[], dim = 0): Tensor => {
    const dtype = checkList('cat', tensors)
    const first = tensors[0]!
    const at = normalizeDim('cat', dim, first.ndim)
    for (const { shape } of tensors) {
      if (shape.length === 0 || !sameShape(shape.with(at, 0), first.shape.with(at, 0))) {
        throw new ShapeError(
          `cat: shapes ${tensors.map((x) => showShape(x.shape)).join(', ')} can't be joined along dim ${dim}: ` +
            'they need at least one dim and equal sizes in all others; stack joins along a new one',
        )
      }
    }
    return concatenateAlong(
      tensors.map((x) => castTo(x, dtype)),
      at,
    )
  },
)

/**
 * Tensors of one shape along a new dim (the first unless given). dtypes promote.
 * @shapes that of the tensors, and a dim more, of their number.
 * @throws {ShapeError} when shapes differ or there is nothing to stack.
 * @throws {DTypeError} when one is no tensor.
 */
export const stack: Stack = entry(
  {
    name: 'stack',
    method: null,
    kind,
    samples: (g) => {
      const shape = g.shape()
      const dim = g.int(-shape.length - 1, shape.length)
      return [[g.real(shape), g.real(shape)], dim]
    },
  },
  (tensors: readonly Tensor[], dim = 0): Tensor => {
    const dtype = checkList('stack', tensors)
    const first = tensors[0]!
    const at = normalizeDim('stack', dim, first.ndim + 1)
    if (!tensors.every((x) => sameShape(x.shape, first.shape))) {
      throw new ShapeError(
        `stack: shapes ${tensors.map((x) => showShape(x.shape)).join(', ')} differ; only equal ones stack`,
      )
    }
    const shape = first.shape.toSpliced(at, 0, 1)
    return concatenateAlong(
      tensors.map((x) => castTo(reshapeTo(x, shape), dtype)),
      at,
    )
  },
)
