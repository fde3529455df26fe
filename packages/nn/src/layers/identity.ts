import type { ShapeOf, Tensor } from '@gradtape/core'
import { Module } from '../module/module.ts'
import type { Keeps, Ruled } from '../shape-rules.ts'

/** Gives back its input. */
export class Identity extends Module implements Ruled<Keeps> {
  declare readonly '~rule'?: Keeps

  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return x as never
  }
}
