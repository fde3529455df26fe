import type { Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'

/** What a parameter's type is intersected with when shapes don't fit: the message shows in the error. */
export interface ShapeMismatch<Message> {
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

// Here and in other rules, what comes from another rule stands in parameters without a constraint:
// the compiler would prove anew for each use that it is met, which costs more than all uses.

type Join<S> = S extends readonly [infer H]
  ? H
  : S extends readonly [infer H, ...infer T]
    ? `${H & number}, ${Join<T> & (number | string)}`
    : S extends readonly []
      ? ''
      : '...'

/** `[2, 3]`, for messages. */
export type Show<S> = `[${Join<S> & (number | string)}]`

/** As many dims, of any sizes. */
export type Unsized<S extends Shape> = { [I in keyof S]: number }

/** The size that two equal ones have; `number` where one is unknown; never where they differ. */
export type Same<A, B> = number extends A | B ? number : A extends B ? A : never

/** True when there is no such size as one of these is. */
export type LacksSize<S> = [S] extends [never]
  ? true
  : true extends { [I in keyof S]: [S[I]] extends [never] ? true : false }[keyof S & number]
    ? true
    : false

/** What is known to be a shape by how it was made, and not by its type. */
export type AsShape<S> = [S] extends [infer R extends Shape] ? R : never
