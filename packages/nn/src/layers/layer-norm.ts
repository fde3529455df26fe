import {
  isTensor,
  ones,
  ShapeError,
  zeros,
  type Shape,
  type ShapeMismatch,
  type ShapeOf,
  type Tensor,
} from '@gradtape/core'
import { checkNormalizedShape, endsWith, layerNorm } from '../functional/layer-norm.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'
import { checkDtype, checkEps, checkFlag, checkNames, type ParameterDtype } from '../options.ts'
import type { Accepts, Agree, Ruled, ShapeRule } from '../shape-rules.ts'
import { showShape } from '../show-shape.ts'

export interface LayerNormOptions extends ParameterDtype {
  /** What is added to the variance; 1e-5 unless given. */
  readonly eps?: number
  /** Whether there are `weight` and `bias`; true unless given. */
  readonly elementwiseAffine?: boolean
  /** Whether there is a `bias`, where there is a `weight`; true unless given. */
  readonly bias?: boolean
}

/** The shape stays, if the last dim has the size; of a list of sizes nothing is demanded. */
export interface LayerNormRule<S extends number | Shape> extends ShapeRule {
  readonly out: S extends number
    ? this['in'] extends readonly [...Shape, infer L extends number]
      ? Agree<L, S> extends true
        ? this['in']
        : ShapeMismatch<`LayerNorm(${S}) expects ${S} features in the last dimension, not ${L}`>
      : this['in']
    : this['in']
}

/**
 * Layer normalisation (Ba, Kiros, Hinton 2016): `(x - mean) / √(variance + eps) · weight + bias`, with
 * mean and variance of the last dims, whose sizes are `normalizedShape`, a list or one number.
 *
 * `weight` starts as ones, `bias` as zeros, both of that shape (or null).
 *
 * @throws {ValueError} in the constructor for sizes and options out of range.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { LayerNorm } from '@gradtape/nn'
 *
 * const layer = new LayerNorm(3)
 * console.log(layer.forward(tensor([[1, 2, 3]])).detach()) // → tensor([[-1.2247,  0.0000,  1.2247]])
 * ```
 */
export class LayerNorm<const S extends number | Shape>
  extends Module
  implements Ruled<LayerNormRule<S>>
{
  declare readonly '~rule'?: LayerNormRule<S>
  readonly normalizedShape: readonly number[]
  readonly eps: number
  readonly elementwiseAffine: boolean
  readonly weight: Parameter | null
  readonly bias: Parameter | null

  constructor(normalizedShape: S, options: LayerNormOptions = {}) {
    super()
    const name = 'LayerNorm'
    const names = ['eps', 'elementwiseAffine', 'bias', 'dtype'] as const
    const {
      eps = 1e-5,
      elementwiseAffine = true,
      bias = true,
      dtype,
    } = checkNames(name, options, names)
    const shape = checkNormalizedShape(name, normalizedShape)
    this.normalizedShape = shape
    this.eps = checkEps(name, eps)
    checkDtype(name, dtype)
    this.elementwiseAffine = checkFlag(name, 'elementwiseAffine', elementwiseAffine)
    checkFlag(name, 'bias', bias)
    this.weight = elementwiseAffine ? new Parameter(ones(shape, { dtype })) : null
    this.bias = elementwiseAffine && bias ? new Parameter(zeros(shape, { dtype })) : null
  }

  /**
   * @throws {ShapeError} unless the last dims of x have the sizes of `normalizedShape`.
   * @throws {DTypeError} unless x is of the dtype of the parameters.
   */
  forward<X extends Tensor>(x: X & Accepts<LayerNormRule<S>, ShapeOf<X>>): Tensor<ShapeOf<X>> {
    const { normalizedShape, weight, bias, eps } = this
    if (isTensor(x) && !endsWith(x.shape, normalizedShape)) {
      throw new ShapeError(
        `LayerNorm: expected last dims of ${showShape(normalizedShape)}, got shape ${showShape(x.shape)}`,
      )
    }
    return layerNorm(x as Tensor, normalizedShape, weight, bias, { eps }) as never
  }

  override extraRepr(): string {
    const { normalizedShape, eps, elementwiseAffine } = this
    return `${showShape(normalizedShape)}, eps=${eps}, elementwiseAffine=${elementwiseAffine}`
  }
}
