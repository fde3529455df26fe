import { zeros, type Shape, type ShapeOf, type Tensor } from '@gradtape/core'
import { checkPaddingIdx, embedding, type EmbeddingCallOptions } from '../functional/embedding.ts'
import { normal_ } from '../init.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'
import {
  checkDtype,
  checkFlag,
  checkNames,
  checkPositive,
  checkSize,
  type ParameterStart,
} from '../options.ts'
import type { Output, Ruled, ShapeRule } from '../shape-rules.ts'

export interface EmbeddingOptions extends EmbeddingCallOptions, ParameterStart {}

/** `[…]` becomes `[…, D]`. */
export interface EmbeddingRule<D extends number> extends ShapeRule {
  readonly out: this['in'] extends infer X extends Shape ? [...X, D] : never
}

const names = [
  'paddingIdx',
  'maxNorm',
  'normType',
  'scaleGradByFreq',
  'dtype',
  'generator',
] as const

/**
 * A table of `numEmbeddings` vectors of `embeddingDim` numbers, looked up by indices (int32, int64 or
 * uint8) of any shape: `[…]` becomes `[…, embeddingDim]`.
 *
 * `weight`, `[numEmbeddings, embeddingDim]`, starts normal with deviation 1, but for the row
 * `paddingIdx`, if there is one: it starts as zeros, and its gradient stays 0.
 *
 * @throws {ValueError} in the constructor for sizes and options out of range.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { Embedding } from '@gradtape/nn'
 *
 * const layer = new Embedding(10, 3, { paddingIdx: 0 })
 * const words = tensor([[4, 2, 0]], { dtype: 'int32' })
 * console.log(layer.forward(words).shape) // → [ 1, 3, 3 ]
 * console.log(layer.forward(words).at(0, 2).detach()) // → tensor([0., 0., 0.])
 * ```
 */
export class Embedding<const D extends number> extends Module implements Ruled<EmbeddingRule<D>> {
  declare readonly '~rule'?: EmbeddingRule<D>
  readonly numEmbeddings: number
  readonly embeddingDim: D
  readonly paddingIdx: number | null
  readonly maxNorm: number | null
  readonly normType: number
  readonly scaleGradByFreq: boolean
  readonly weight: Parameter

  constructor(numEmbeddings: number, embeddingDim: D, options: EmbeddingOptions = {}) {
    super()
    const name = 'Embedding'
    const {
      paddingIdx = null,
      maxNorm = null,
      normType = 2,
      scaleGradByFreq = false,
      dtype,
      generator,
    } = checkNames(name, options, names)
    checkSize(name, 'numEmbeddings', numEmbeddings, 1)
    checkSize(name, 'embeddingDim', embeddingDim, 1)
    this.numEmbeddings = numEmbeddings
    this.embeddingDim = embeddingDim
    this.paddingIdx = paddingIdx === null ? null : checkPaddingIdx(name, paddingIdx, numEmbeddings)
    this.maxNorm = maxNorm === null ? null : checkPositive(name, 'maxNorm', maxNorm)
    this.normType = checkPositive(name, 'normType', normType)
    this.scaleGradByFreq = checkFlag(name, 'scaleGradByFreq', scaleGradByFreq)
    checkDtype(name, dtype)
    const start = normal_(zeros([numEmbeddings, embeddingDim], { dtype }), { generator })
    if (this.paddingIdx !== null) start.narrow(0, this.paddingIdx, 1).zero_()
    this.weight = new Parameter(start)
  }

  /**
   * @throws {ValueError} for an index that is no row.
   * @throws {DTypeError} unless the index is of integers.
   */
  forward<I extends Tensor>(index: I): Tensor<Output<EmbeddingRule<D>, ShapeOf<I>>> {
    const { weight, paddingIdx, maxNorm, normType, scaleGradByFreq } = this
    return embedding(index, weight, { paddingIdx, maxNorm, normType, scaleGradByFreq }) as never
  }

  override extraRepr(): string {
    const { numEmbeddings, embeddingDim, paddingIdx } = this
    return (
      `${numEmbeddings}, ${embeddingDim}` +
      (paddingIdx === null ? '' : `, paddingIdx=${paddingIdx}`)
    )
  }
}
