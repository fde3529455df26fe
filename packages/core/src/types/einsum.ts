import type { Shape } from '../shape.ts'
import type { AsShape, ShapeMismatch, ShapeOf, Show } from './shape.ts'
import type { ShowAll } from './joining.ts'

// The shape of `einsum` by a literal equation with '->' and without '...'; others are not read.

type WithoutSpaces<E> = E extends `${infer A} ${infer B}` ? WithoutSpaces<`${A}${B}`> : E

/** The letters of a term with the sizes of a shape, as a union of pairs; a message where there are too many or too few. */
type Paired<Letters, S, Term, Of, Out = never> = Letters extends `${infer L}${infer R}`
  ? S extends readonly [infer N, ...infer T]
    ? Paired<R, T, Term, Of, Out | [L, N]>
    : Misnamed<Term, Of>
  : S extends readonly []
    ? Out
    : Misnamed<Term, Of>
type Misnamed<Term, S> = `einsum: '${Term & string}' doesn't name each dim of ${Show<S>} once`

/** The pairs of a tensor; none where its dims are unknown. */
type PairsOf<Term, S extends Shape> = number extends S['length'] ? never : Paired<Term, S, Term, S>

/** The pairs of all tensors. */
type Pairs<Terms, L, Out = never> = L extends readonly [infer X, ...infer R]
  ? Terms extends `${infer Term},${infer Rest}`
    ? Pairs<Rest, R, Out | PairsOf<Term, ShapeOf<X>>>
    : R extends readonly []
      ? Out | PairsOf<Terms, ShapeOf<X>>
      : `einsum: more tensors than terms`
  : `einsum: more terms than tensors`

/** For each letter the sizes that it stands for. */
type Sizes<P> = { [K in P as K extends [infer L extends string, unknown] ? L : never]: SizeIn<K> }
type SizeIn<K> = K extends [unknown, infer N] ? N : never

/** A letter's size: sizes of 1 broadcast; `number` where one is unknown. */
type Common<N> = [N] extends [1] ? 1 : number extends N ? number : Exclude<N, 1>

type Named<Letters, M, Out extends unknown[] = []> = Letters extends `${infer L}${infer R}`
  ? Named<R, M, [...Out, L extends keyof M ? Common<M[L]> : number]>
  : Out

type EinsumOf<E, L extends readonly unknown[]> = string extends E
  ? Shape
  : E extends `${string}.${string}`
    ? Shape
    : WithoutSpaces<E> extends `${infer Terms}->${infer Out}`
      ? number extends L['length']
        ? Named<Out, {}>
        : Named<Out, Sizes<Pairs<Terms, L>>>
      : Shape

/** The shape of `einsum(equation, ...tensors)`. */
export type Einsummed<E, L extends readonly unknown[]> = AsShape<EinsumOf<E, L>>

/** The letters that stand for several sizes. */
type Torn<M> = { [L in keyof M]: IsUnion<Common<M[L]>> extends true ? L : never }[keyof M]
type IsUnion<N, All = N> = N extends unknown ? ([All] extends [N] ? false : true) : never

/** What is wrong with an equation; never when nothing is. */
type Problem<P, L> = [Extract<P, string>] extends [never]
  ? [Torn<Sizes<P>>] extends [never]
    ? never
    : `einsum: the sizes of '${Torn<Sizes<P>> & string}' differ in ${ShowAll<L>}`
  : Extract<P, string>

type ProblemOf<E, L extends readonly unknown[]> = string extends E
  ? never
  : E extends `${string}.${string}`
    ? never
    : number extends L['length']
      ? never
      : WithoutSpaces<E> extends `${infer Terms}->${string}`
        ? Problem<Pairs<Terms, L>, L>
        : Problem<Pairs<WithoutSpaces<E>, L>, L>

/** Demands that an equation speaks of these tensors. */
export type Speaks<E, L extends readonly unknown[]> = [ProblemOf<E, L>] extends [never]
  ? unknown
  : ShapeMismatch<ProblemOf<E, L>>
