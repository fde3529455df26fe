import {
  isTensor,
  ones,
  ShapeError,
  ValueError,
  zeros,
  type ShapeMismatch,
  type ShapeOf,
  type Tensor,
} from '@gradtape/core'
import { groupNorm } from '../functional/group-norm.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'
import {
  checkDtype,
  checkEps,
  checkFlag,
  checkNames,
  checkSize,
  type ParameterDtype,
} from '../options.ts'
import type { Accepts, Agree, Ruled, ShapeRule } from '../shape-rules.ts'
import { showShape } from '../show-shape.ts'

export interface GroupNormOptions extends ParameterDtype {
  /** What is added to the variance; 1e-5 unless given. */
  readonly eps?: number
  /** Whether there are `weight` and `bias`; true unless given. */
  readonly affine?: boolean
}

/** The shape stays, if dim 1 has the channels. */
export interface GroupNormRule<G extends number, C extends number> extends ShapeRule {
  readonly out: this['in'] extends readonly [number, infer D extends number, ...number[]]
    ? Agree<D, C> extends true
      ? this['in']
      : ShapeMismatch<`GroupNorm(${G}, ${C}) expects ${C} channels in dim 1, not ${D}`>
    : this['in']
}

/**
 * Group normalisation (Wu, He 2018) of `[N, numChannels, …]`: `(x - mean) / √(variance + eps) · weight
 * + bias`, with mean and variance of each example's channels in `numGroups` groups.
 *
 * `weight` `[numChannels]` starts as ones, `bias` as zeros (or both are null).
 *
 * @throws {ValueError} in the constructor for sizes and options out of range, and groups that don't
 * divide the channels.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { GroupNorm } from '@gradtape/nn'
 *
 * console.log(new GroupNorm(2, 6).forward(zeros([8, 6, 5, 5])).shape) // → [ 8, 6, 5, 5 ]
 * ```
 */
export class GroupNorm<const G extends number, const C extends number>
  extends Module
  implements Ruled<GroupNormRule<G, C>>
{
  declare readonly '~rule'?: GroupNormRule<G, C>
  readonly numGroups: G
  readonly numChannels: C
  readonly eps: number
  readonly affine: boolean
  readonly weight: Parameter<[C]> | null = null
  readonly bias: Parameter<[C]> | null = null

  constructor(numGroups: G, numChannels: C, options: GroupNormOptions = {}) {
    super()
    const name = 'GroupNorm'
    const names = ['eps', 'affine', 'dtype'] as const
    const { eps = 1e-5, affine = true, dtype } = checkNames(name, options, names)
    checkSize(name, 'numGroups', numGroups, 1)
    checkSize(name, 'numChannels', numChannels, 1)
    if (numChannels % numGroups !== 0) {
      throw new ValueError(
        `${name}: ${numGroups} groups don't divide ${numChannels} channels; choose a divisor`,
      )
    }
    this.numGroups = numGroups
    this.numChannels = numChannels
    this.eps = checkEps(name, eps)
    checkDtype(name, dtype)
    this.affine = checkFlag(name, 'affine', affine)
    if (affine) {
      this.weight = new Parameter(ones([numChannels], { dtype }) as Tensor<[C]>)
      this.bias = new Parameter(zeros([numChannels], { dtype }) as Tensor<[C]>)
    }
  }

  /**
   * @throws {ShapeError} unless x has `numChannels` channels in dim 1.
   * @throws {DTypeError} unless x is of the dtype of the parameters.
   */
  forward<X extends Tensor>(x: X & Accepts<GroupNormRule<G, C>, ShapeOf<X>>): Tensor<ShapeOf<X>> {
    const { numGroups, numChannels, weight, bias, eps } = this
    if (isTensor(x) && x.shape[1] !== numChannels) {
      throw new ShapeError(
        `GroupNorm(${numGroups}, ${numChannels}): expected [N, C, …] with C = ${numChannels}, got shape ${showShape(x.shape)}`,
      )
    }
    return groupNorm(x as Tensor, numGroups, weight, bias, { eps }) as never
  }

  override extraRepr(): string {
    return `${this.numGroups}, ${this.numChannels}, eps=${this.eps}, affine=${this.affine}`
  }
}
