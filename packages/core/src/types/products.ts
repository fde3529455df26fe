import type { Shape } from '../shape.ts'
import type { Zip } from './broadcasting.ts'
import type { AsShape, IsDynamic, Same, ShapeMismatch, ShapeOf, Show } from './shape.ts'

// The shapes of matrix products.

/** The size that the first operand sums over. */
type LastOf<S> = S extends readonly [...unknown[], infer K] ? K : never

/** The size that the second operand sums over. */
type InnerOf<S> = S extends readonly [infer K]
  ? K
  : S extends readonly [...unknown[], infer K, unknown]
    ? K
    : never

type Rows<S> = S extends readonly [...unknown[], infer M, unknown] ? [M] : []
type Columns<S> = S extends readonly [...unknown[], unknown, infer N] ? [N] : []
type Batch<S> = S extends readonly [...infer B extends Shape, unknown, unknown] ? B : []

/** The shape of a matrix product by PyTorch's rules; never when it has none. */
export type MatMul<A extends Shape, B extends Shape> = true extends IsDynamic<A> | IsDynamic<B>
  ? Shape
  : [Same<LastOf<A>, InnerOf<B>>] extends [never]
    ? never
    : Product<Zip<Batch<A>, Batch<B>>, Rows<A>, Columns<B>>
type Product<Z, M, N> = [Z] extends [infer L extends Shape]
  ? [L] extends [never]
    ? never
    : AsShape<[...L, ...AsShape<M>, ...AsShape<N>]>
  : never

/** Why two shapes have no matrix product. */
type NoProduct<A, B> = [LastOf<A>] extends [never]
  ? `matmul: ${Show<A>} has no dimension to sum over`
  : [InnerOf<B>] extends [never]
    ? `matmul: ${Show<B>} has no dimension to sum over`
    : [Same<LastOf<A>, InnerOf<B>>] extends [never]
      ? `matmul: inner dimensions of ${Show<A>} and ${Show<B>} differ`
      : `matmul: batch dimensions of ${Show<A>} and ${Show<B>} don't broadcast`

/** Demands that `A` and the shape of `X` have a matrix product. */
export type Multiplies<A extends Shape, X> = [MatMul<A, ShapeOf<X>>] extends [never]
  ? ShapeMismatch<NoProduct<A, ShapeOf<X>>>
  : unknown

/** True when two shapes are of vectors of one size, or may be. */
type AreVectors<A extends Shape, B extends Shape> = true extends IsDynamic<A> | IsDynamic<B>
  ? true
  : A extends readonly [infer N extends number]
    ? B extends readonly [infer M extends number]
      ? [Same<N, M>] extends [never]
        ? false
        : true
      : false
    : false

/** Demands that `A` and the shape of `X` are of vectors of one size. */
export type Dots<A extends Shape, X> =
  true extends AreVectors<A, ShapeOf<X>>
    ? unknown
    : ShapeMismatch<`dot: expected two vectors of one size, got ${Show<A>} and ${Show<ShapeOf<X>>}`>
