import type { ShapeOf, Tensor } from '@gradtape/core'
import { Module } from '../module/module.ts'
import { checkNames } from '../options.ts'
import type { Dense } from './dense.ts'
import type { Dropout } from './dropout.ts'
import type { LayerNorm } from './layer-norm.ts'
import type { MultiheadAttention } from './multihead-attention.ts'
import {
  checkSequence,
  partsOf,
  residual,
  startingAt,
  type TransformerLayerOptions,
} from './transformer-layer.ts'

export interface TransformerDecoderLayerOptions extends TransformerLayerOptions {}

export interface DecoderCallOptions {
  /** Which places of tgt a place does **not** see, where true, or floats to add: `[L, L]`, or of each head. */
  readonly tgtMask?: Tensor
  /** Which places of memory a place does not see: `[L, S]`, or of each head. */
  readonly memoryMask?: Tensor
  /** Which places of tgt are padding, `[batch, L]`: true where they are not seen. */
  readonly tgtKeyPaddingMask?: Tensor
  /** Which places of memory are padding, `[batch, S]`. */
  readonly memoryKeyPaddingMask?: Tensor
  /** Whether each place sees those of tgt up to itself only; false unless given. Needs no mask. */
  readonly tgtIsCausal?: boolean
  /** Whether place i sees the places 0 to i of memory only; false unless given. */
  readonly memoryIsCausal?: boolean
}

export const decoderCallNames = [
  'tgtMask',
  'memoryMask',
  'tgtKeyPaddingMask',
  'memoryKeyPaddingMask',
  'tgtIsCausal',
  'memoryIsCausal',
] as const

/**
 * A layer of a transformer's decoder (Vaswani et al. 2017): attention of the sequence to itself,
 * attention to the `memory` that an encoder made, and a feed-forward network of each place, each with
 * dropout, a way beside it and a layer norm.
 *
 * Maps `[L, batch, dModel]` and a memory `[S, batch, dModel]` (`batchFirst`: with the batch in front; one
 * sequence: without it) to the shape of the first.
 *
 * @throws {ValueError} in the constructor when `dModel` is no multiple of `nhead`, or an option out of
 * range.
 *
 * @example
 * ```ts
 * import { randn } from '@gradtape/core'
 * import { TransformerDecoderLayer } from '@gradtape/nn'
 *
 * const layer = new TransformerDecoderLayer(8, 2, { dimFeedforward: 32, batchFirst: true })
 * const memory = randn([4, 7, 8])
 * console.log(layer.forward(randn([4, 5, 8]), memory, { tgtIsCausal: true }).shape) // → [ 4, 5, 8 ]
 * ```
 */
export class TransformerDecoderLayer extends Module {
  readonly selfAttn: MultiheadAttention
  readonly multiheadAttn: MultiheadAttention
  readonly linear1: Dense<number, number>
  readonly dropout: Dropout
  readonly linear2: Dense<number, number>
  readonly normFirst: boolean
  readonly norm1: LayerNorm<number>
  readonly norm2: LayerNorm<number>
  readonly norm3: LayerNorm<number>
  readonly dropout1: Dropout
  readonly dropout2: Dropout
  readonly dropout3: Dropout
  readonly #activation: (x: Tensor) => Tensor
  readonly #copy: () => TransformerDecoderLayer

  constructor(dModel: number, nhead: number, options: TransformerDecoderLayerOptions = {}) {
    super()
    const parts = partsOf('TransformerDecoderLayer', dModel, nhead, options)
    this.selfAttn = parts.attention()
    this.multiheadAttn = parts.attention()
    this.linear1 = parts.widening()
    this.dropout = parts.dropout()
    this.linear2 = parts.narrowing()
    this.normFirst = parts.normFirst
    this.norm1 = parts.norm()
    this.norm2 = parts.norm()
    this.norm3 = parts.norm()
    this.dropout1 = parts.dropout()
    this.dropout2 = parts.dropout()
    this.dropout3 = parts.dropout()
    this.#activation = parts.activation
    this.#copy = () => new TransformerDecoderLayer(dModel, nhead, options)
  }

  /**
   * @throws {ShapeError} when the sequences or a mask don't fit.
   * @throws {DTypeError} unless the sequences are float, and masks of bools or floats.
   */
  forward<X extends Tensor>(
    tgt: X,
    memory: Tensor,
    options: DecoderCallOptions = {},
  ): Tensor<ShapeOf<X>> {
    const name = 'TransformerDecoderLayer'
    const given = checkNames(name, options, decoderCallNames)
    checkSequence(name, 'tgt', tgt, this.selfAttn.embedDim)
    checkSequence(name, 'memory', memory, this.selfAttn.embedDim)
    const { normFirst } = this
    const itself = {
      attnMask: given.tgtMask,
      keyPaddingMask: given.tgtKeyPaddingMask,
      isCausal: given.tgtIsCausal,
      needWeights: false,
    }
    const other = {
      attnMask: given.memoryMask,
      keyPaddingMask: given.memoryKeyPaddingMask,
      isCausal: given.memoryIsCausal,
      needWeights: false,
    }
    const own = residual(tgt as Tensor, normFirst, this.norm1, (x) =>
      this.dropout1.forward(this.selfAttn.forward(x, x, x, itself)[0]),
    )
    const both = residual(own, normFirst, this.norm2, (x) =>
      this.dropout2.forward(this.multiheadAttn.forward(x, memory, memory, other)[0]),
    )
    return residual(both, normFirst, this.norm3, (x) => {
      const wide = this.dropout.forward(this.#activation(this.linear1.forward(x)))
      return this.dropout3.forward(this.linear2.forward(wide))
    }) as never
  }

  /** Another layer of these options, with values that start where this one's stand. */
  copy(): TransformerDecoderLayer {
    return startingAt(this.#copy(), this)
  }

  override extraRepr(): string {
    return `normFirst=${this.normFirst}`
  }
}
