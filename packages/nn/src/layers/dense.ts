import {
  isTensor,
  ShapeError,
  type Shape,
  type ShapeMismatch,
  type ShapeOf,
  type Tensor,
} from '@gradtape/core'
import { linear } from '../functional/linear.ts'
import { Module } from '../module/module.ts'
import type { Parameter } from '../module/parameter.ts'
import { checkSize, type ParameterStart } from '../options.ts'
import type { Accepts, Agree, Output, Ruled, ShapeRule } from '../shape-rules.ts'
import { showShape } from '../show-shape.ts'
import { uniformParameter } from './uniform-parameter.ts'

export interface DenseOptions extends ParameterStart {
  /** Whether a bias is added; true unless given. */
  readonly bias?: boolean
}

/** `[...batch, In]` becomes `[...batch, Out]`. */
export interface DenseRule<In extends number, Out extends number> extends ShapeRule {
  readonly out: this['in'] extends readonly [
    ...infer Batch extends Shape,
    infer Last extends number,
  ]
    ? Agree<Last, In> extends true
      ? [...Batch, Out]
      : ShapeMismatch<`Dense(${In}, ${Out}) expects ${In} features in the last dimension, not ${Last}`>
    : this['in'] extends readonly []
      ? ShapeMismatch<`Dense(${In}, ${Out}) expects ${In} features in a last dimension, not a 0-d tensor`>
      : [...number[], Out]
}

/**
 * A fully connected layer, `y = x Wᵀ + b`: PyTorch's `Linear`. It maps `[...batch, inFeatures]` to
 * `[...batch, outFeatures]`.
 *
 * `weight` has the shape `[outFeatures, inFeatures]`, `bias` `[outFeatures]` (or is null); both start
 * uniform in ±1/√inFeatures.
 *
 * @throws {ValueError} in the constructor unless the sizes are 0, 1, 2, …
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { Dense } from '@gradtape/nn'
 *
 * const layer = new Dense(3, 4)
 * console.log(layer.forward(zeros([10, 3])).shape) // → [ 10, 4 ]
 * ```
 */
export class Dense<const In extends number, const Out extends number>
  extends Module
  implements Ruled<DenseRule<In, Out>>
{
  declare readonly '~rule'?: DenseRule<In, Out>
  readonly inFeatures: In
  readonly outFeatures: Out
  readonly weight: Parameter<[Out, In]>
  readonly bias: Parameter<[Out]> | null

  constructor(
    inFeatures: In,
    outFeatures: Out,
    { bias = true, dtype, generator }: DenseOptions = {},
  ) {
    super()
    checkSize('Dense', 'inFeatures', inFeatures, 0)
    checkSize('Dense', 'outFeatures', outFeatures, 0)
    this.inFeatures = inFeatures
    this.outFeatures = outFeatures
    this.weight = uniformParameter([outFeatures, inFeatures], inFeatures, { dtype, generator })
    this.bias = bias ? uniformParameter([outFeatures], inFeatures, { dtype, generator }) : null
  }

  /** @throws {ShapeError} unless the last dimension of x has `inFeatures` elements. */
  forward<X extends Tensor>(
    x: X & Accepts<DenseRule<In, Out>, ShapeOf<X>>,
  ): Tensor<Output<DenseRule<In, Out>, ShapeOf<X>>> {
    const { inFeatures, outFeatures } = this
    if (isTensor(x) && x.shape.at(-1) !== inFeatures) {
      throw new ShapeError(
        `Dense(${inFeatures}, ${outFeatures}): expected ${inFeatures} features in the last dimension, got shape ${showShape(x.shape)}`,
      )
    }
    return linear(x, this.weight, this.bias) as never
  }

  override extraRepr(): string {
    return `inFeatures=${this.inFeatures}, outFeatures=${this.outFeatures}, bias=${this.bias !== null}`
  }
}
