import type { Tensor } from '@gradtape/core'
import { Module } from '../module/module.ts'
import { checkNames } from '../options.ts'
import {
  decoderCallNames,
  type DecoderCallOptions,
  type TransformerDecoderLayer,
} from './transformer-decoder-layer.ts'
import { copiesOf, normOf, type TransformerStackOptions } from './transformer-encoder.ts'

/**
 * Layers of a decoder on each other, which all see the same memory: `numLayers` copies of the one given,
 * which all start with its values, as in PyTorch.
 *
 * @throws {ValueError} in the constructor unless a layer and a number of them are given.
 */
export class TransformerDecoder extends Module {
  readonly layers: readonly TransformerDecoderLayer[]
  readonly norm: Module | null

  constructor(
    decoderLayer: TransformerDecoderLayer,
    numLayers: number,
    options: TransformerStackOptions = {},
  ) {
    super()
    const name = 'TransformerDecoder'
    this.layers = copiesOf(name, 'TransformerDecoderLayer', decoderLayer, numLayers)
    this.norm = normOf(name, options)
  }

  /** @throws {ShapeError | DTypeError} when the sequences or a mask don't fit, as of each layer. */
  forward(tgt: Tensor, memory: Tensor, options: DecoderCallOptions = {}): Tensor {
    const given = checkNames('TransformerDecoder', options, decoderCallNames)
    const out = this.layers.reduce((x, layer) => layer.forward(x, memory, given), tgt)
    return this.norm === null ? out : this.norm.forward(out)
  }
}
