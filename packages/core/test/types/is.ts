import type { Shape, ShapeOf, Tensor } from '../../src/index.ts'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Demands that `x` is of type `T`, no wider and no narrower. */
export function is<T>(): <X>(x: X, ...no: Equal<X, T> extends true ? [] : [never]) => void {
  return () => {}
}

/** A shape that no other fits, neither a wider nor a narrower one. */
export interface Exactly<in out S extends Shape> {
  readonly shape?: S
}

/** `any` would pass for every shape. */
type Known<S extends Shape> = 0 extends 1 & S[number] ? unknown : Exactly<S>

/**
 * The shape of a tensor, for `satisfies Exactly<…>`, which costs the compiler a quarter of what
 * {@link is} does.
 */
export function shape<X>(x: X): Known<ShapeOf<X>> {
  return { shape: (x as Tensor).shape } as never
}
