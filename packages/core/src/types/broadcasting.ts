import type { Shape } from '../shape.ts'
import type { AsShape, IsDynamic, ShapeMismatch, ShapeOf, Show } from './shape.ts'

// The shapes of elementwise ops.

/** The size that two sizes broadcast to; `number` where unknown; never where they can't. */
type Dim<A, B> = B extends 1 ? A : B extends A ? B : A extends 1 ? B : number extends B ? A : never

/** Two shapes of known length, from their ends. */
export type Zip<A, B, Out extends unknown[] = []> = A extends readonly [...infer AR, infer AL]
  ? B extends readonly [...infer BR, infer BL]
    ? [Dim<AL, BL>] extends [never]
      ? never
      : Zip<AR, BR, [Dim<AL, BL>, ...Out]>
    : [...A, ...Out]
  : B extends readonly unknown[]
    ? [...B, ...Out]
    : never

/** The shape that two shapes broadcast to, aligned at the last dimension; never when they can't. */
export type Broadcast<A extends Shape, B extends Shape> = true extends IsDynamic<A> | IsDynamic<B>
  ? Shape
  : AsShape<Zip<A, B>>

/** Demands that `A` and the shape of `X` broadcast. */
export type Fits<A extends Shape, X> = X extends number
  ? unknown
  : [Broadcast<A, ShapeOf<X>>] extends [never]
    ? ShapeMismatch<`cannot broadcast ${Show<A>} with ${Show<ShapeOf<X>>}`>
    : unknown

export type Broadcasted<A extends Shape, X> = X extends number ? A : Broadcast<A, ShapeOf<X>>
