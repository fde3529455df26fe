import type { ShapeOf, Tensor } from '@gradtape/core'
import type { Module } from '../module/module.ts'
import type { Accepts, Chain, Fitting, Output, Ruled } from '../shape-rules.ts'
import { IndexedModules } from './indexed-modules.ts'

/** The layer at a literal place; one of all where the place is unknown. */
type LayerAt<L extends readonly Module[], I extends number> = number extends L['length']
  ? L[number] | undefined
  : `${I}` extends keyof L
    ? L[`${I}` & keyof L]
    : L[number] | undefined

/**
 * Layers, each applied to the output of the one before. Where the compiler knows their shapes, a
 * layer that doesn't fit is an error at that layer. They are also the fields `0`, `1`, ….
 *
 * @throws {ValueError} in the constructor when an argument is no module.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { Dense, Sequential, Tanh } from '@gradtape/nn'
 *
 * const model = new Sequential(new Dense(2, 16), new Tanh(), new Dense(16, 1))
 * console.log(model.forward(zeros([10, 2])).shape) // → [ 10, 1 ]
 * ```
 */
export class Sequential<const L extends readonly Module[]>
  extends IndexedModules<L[number]>
  implements Ruled<Chain<L>>
{
  declare readonly '~rule'?: Chain<L>

  constructor(...layers: Fitting<L>) {
    super()
    this.add(layers as never)
  }

  forward<X extends Tensor>(
    x: X & Accepts<Chain<L>, ShapeOf<X>>,
  ): Tensor<Output<Chain<L>, ShapeOf<X>>> {
    let out: Tensor = x
    for (let i = 0; i < this.length; i++) out = this[i]!.forward(out)
    return out as never
  }

  override at<const I extends number>(index: I): LayerAt<L, I> {
    return super.at(index) as never
  }
}
