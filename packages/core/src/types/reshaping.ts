import type { Shape } from '../shape.ts'
import type { Add, Divide, Multiply, Subtract } from './arithmetic.ts'
import type { Place } from './dims.ts'
import type { AsShape, IsDynamic, LacksSize, ShapeMismatch, Show, Unsized } from './shape.ts'

// Shapes whose sizes follow from products and sums of others.

/** The number of elements; `number` where a size is unknown. */
type Count<S> = S extends readonly [infer H, ...infer T] ? CountFrom<H, T> : 1
type CountFrom<N, S> = S extends readonly [infer H, ...infer T] ? CountFrom<Multiply<N, H>, T> : N

/** `S` and `To` without the sizes in front that they share. */
type Unshared<S, To> = S extends readonly [infer H, ...infer T]
  ? To extends readonly [H, ...infer R]
    ? Unshared<T, R>
    : [S, To]
  : [S, To]

/** The sizes but for -1. */
type Given<To, Out extends unknown[] = []> = To extends readonly [infer H, ...infer T]
  ? Given<T, H extends -1 ? Out : [...Out, H]>
  : Out

/** A / B; never when something remains. */
type Exact<A, B> = B extends 1 ? A : A extends Multiply<Divide<A, B>, B> ? Divide<A, B> : never

/** What stands for -1 in `To`, if it has one; never when `S` has not as many elements. */
type Missing<S extends Shape, To extends Shape> = number extends S[number] | To[number]
  ? number
  : Unshared<S, To> extends [infer A, infer B]
    ? -1 extends To[number]
      ? Exact<Count<A>, Count<Given<B>>>
      : Count<A> extends Count<B>
        ? 1
        : never
    : never

/** The shape `To` for the elements of `S`; -1 in it stands for what is missing. */
export type Reshaped<S extends Shape, To extends Shape> = AsShape<ReshapedOf<S, To>>

type ReshapedOf<S extends Shape, To extends Shape> =
  IsDynamic<To> extends true
    ? Shape
    : -1 extends To[number]
      ? { -readonly [I in keyof To]: To[I] extends -1 ? Missing<S, To> : To[I] }
      : { -readonly [I in keyof To]: To[I] }

/** Demands that `S` and `To` have as many elements. */
export type Reshapes<S extends Shape, To extends Shape> = [Missing<S, To>] extends [never]
  ? ShapeMismatch<`cannot reshape ${Show<S>} to ${Show<To>}: the numbers of elements differ`>
  : unknown

type FlattenedAt<
  S,
  P extends number,
  Q extends number,
  N = null,
  Seen extends 0[] = [],
  Out extends unknown[] = [],
> = S extends readonly [infer H, ...infer T]
  ? Seen['length'] extends Q
    ? [...Out, N extends null ? H : Multiply<N, H>, ...T]
    : N extends null
      ? Seen['length'] extends P
        ? FlattenedAt<T, P, Q, H, [...Seen, 0], Out>
        : FlattenedAt<T, P, Q, null, [...Seen, 0], [...Out, H]>
      : FlattenedAt<T, P, Q, Multiply<N, H>, [...Seen, 0], Out>
  : [1]

/** `S` with the dims from `A` to `B` as one. */
export type Flattened<S extends Shape, A extends number, B extends number> = AsShape<
  FlattenedOf<S, A, B>
>

type FlattenedOf<S extends Shape, A extends number, B extends number> = number extends
  Place<S, A> | Place<S, B>
  ? Shape
  : AsShape<FlattenedAt<S, Place<S, A>, Place<S, B>>>

/** The size that `From` stretches to; never where it can't. */
type Stretched<From, To> = To extends -1
  ? From
  : From extends To | 1
    ? To
    : number extends From | To
      ? To
      : never

type ExpandedTo<S, To, Out extends unknown[] = []> = To extends readonly [...infer R, infer N]
  ? S extends readonly [...infer Rest, infer H]
    ? ExpandedTo<Rest, R, [Stretched<H, N>, ...Out]>
    : [...To, ...Out]
  : S extends readonly []
    ? Out
    : [never]

/** `S` stretched to `To`, aligned at the last dim; -1 keeps a size. */
export type Expanded<S extends Shape, To extends Shape> = AsShape<ExpandedOf<S, To>>

type ExpandedOf<S extends Shape, To extends Shape> = number extends S['length'] | To['length']
  ? Kept<To>
  : AsShape<ExpandedTo<S, To>>
type Kept<To extends Shape> =
  IsDynamic<To> extends true
    ? Shape
    : { -readonly [I in keyof To]: To[I] extends -1 ? number : To[I] }

/** Demands that `S` stretches to `To`. */
export type Expands<S extends Shape, To extends Shape> =
  LacksSize<Expanded<S, To>> extends true
    ? ShapeMismatch<`cannot expand ${Show<S>} to ${Show<To>}: only sizes of 1 stretch`>
    : unknown

type RepeatedBy<S, Times, Out extends unknown[] = []> = Times extends readonly [...infer R, infer N]
  ? S extends readonly [...infer Rest, infer H]
    ? RepeatedBy<Rest, R, [Multiply<H, N>, ...Out]>
    : [...Times, ...Out]
  : S extends readonly []
    ? Out
    : Shape

/** `S` again and again: along its last dim as often as the last of `Times` says, and so on. */
export type Repeated<S extends Shape, Times> = AsShape<RepeatedOf<S, Times>>

type RepeatedOf<S extends Shape, Times> = Times extends number
  ? Repeated<S, [Times]>
  : Times extends Shape
    ? number extends S['length'] | Times['length']
      ? Shape
      : AsShape<RepeatedBy<S, Times>>
    : Shape

type Longer<A, By> = `${By & number}` extends `-${infer Less extends number}`
  ? Subtract<A, Less>
  : Add<A, By>

type PaddedBy<S, W, Out extends unknown[] = []> = W extends readonly [infer A, infer B, ...infer R]
  ? S extends readonly [...infer Rest, infer H]
    ? PaddedBy<Rest, R, [Longer<Longer<H, A>, B>, ...Out]>
    : Shape
  : S extends Shape
    ? [...S, ...Out]
    : never

/** `S` with `[before, after]` more elements in its last dim, then in the one before it, and so on. */
export type Padded<S extends Shape, W extends Shape> = AsShape<PaddedOf<S, W>>

type PaddedOf<S extends Shape, W extends Shape> = number extends S['length']
  ? Shape
  : number extends W['length']
    ? Unsized<S>
    : AsShape<PaddedBy<S, W>>
