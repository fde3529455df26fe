import type { Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { AsShape, ShapeOf } from './shape.ts'

// Shapes of what is picked by keys.

/** The shape of `x.at(...keys)` without tensors among the keys: they are taken from the front up to '...'. */
type PickedFirst<S, Keys, Out extends unknown[] = []> = Keys extends readonly [infer K, ...infer R]
  ? K extends null
    ? PickedFirst<S, R, [...Out, 1]>
    : K extends '...'
      ? PickedLast<S, R, Out>
      : S extends readonly [infer _, ...infer T]
        ? PickedFirst<T, R, K extends number ? Out : [...Out, number]>
        : Shape
  : S extends Shape
    ? [...Out, ...S]
    : never

/** The same from the end, for the keys after '...'. */
type PickedLast<
  S,
  Keys,
  Out extends unknown[],
  End extends unknown[] = [],
> = Keys extends readonly [...infer R, infer K]
  ? K extends null
    ? PickedLast<S, R, Out, [1, ...End]>
    : S extends readonly [...infer T, infer _]
      ? PickedLast<T, R, Out, K extends number ? End : [number, ...End]>
      : Shape
  : S extends Shape
    ? [...Out, ...S, ...End]
    : never

/** The shape of `x.at(...keys)`: numbers drop a dim, slices make its size unknown, null adds one of 1. */
export type Picked<S extends Shape, Keys extends readonly unknown[]> = AsShape<PickedOf<S, Keys>>

type PickedOf<S extends Shape, Keys extends readonly unknown[]> = number extends
  S['length'] | Keys['length']
  ? Shape
  : true extends { [I in keyof Keys]: Keys[I] extends Tensor ? true : false }[number]
    ? Shape
    : AsShape<PickedFirst<S, Keys>>

/** The size of a vector. */
export type SizeOf<X> = ShapeOf<X> extends readonly [infer N extends number] ? N : number
