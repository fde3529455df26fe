import { checkDType, type DType } from '../dtype.ts'
import { castTo, clone as cloneOf } from '../kinds/cast.ts'
import { checkTensor, entry, type Entry } from '../kinds/entry.ts'
import { contiguousOf } from '../kinds/structural.ts'
import type { Tensor } from '../tensor.ts'
import type { ShapeOf } from '../types/shape.ts'

/** A function of one tensor that keeps its shape and elements. */
export interface Copy<Args extends readonly unknown[] = []> extends Entry<CopyMethod<Args>> {
  <T extends Tensor>(x: T, ...args: Args): Tensor<ShapeOf<T>>
}

interface CopyMethod<Args extends readonly unknown[] = []> {
  <T extends Tensor>(this: T, ...args: Args): Tensor<ShapeOf<T>>
}

/**
 * x with elements of another dtype; x itself when it has that one. To int32 fractions are dropped;
 * to bool everything but 0 is true. Gradients flow between floats.
 * @throws {DTypeError} for an unknown dtype.
 */
export const to: Copy<[dtype: DType]> = entry(
  {
    name: 'to',
    kind: 'structural',
    differentiable: true,
    samples: (g) => [g.real(g.shape()), 'float64'],
  },
  (x: Tensor, dtype: DType): Tensor => castTo(checkTensor('to', x), checkDType('to', dtype)),
)

/** A contiguous copy in memory of its own; gradients flow through it. */
export const clone: Copy = entry(
  {
    name: 'clone',
    kind: 'structural',
    differentiable: true,
    samples: (g) => [g.real(g.shape())],
  },
  (x: Tensor): Tensor => cloneOf(checkTensor('clone', x)),
)

/** x itself where its elements lie in row-major order, else a copy where they do. */
export const contiguous: Copy = entry(
  {
    name: 'contiguous',
    kind: 'structural',
    differentiable: true,
    samples: (g) => [g.real(g.shape())],
  },
  (x: Tensor): Tensor => contiguousOf(checkTensor('contiguous', x)),
)
