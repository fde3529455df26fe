import type { ShapeOf, Tensor } from '@gradtape/core'
import { Module } from '../module/module.ts'
import { checkNames } from '../options.ts'
import type { Keeps, Ruled } from '../shape-rules.ts'
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

export interface TransformerEncoderLayerOptions extends TransformerLayerOptions {}

export interface EncoderCallOptions {
  /** Which places a place does **not** see, where true, or floats to add: `[L, L]`, or of each head. */
  readonly srcMask?: Tensor
  /** Which places are padding, `[batch, L]`: true where they are not seen. */
  readonly srcKeyPaddingMask?: Tensor
  /** Whether each place sees those up to itself only; false unless given. Needs no mask. */
  readonly isCausal?: boolean
}

const names = ['srcMask', 'srcKeyPaddingMask', 'isCausal'] as const

/**
 * A layer of a transformer's encoder (Vaswani et al. 2017): attention of the sequence to itself, and a
 * feed-forward network of each place, `linear2(activation(linear1(x)))`, each with dropout, a way beside
 * it and a layer norm. With `isCausal` in each call it is the layer of a decoder-only language model.
 *
 * Maps `[time, batch, dModel]` (`batchFirst`: `[batch, time, dModel]`; one sequence: `[time, dModel]`)
 * to the same shape.
 *
 * @throws {ValueError} in the constructor when `dModel` is no multiple of `nhead`, or an option out of
 * range.
 *
 * @example
 * ```ts
 * import { randn } from '@gradtape/core'
 * import { TransformerEncoderLayer } from '@gradtape/nn'
 *
 * const layer = new TransformerEncoderLayer(8, 2, { dimFeedforward: 32, batchFirst: true })
 * console.log(layer.forward(randn([4, 5, 8]), { isCausal: true }).shape) // → [ 4, 5, 8 ]
 * ```
 */
export class TransformerEncoderLayer extends Module implements Ruled<Keeps> {
  declare readonly '~rule'?: Keeps
  readonly selfAttn: MultiheadAttention
  readonly linear1: Dense<number, number>
  readonly dropout: Dropout
  readonly linear2: Dense<number, number>
  readonly normFirst: boolean
  readonly norm1: LayerNorm<number>
  readonly norm2: LayerNorm<number>
  readonly dropout1: Dropout
  readonly dropout2: Dropout
  readonly #activation: (x: Tensor) => Tensor
  readonly #copy: () => TransformerEncoderLayer

  constructor(dModel: number, nhead: number, options: TransformerEncoderLayerOptions = {}) {
    super()
    const parts = partsOf('TransformerEncoderLayer', dModel, nhead, options)
    this.selfAttn = parts.attention()
    this.linear1 = parts.widening()
    this.dropout = parts.dropout()
    this.linear2 = parts.narrowing()
    this.normFirst = parts.normFirst
    this.norm1 = parts.norm()
    this.norm2 = parts.norm()
    this.dropout1 = parts.dropout()
    this.dropout2 = parts.dropout()
    this.#activation = parts.activation
    this.#copy = () => new TransformerEncoderLayer(dModel, nhead, options)
  }

  /**
   * @throws {ShapeError} when the sequence or a mask doesn't fit.
   * @throws {DTypeError} unless the sequence is float, and masks of bools or floats.
   */
  forward<X extends Tensor>(src: X, options: EncoderCallOptions = {}): Tensor<ShapeOf<X>> {
    const name = 'TransformerEncoderLayer'
    const { srcMask, srcKeyPaddingMask, isCausal } = checkNames(name, options, names)
    checkSequence(name, 'src', src, this.selfAttn.embedDim)
    const masks = { attnMask: srcMask, keyPaddingMask: srcKeyPaddingMask, isCausal }
    const { normFirst } = this
    const seen = residual(src as Tensor, normFirst, this.norm1, (x) =>
      this.dropout1.forward(this.selfAttn.forward(x, x, x, { ...masks, needWeights: false })[0]),
    )
    return residual(seen, normFirst, this.norm2, (x) => {
      const wide = this.dropout.forward(this.#activation(this.linear1.forward(x)))
      return this.dropout2.forward(this.linear2.forward(wide))
    }) as never
  }

  /** Another layer of these options, with values that start where this one's stand. */
  copy(): TransformerEncoderLayer {
    return startingAt(this.#copy(), this)
  }

  override extraRepr(): string {
    return `normFirst=${this.normFirst}`
  }
}
