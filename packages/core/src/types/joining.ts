import type { Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { Add, Divide, Subtract } from './arithmetic.ts'
import type { Drop, Place, Resized, SizeAt, Unsqueezed } from './dims.ts'
import type { AsShape, LacksSize, Same, ShapeMismatch, ShapeOf, Show, Unsized } from './shape.ts'

// Shapes of tensors that are joined, and of the parts that one is taken into.

/** Two shapes joined at place `P`; never, or with a size of never, when they differ elsewhere. */
type Pair<A extends Shape, B extends Shape, P extends number> = number extends
  A['length'] | B['length']
  ? Shape
  : B['length'] extends A['length']
    ? {
        [I in keyof A]: I extends keyof B
          ? I extends `${P}`
            ? Add<A[I], B[I]>
            : Same<A[I], B[I]>
          : never
      }
    : never

/** The shapes of a list of tensors joined to `A`. */
type Chain<A, L, P extends number> = L extends readonly [infer X, ...infer R]
  ? Chain<Pair<AsShape<A>, ShapeOf<X>, P>, R, P>
  : A

type JoinedAt<L extends readonly Tensor[], P extends number> = L extends readonly [
  infer X,
  ...infer R,
]
  ? number extends P
    ? Unsized<ShapeOf<X>>
    : AsShape<Chain<ShapeOf<X>, R, P>>
  : L extends readonly []
    ? Shape
    : Resized<ShapeOf<L[number]>, P, number>

/** The shape of tensors one after the other along dim `D`. */
export type Joined<L extends readonly Tensor[], D extends number> = AsShape<JoinedOf<L, D>>

type JoinedOf<L extends readonly Tensor[], D extends number> = JoinedAt<L, Place<ShapeOf<L[0]>, D>>

/** The shape of tensors of one shape along a new dim `D`. */
export type Stacked<L extends readonly Tensor[], D extends number> = AsShape<StackedOf<L, D>>

type StackedOf<L extends readonly Tensor[], D extends number> = L extends readonly [
  infer X,
  ...infer R,
]
  ? Unsqueezed<AsShape<Chain<ShapeOf<X>, R, never>>, D, L['length']>
  : L extends readonly []
    ? Shape
    : Unsqueezed<ShapeOf<L[number]>, D, number>

/** `[2, 3], [4, 5]`, for messages. */
export type ShowAll<L> = L extends readonly [infer X]
  ? Show<ShapeOf<X>>
  : L extends readonly [infer X, ...infer R]
    ? `${Show<ShapeOf<X>>}, ${ShowAll<R>}`
    : ''

/** Demands that the tensors have equal sizes but in dim `D`. */
export type Joins<L extends readonly Tensor[], D extends number> =
  LacksSize<Joined<L, D>> extends true
    ? ShapeMismatch<`cat: shapes ${ShowAll<L>} can't be joined along dim ${D}`>
    : unknown

/** Demands that the tensors have one shape. */
export type Stacks<L extends readonly Tensor[], D extends number> =
  LacksSize<Stacked<L, D>> extends true
    ? ShapeMismatch<`stack: shapes ${ShowAll<L>} differ`>
    : unknown

/** The sizes of the parts of `N` that have `Size` elements each, the last one perhaps fewer; of up to eight. */
type Parts<N, Size, Out extends unknown[] = []> = Out['length'] extends 8
  ? number[]
  : [Subtract<N, Size>] extends [infer R]
    ? [R] extends [never]
      ? [...Out, N]
      : R extends 0
        ? [...Out, Size]
        : Parts<R, Size, [...Out, Size]>
    : never

/** Parts of `S`, of such sizes at place `P`. */
type Pieces<S extends Shape, P extends number, Sizes extends Shape> = {
  -readonly [I in keyof Sizes]: Tensor<Resized<S, P, Sizes[I] & number>>
}

type SplitAt<S extends Shape, Sizes, P extends number> = Sizes extends Shape
  ? Pieces<S, P, Sizes>
  : number extends P | Sizes | SizeAt<S, P>
    ? Pieces<S, P, number[]>
    : Pieces<S, P, AsShape<Parts<S[P], Sizes>>>

/** What `split` makes: a tuple where the sizes are known and few. */
export type Split<S extends Shape, Sizes, D extends number> = SplitAt<S, Sizes, Place<S, D>>

/** N / Count, rounded up. */
type Share<N, Count> = Divide<Add<N, Subtract<Count, 1>>, Count>

type ChunkAt<S extends Shape, Count extends number, P extends number> = number extends
  P | SizeAt<S, P> | Count
  ? Pieces<S, P, number[]>
  : SplitAt<S, Share<S[P], Count>, P>

/** What `chunk` makes. */
export type Chunks<S extends Shape, Count extends number, D extends number> = ChunkAt<
  S,
  Count,
  Place<S, D>
>

/** `N` times `X`, a tuple up to eight. */
type Copies<X, N, Out extends X[] = []> = Out['length'] extends N
  ? Out
  : Out['length'] extends 8
    ? X[]
    : Copies<X, N, [...Out, X]>

type UnboundAt<S extends Shape, P extends number> = number extends P
  ? Tensor[]
  : number extends S[P]
    ? Tensor<AsShape<Drop<S, P>>>[]
    : Copies<Tensor<AsShape<Drop<S, P>>>, S[P]>

/** What `unbind` makes. */
export type Slices<S extends Shape, D extends number> = UnboundAt<S, Place<S, D>>
