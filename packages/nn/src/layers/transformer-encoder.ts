import { ValueError, type Tensor } from '@gradtape/core'
import { isModule } from '../module/brand.ts'
import { Module } from '../module/module.ts'
import { checkNames, checkSize } from '../options.ts'
import type { TransformerEncoderLayer } from './transformer-encoder-layer.ts'

export interface TransformerStackOptions {
  /** What the output of the last layer goes through; nothing unless given. */
  readonly norm?: Module | null
}

export interface EncoderStackCallOptions {
  /** The `srcMask` of each layer. */
  readonly mask?: Tensor
  /** Which places are padding, `[batch, L]`: true where they are not seen. */
  readonly srcKeyPaddingMask?: Tensor
  /** Whether each place sees those up to itself only; false unless given. Needs no mask. */
  readonly isCausal?: boolean
}

const names = ['mask', 'srcKeyPaddingMask', 'isCausal'] as const

/**
 * Layers of an encoder on each other: `numLayers` copies of the one given, which all start with its
 * values, as in PyTorch.
 *
 * @throws {ValueError} in the constructor unless a layer and a number of them are given.
 *
 * @example
 * ```ts
 * import { randn } from '@gradtape/core'
 * import { LayerNorm, TransformerEncoder, TransformerEncoderLayer } from '@gradtape/nn'
 *
 * const layer = new TransformerEncoderLayer(8, 2, { dimFeedforward: 32, normFirst: true })
 * const encoder = new TransformerEncoder(layer, 3, { norm: new LayerNorm(8) })
 * console.log(encoder.forward(randn([5, 4, 8])).shape) // → [ 5, 4, 8 ]
 * ```
 */
export class TransformerEncoder extends Module {
  readonly layers: readonly TransformerEncoderLayer[]
  readonly norm: Module | null

  constructor(
    encoderLayer: TransformerEncoderLayer,
    numLayers: number,
    options: TransformerStackOptions = {},
  ) {
    super()
    const name = 'TransformerEncoder'
    this.layers = copiesOf(name, 'TransformerEncoderLayer', encoderLayer, numLayers)
    this.norm = normOf(name, options)
  }

  /** @throws {ShapeError | DTypeError} when the sequence or a mask doesn't fit, as of each layer. */
  forward(src: Tensor, options: EncoderStackCallOptions = {}): Tensor {
    const { mask, ...rest } = checkNames('TransformerEncoder', options, names)
    const out = this.layers.reduce((x, layer) => layer.forward(x, { srcMask: mask, ...rest }), src)
    return this.norm === null ? out : this.norm.forward(out)
  }
}

/** @throws {ValueError} unless `layer` can be copied, and the number is one. */
export function copiesOf<M extends Module>(
  name: string,
  kind: string,
  layer: M & { copy(): M },
  numLayers: number,
): M[] {
  if (!isModule(layer) || typeof layer.copy !== 'function') {
    throw new ValueError(`${name}: expected a ${kind} to make copies of, got ${typeof layer}`)
  }
  checkSize(name, 'numLayers', numLayers, 1)
  return Array.from({ length: numLayers }, () => layer.copy())
}

/** @throws {ValueError} unless the norm is a module, or none. */
export function normOf(name: string, options: TransformerStackOptions): Module | null {
  const { norm = null } = checkNames(name, options, ['norm'])
  if (norm === null || isModule(norm)) return norm
  throw new ValueError(`${name}: norm must be a module such as LayerNorm, got ${typeof norm}`)
}
