import type { Shape } from '../shape.ts'
import type { AsShape, IsDynamic, ShapeMismatch, Show, Unsized } from './shape.ts'

// Shapes after something is done to dims that are given by their numbers.

interface Names {
  [dim: string]: number
}

// For so many dims: the place of each, counted from the front or (below 0) from the end.
// prettier-ignore
interface Places0 extends Names { '0': 0; '-1': 0 }
// prettier-ignore
interface Places1 extends Names { '0': 0; '-1': 0 }
// prettier-ignore
interface Places2 extends Names { '0': 0; '1': 1; '-2': 0; '-1': 1 }
// prettier-ignore
interface Places3 extends Names { '0': 0; '1': 1; '2': 2; '-3': 0; '-2': 1; '-1': 2 }
// prettier-ignore
interface Places4 extends Names { '0': 0; '1': 1; '2': 2; '3': 3; '-4': 0; '-3': 1; '-2': 2; '-1': 3 }
// prettier-ignore
interface Places5 extends Names { '0': 0; '1': 1; '2': 2; '3': 3; '4': 4; '-5': 0; '-4': 1; '-3': 2; '-2': 3; '-1': 4 }
// prettier-ignore
interface Places6 extends Names { '0': 0; '1': 1; '2': 2; '3': 3; '4': 4; '5': 5; '-6': 0; '-5': 1; '-4': 2; '-3': 3; '-2': 4; '-1': 5 }
interface Places {
  [ndim: number]: Names
  0: Places0
  1: Places1
  2: Places2
  3: Places3
  4: Places4
  5: Places5
  6: Places6
}

/** The place of dim `D`; `number` where it is unknown, there is no such dim, or there are very many. */
export type Place<S extends Shape, D extends number> = Places[S['length']][`${D}`]

/** `S` with size `N` at place `P`. */
export type Resized<S extends Shape, P extends number, N extends number> = AsShape<
  ResizedOf<S, P, N>
>

type ResizedOf<S extends Shape, P extends number, N extends number> = number extends P
  ? Unsized<S>
  : { [I in keyof S]: I extends `${P}` ? N : S[I] }

/** `S` without the places `P`, or with 1 in their place. */
export type Drop<
  S,
  P,
  K = false,
  Seen extends 0[] = [],
  Out extends unknown[] = [],
> = S extends readonly [infer H, ...infer T]
  ? Drop<
      T,
      P,
      K,
      [...Seen, 0],
      Seen['length'] extends P ? (K extends true ? [...Out, 1] : Out) : [...Out, H]
    >
  : Out

type ReduceAt<S, P, K> = number extends P ? Shape : Drop<S, P, K>

type ReduceOf<S extends Shape, D, K> = D extends undefined
  ? K extends true
    ? { [I in keyof S]: 1 }
    : []
  : D extends number
    ? ReduceAt<S, Place<S, D>, K>
    : D extends readonly []
      ? S
      : D extends readonly number[]
        ? ReduceAt<S, Place<S, D[number]>, K>
        : Shape

/** The shape that a reduction leaves: of all dims, of one, or of a list; unknown where the dims are. */
export type Reduce<S extends Shape, D, K> = AsShape<ReduceOf<S, D, K>>

/** `S` with size `N` put in at place `P`. */
type Inserted<
  S extends Shape,
  P extends number,
  N extends number,
  Out extends Shape = [],
> = Out['length'] extends P
  ? [...Out, N, ...S]
  : S extends readonly [infer H extends number, ...infer T extends Shape]
    ? Inserted<T, P, N, [...Out, H]>
    : Shape

/** `S` with size `N` put in as dim `D` of the result. */
export type Unsqueezed<S extends Shape, D extends number, N extends number = 1> = AsShape<
  UnsqueezedOf<S, D, N>
>
type UnsqueezedOf<S extends Shape, D extends number, N extends number> =
  IsDynamic<S> extends true ? Shape : InsertedAt<S, Place<[0, ...S], D>, N>
type InsertedAt<S extends Shape, P extends number, N extends number> = number extends P
  ? Shape
  : Inserted<S, P, N>

type SqueezedAt<
  S extends Shape,
  P extends number,
  Seen extends 0[] = [],
  Out extends Shape = [],
> = S extends readonly [infer H extends number, ...infer T extends Shape]
  ? SqueezedAt<
      T,
      P,
      [...Seen, 0],
      H extends 1 ? (Seen['length'] extends P ? Out : [...Out, H]) : [...Out, H]
    >
  : Out

/** `S` without its sizes of 1, or without those of dims `D`; unknown where one of them may be 1. */
export type Squeezed<S extends Shape, D> = AsShape<SqueezedOf<S, D>>

type SqueezedOf<S extends Shape, D> = D extends undefined
  ? number extends S[number]
    ? Shape
    : SqueezedAt<S, number>
  : D extends number
    ? SqueezedIn<S, Place<S, D>>
    : D extends readonly number[]
      ? SqueezedIn<S, Place<S, D[number]>>
      : Shape
type SqueezedIn<S extends Shape, P extends number> = number extends P
  ? Shape
  : number extends S[P]
    ? Shape
    : SqueezedAt<S, P>

type SwappedAt<S extends Shape, P extends number, Q extends number> = number extends P | Q
  ? Unsized<S>
  : { [I in keyof S]: I extends `${P}` ? S[Q] : I extends `${Q}` ? S[P] : S[I] }

/** `S` with dims `A` and `B` exchanged. */
export type Swapped<S extends Shape, A extends number, B extends number> = AsShape<
  SwappedOf<S, A, B>
>

type SwappedOf<S extends Shape, A extends number, B extends number> = SwappedAt<
  S,
  Place<S, A>,
  Place<S, B>
>

/** The size at place `P`. */
export type SizeAt<S extends Shape, P extends number> = number extends P ? number : S[P]

/** `S` with its dims in the order `D`. */
export type Permuted<S extends Shape, D extends readonly number[]> = AsShape<PermutedOf<S, D>>

type PermutedOf<S extends Shape, D extends readonly number[]> = number extends D['length']
  ? Unsized<S>
  : IsDynamic<S> extends true
    ? Shape
    : { -readonly [I in keyof D]: SizeAt<S, Place<S, D[I]>> }

/** Demands that `D` has as many dims as `S`. */
export type Permutes<S extends Shape, D extends readonly number[]> = number extends
  S['length'] | D['length']
  ? unknown
  : S['length'] extends D['length']
    ? unknown
    : ShapeMismatch<`permute: ${Show<D>} doesn't name each dim of ${Show<S>} once`>

/** The last two dims exchanged. */
export type Transposed<S extends Shape> =
  IsDynamic<S> extends true
    ? Shape
    : S extends readonly [...infer B extends Shape, infer M extends number, infer N extends number]
      ? [...B, N, M]
      : S

// The shapes of the properties T and mT. They stand in the type of the tensor itself, so they may be
// no conditional types, which would say nothing of a shape that is known in part: size `I` is the one
// that a table names for so many dims.

interface Mirror {
  [dim: string | symbol]: number
}
// prettier-ignore
interface Mirror1 extends Mirror { 0: 0 }
// prettier-ignore
interface Mirror2 extends Mirror { 0: 1; 1: 0 }
// prettier-ignore
interface Mirror3 extends Mirror { 0: 2; 1: 1; 2: 0 }
// prettier-ignore
interface Mirror4 extends Mirror { 0: 3; 1: 2; 2: 1; 3: 0 }
// prettier-ignore
interface Mirror5 extends Mirror { 0: 4; 1: 3; 2: 2; 3: 1; 4: 0 }
// prettier-ignore
interface Mirror6 extends Mirror { 0: 5; 1: 4; 2: 3; 3: 2; 4: 1; 5: 0 }
// prettier-ignore
interface Last3 extends Mirror { 0: 0; 1: 2; 2: 1 }
// prettier-ignore
interface Last4 extends Mirror { 0: 0; 1: 1; 2: 3; 3: 2 }
// prettier-ignore
interface Last5 extends Mirror { 0: 0; 1: 1; 2: 2; 3: 4; 4: 3 }
// prettier-ignore
interface Last6 extends Mirror { 0: 0; 1: 1; 2: 2; 3: 3; 4: 5; 5: 4 }
interface Reversals {
  [ndim: number]: Mirror
  1: Mirror1
  2: Mirror2
  3: Mirror3
  4: Mirror4
  5: Mirror5
  6: Mirror6
}
interface Exchanges {
  [ndim: number]: Mirror
  2: Mirror2
  3: Last3
  4: Last4
  5: Last5
  6: Last6
}

/** The dims in reverse order. */
export type Backwards<S extends Shape> = { [I in keyof S]: S[Reversals[S['length']][I]] }

/** The last two dims exchanged. */
export type Exchanged<S extends Shape> = { [I in keyof S]: S[Exchanges[S['length']][I]] }
