import type { Shape, ShapeMismatch } from '@gradtape/core'

// What the compiler knows of the shapes that flow through layers.

/**
 * A function from the shape of a layer's input to that of its output, or to a {@link ShapeMismatch}:
 * an interface whose `out` is written in terms of `this['in']`.
 */
export interface ShapeRule {
  readonly in: unknown
  readonly out: unknown
}

/**
 * A layer whose rule a Sequential can follow. The field exists for the compiler only:
 * `declare readonly '~rule'?: Rule`.
 */
export interface Ruled<R extends ShapeRule> {
  readonly '~rule'?: R
}

type Apply<R extends ShapeRule, S extends Shape> = (R & { readonly in: S })['out']

/** The output's shape; any where the input doesn't fit, as that is an error already. */
export type Output<R extends ShapeRule, S extends Shape> =
  Apply<R, S> extends infer O extends Shape ? O : Shape

/** What an input is intersected with: the message where its shape doesn't fit. */
export type Accepts<R extends ShapeRule, S extends Shape> =
  Apply<R, S> extends infer M extends ShapeMismatch<string> ? M : unknown

/** The shape stays. */
export interface Keeps extends ShapeRule {
  readonly out: this['in']
}

/** The output of a layer of a Sequential; unknown where the layer has no rule. */
type After<Layer, S extends Shape> = Layer extends { readonly '~rule'?: infer R extends ShapeRule }
  ? Apply<R, S>
  : Layer extends { forward(x: never): infer Out }
    ? ShapeOfResult<Out>
    : Shape

type ShapeOfResult<X> = X extends { readonly shape: Readonly<infer S extends Shape> } ? S : Shape

/** The shape that leaves a chain of layers, or the mismatch where one doesn't fit. */
export type Through<
  Layers extends readonly unknown[],
  S extends Shape,
> = number extends Layers['length']
  ? Shape
  : Layers extends readonly [infer First, ...infer Rest]
    ? After<First, S> extends infer O
      ? O extends Shape
        ? Through<Rest, O>
        : O
      : never
    : S

/** A chain of layers as one. */
export interface Chain<Layers extends readonly unknown[]> extends ShapeRule {
  readonly out: this['in'] extends infer S extends Shape ? Through<Layers, S> : never
}

/** For each layer of a chain what it is intersected with: the message at the first that doesn't fit. */
type Mismatches<
  Layers extends readonly unknown[],
  S extends Shape = Shape,
> = Layers extends readonly [infer First, ...infer Rest]
  ? After<First, S> extends infer O
    ? O extends Shape
      ? [unknown, ...Mismatches<Rest, O>]
      : [O]
    : never
  : []

/** The layers, demanded to fit each other: the error stands at the layer that doesn't. */
export type Fitting<Layers extends readonly unknown[]> = number extends Layers['length']
  ? Layers
  : { [I in keyof Layers]: Layers[I] & At<Mismatches<Layers>, I> }

/** Whether two sizes may be equal: one that is unknown may. */
export type Agree<A extends number, B extends number> = number extends A | B
  ? true
  : A extends B
    ? true
    : false

type At<List, I> = I extends keyof List ? List[I] : unknown
