import type { Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'

/** What a parameter's type is intersected with when shapes don't fit: the message shows in the error. */
export interface ShapeMismatch<Message extends string> {
  readonly error: Message
}

/** The shape of a tensor; a number broadcasts like a 0-d tensor. */
export type ShapeOf<X> = X extends Tensor<infer S> ? S : []

/** A shape as creators take it, `const`, made a plain tuple. */
export type Plain<S extends Shape> = number extends S['length']
  ? Shape
  : { -readonly [I in keyof S]: S[I] }

/** True when not even the number of dimensions is known. */
export type IsDynamic<S extends Shape> = number extends S['length'] ? true : false

/** The size that two sizes broadcast to; `number` where unknown; never where they can't. */
type Dim<A extends number, B extends number> = A extends 1
  ? B
  : B extends 1
    ? A
    : number extends A
      ? B
      : number extends B
        ? A
        : A extends B
          ? A
          : never

type Zip<A extends Shape, B extends Shape, Out extends Shape = []> = A extends readonly [
  ...infer AR extends Shape,
  infer AL extends number,
]
  ? B extends readonly [...infer BR extends Shape, infer BL extends number]
    ? [Dim<AL, BL>] extends [never]
      ? never
      : Zip<AR, BR, [Dim<AL, BL>, ...Out]>
    : [...A, ...Out]
  : [...B, ...Out]

/** The shape that two shapes broadcast to, aligned at the last dimension; never when they can't. */
export type Broadcast<A extends Shape, B extends Shape> = true extends IsDynamic<A> | IsDynamic<B>
  ? Shape
  : Zip<A, B>

type Join<S extends Shape> = S extends readonly []
  ? ''
  : S extends readonly [infer H extends number]
    ? `${H}`
    : S extends readonly [infer H extends number, ...infer T extends Shape]
      ? `${H}, ${Join<T>}`
      : '...'

/** `[2, 3]`, for messages. */
export type Show<S extends Shape> = `[${Join<S>}]`

/** Demands that `A` and the shape of `X` broadcast. */
export type Fits<A extends Shape, X> = X extends number
  ? unknown
  : [Broadcast<A, ShapeOf<X>>] extends [never]
    ? ShapeMismatch<`cannot broadcast ${Show<A>} with ${Show<ShapeOf<X>>}`>
    : unknown

export type Broadcasted<A extends Shape, X> = X extends number ? A : Broadcast<A, ShapeOf<X>>

type Inner<A extends number, B extends number> = number extends A
  ? number
  : number extends B
    ? number
    : A extends B
      ? A
      : never

/** The shape of a matrix product by PyTorch's rules; never when the inner dimensions differ. */
export type MatMul<A extends Shape, B extends Shape> = true extends IsDynamic<A> | IsDynamic<B>
  ? Shape
  : A extends readonly [infer K extends number]
    ? B extends readonly [infer K2 extends number]
      ? [Inner<K, K2>] extends [never]
        ? never
        : []
      : B extends readonly [
            ...infer BB extends Shape,
            infer K2 extends number,
            infer N extends number,
          ]
        ? [Inner<K, K2>] extends [never]
          ? never
          : [...BB, N]
        : never
    : A extends readonly [...infer AB extends Shape, infer M extends number, infer K extends number]
      ? B extends readonly [infer K2 extends number]
        ? [Inner<K, K2>] extends [never]
          ? never
          : [...AB, M]
        : B extends readonly [
              ...infer BB extends Shape,
              infer K2 extends number,
              infer N extends number,
            ]
          ? [Inner<K, K2>] extends [never]
            ? never
            : Zip<AB, BB> extends infer Z extends Shape
              ? [...Z, M, N]
              : never
          : never
      : never

/** Why two shapes have no matrix product. */
type NoProduct<A extends Shape, B extends Shape> = A extends readonly [
  ...Shape,
  infer K extends number,
]
  ? B extends
      readonly [infer K2 extends number] | readonly [...Shape, infer K2 extends number, number]
    ? [Inner<K, K2>] extends [never]
      ? `matmul: inner dimensions of ${Show<A>} and ${Show<B>} differ`
      : `matmul: batch dimensions of ${Show<A>} and ${Show<B>} don't broadcast`
    : `matmul: ${Show<B>} has no dimension to sum over`
  : `matmul: ${Show<A>} has no dimension to sum over`

/** Demands that `A` and the shape of `X` have a matrix product. */
export type Multiplies<A extends Shape, X> = [MatMul<A, ShapeOf<X>>] extends [never]
  ? ShapeMismatch<NoProduct<A, ShapeOf<X>>>
  : unknown

/** True when two shapes are of vectors of one size, or may be. */
type AreVectors<A extends Shape, B extends Shape> = true extends IsDynamic<A> | IsDynamic<B>
  ? true
  : A extends readonly [infer N extends number]
    ? B extends readonly [infer M extends number]
      ? [Inner<N, M>] extends [never]
        ? false
        : true
      : false
    : false

/** Demands that `A` and the shape of `X` are of vectors of one size. */
export type Dots<A extends Shape, X> =
  true extends AreVectors<A, ShapeOf<X>>
    ? unknown
    : ShapeMismatch<`dot: expected two vectors of one size, got ${Show<A>} and ${Show<ShapeOf<X>>}`>

type Tuple<N extends number, T extends unknown[] = []> = T['length'] extends N
  ? T
  : T['length'] extends 12
    ? never
    : Tuple<N, [...T, 0]>
type Minus<A extends number, B extends number> =
  Tuple<A> extends readonly [...Tuple<B>, ...infer R] ? R['length'] : never

/** Each of the dims `D` counted from the front. */
type FromFront<S extends Shape, D extends number> = D extends unknown
  ? `${D}` extends `-${infer P extends number}`
    ? Minus<S['length'], P>
    : D
  : never

/** `S` without the dims `D`, or with 1 in their place. */
type Drop<
  S extends Shape,
  D extends number,
  K extends boolean,
  Seen extends 0[] = [],
  Out extends Shape = [],
> = S extends readonly [infer H extends number, ...infer T extends Shape]
  ? Drop<
      T,
      D,
      K,
      [...Seen, 0],
      Seen['length'] extends D ? (K extends true ? [...Out, 1] : Out) : [...Out, H]
    >
  : Out

type ReduceOver<S extends Shape, D extends number, K extends boolean> =
  IsDynamic<S> extends true ? Shape : number extends D ? Shape : Drop<S, FromFront<S, D>, K>

/** The shape that a reduction leaves: of all dims, of one, or of a list; unknown where the dims are. */
export type Reduce<S extends Shape, D, K extends boolean> = D extends undefined
  ? K extends true
    ? IsDynamic<S> extends true
      ? Shape
      : { -readonly [I in keyof S]: 1 }
    : []
  : D extends number
    ? ReduceOver<S, D, K>
    : D extends readonly (infer I extends number)[]
      ? ReduceOver<S, I, K>
      : Shape

/** The last two dimensions exchanged. */
export type Transposed<S extends Shape> =
  IsDynamic<S> extends true
    ? Shape
    : S extends readonly [...infer B extends Shape, infer M extends number, infer N extends number]
      ? [...B, N, M]
      : Shape

/** A shape argument in which -1 stands for a size that follows from the others. */
export type Inferred<S extends Shape> = number extends S['length']
  ? Shape
  : { -readonly [I in keyof S]: S[I] extends -1 ? number : S[I] }
