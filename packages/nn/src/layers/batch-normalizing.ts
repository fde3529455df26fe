import {
  host,
  noGrad,
  ones,
  ShapeError,
  isTensor,
  zeros,
  type ShapeMismatch,
  type Tensor,
} from '@gradtape/core'
import { batchNorm, checkMomentum } from '../functional/batch-norm.ts'
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
import type { Agree, ShapeRule } from '../shape-rules.ts'
import { showShape } from '../show-shape.ts'

// What batch norm is, whatever the rank of its input.

export interface BatchNormOptions extends ParameterDtype {
  /** What is added to the variance; 1e-5 unless given. */
  readonly eps?: number
  /**
   * How far each batch moves the running statistics, from 0 to 1, 0.1 unless given; null for the
   * plain average of all batches so far.
   */
  readonly momentum?: number | null
  /** Whether there are `weight` and `bias`; true unless given. */
  readonly affine?: boolean
  /** Whether there are running statistics; true unless given. Without them, batches' own are taken. */
  readonly trackRunningStats?: boolean
}

/** The shape stays, if dim 1 has the channels. */
export interface BatchNormRule<Name extends string, C extends number> extends ShapeRule {
  readonly out: this['in'] extends readonly [number, infer D extends number, ...number[]]
    ? Agree<D, C> extends true
      ? this['in']
      : ShapeMismatch<`${Name}(${C}) expects ${C} channels in dim 1, not ${D}`>
    : this['in']
}

const names = ['eps', 'momentum', 'affine', 'trackRunningStats', 'dtype'] as const

const named: Record<number, string> = { 2: '[N, C]', 3: '[N, C, L]', 4: '[N, C, H, W]' }

export abstract class BatchNormalizing<C extends number> extends Module {
  readonly numFeatures: C
  readonly eps: number
  readonly momentum: number | null
  readonly affine: boolean
  readonly trackRunningStats: boolean
  readonly weight: Parameter<[C]> | null = null
  readonly bias: Parameter<[C]> | null = null
  readonly runningMean: Tensor<[C]> | null
  readonly runningVar: Tensor<[C]> | null
  readonly numBatchesTracked: Tensor<[]> | null

  readonly #ranks: readonly number[]

  /** `ranks`: how many dims inputs may have. */
  constructor(ranks: readonly number[], numFeatures: C, options: BatchNormOptions) {
    super()
    const { name } = new.target
    const {
      eps = 1e-5,
      momentum = 0.1,
      affine = true,
      trackRunningStats = true,
      dtype,
    } = checkNames(name, options, names)
    this.#ranks = ranks
    checkSize(name, 'numFeatures', numFeatures, 1)
    this.numFeatures = numFeatures
    this.eps = checkEps(name, eps)
    checkDtype(name, dtype)
    if (momentum !== null) checkMomentum(name, momentum)
    this.momentum = momentum
    this.affine = checkFlag(name, 'affine', affine)
    this.trackRunningStats = checkFlag(name, 'trackRunningStats', trackRunningStats)
    const shape: [C] = [numFeatures]
    if (affine) {
      this.weight = new Parameter(ones(shape, { dtype }) as Tensor<[C]>)
      this.bias = new Parameter(zeros(shape, { dtype }) as Tensor<[C]>)
    }
    const buffer = <T extends Tensor>(field: string, value: () => T): T | null =>
      this.registerBuffer(field, trackRunningStats ? value() : null)
    this.runningMean = buffer('runningMean', () => zeros(shape, { dtype }) as Tensor<[C]>)
    this.runningVar = buffer('runningVar', () => ones(shape, { dtype }) as Tensor<[C]>)
    this.numBatchesTracked = buffer('numBatchesTracked', () => zeros([], { dtype: 'int64' }))
  }

  protected normalized(x: Tensor): Tensor {
    const { numFeatures, eps, weight, bias, runningMean, runningVar, numBatchesTracked } = this
    if (isTensor(x) && (!this.#ranks.includes(x.ndim) || x.shape[1] !== numFeatures)) {
      const forms = this.#ranks.map((rank) => named[rank])
      throw new ShapeError(
        `${this.constructor.name}(${numFeatures}): expected ${forms.join(' or ')} with C = ${numFeatures}, got shape ${showShape(x.shape)}`,
      )
    }
    const statistics = { runningMean, runningVar, weight, bias, eps }
    if (numBatchesTracked === null) return batchNorm(x, { ...statistics, training: true })
    if (!host(this, 'training')) return batchNorm(x, statistics)
    const count = noGrad(() => numBatchesTracked.to('int32').add(1))
    const momentum =
      this.momentum ?? noGrad(() => count.to('float64').reciprocal().to(runningMean!.dtype))
    const out = batchNorm(x, { ...statistics, training: true, momentum })
    noGrad(() => {
      numBatchesTracked.copy_(count)
    })
    return out
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum, affine, trackRunningStats } = this
    return `${numFeatures}, eps=${eps}, momentum=${momentum}, affine=${affine}, trackRunningStats=${trackRunningStats}`
  }
}
