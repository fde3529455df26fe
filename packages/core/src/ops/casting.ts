/**
 * Casts and copies: the same elements in another dtype, or in other memory. The shape stays.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 *
 * const x = tensor([[1.5, -0.5], [0, 3]])
 *
 * console.log(x.to('int32'))
 * // → tensor([[1, 0],
 * //           [0, 3]], dtype=int32)
 * console.log(x.to('bool'))
 * // → tensor([[ true,  true],
 * //           [false,  true]])
 * console.log(x.to('float32') === x) // → true
 * console.log(x.clone() === x) // → false
 * console.log(x.contiguous() === x, x.T.contiguous() === x) // → true false
 * ```
 */
import { checkDType, type DType } from '../dtype.ts'
import { castTo, clone as cloneOf } from '../kinds/cast.ts'
import { checkTensor, entry, type Entry } from '../kinds/entry.ts'
import { contiguousOf } from '../kinds/structural.ts'
import type { Tensor } from '../tensor.ts'
import type { ShapeOf } from '../types/shape.ts'

/**
 * A function of one tensor that keeps its shape and elements.
 * @shapes any; the result has that of x.
 * @throws {DTypeError} when x is no tensor.
 */
export interface Copy<Args extends readonly unknown[] = []> extends Entry<CopyMethod<Args>> {
  <T extends Tensor>(x: T, ...args: Args): Tensor<ShapeOf<T>>
}

interface CopyMethod<Args extends readonly unknown[] = []> {
  <T extends Tensor>(this: T, ...args: Args): Tensor<ShapeOf<T>>
}

/**
 * x with elements of another dtype; x itself when it has that one. To integers fractions are dropped,
 * and what is too large wraps around; to bool everything but 0 is true; float16 and bfloat16 round to
 * the nearest, ties to even, by way of float32. Gradients flow between floats.
 * @throws {DTypeError} for an unknown dtype, and when a value of int64 has none in int32.
 */
export const to: Copy<[dtype: DType]> = entry(
  {
    name: 'to',
    kind: 'structural',
    samples: (g) => [g.real(g.shape()), 'float64'],
  },
  (x: Tensor, dtype: DType): Tensor => castTo(checkTensor('to', x), checkDType('to', dtype)),
)

/** A contiguous copy in memory of its own; gradients flow through it. */
export const clone: Copy = entry(
  {
    name: 'clone',
    kind: 'structural',
    samples: (g) => [g.real(g.shape())],
  },
  (x: Tensor): Tensor => cloneOf(checkTensor('clone', x)),
)

/** x itself where its elements lie in memory in row-major order, else a copy where they do. */
export const contiguous: Copy = entry(
  {
    name: 'contiguous',
    kind: 'structural',
    samples: (g) => [g.real(g.shape())],
  },
  (x: Tensor): Tensor => contiguousOf(checkTensor('contiguous', x)),
)
