import { gelu, relu, ShapeError, ValueError, type FloatDType, type Tensor } from '@gradtape/core'
import { checkFloat } from '../functional/checks.ts'
import { checkProbability } from '../functional/dropout.ts'
import type { Module } from '../module/module.ts'
import { checkEps, checkFlag, checkNames, checkSize, type ParameterStart } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { Dense } from './dense.ts'
import { Dropout } from './dropout.ts'
import { LayerNorm } from './layer-norm.ts'
import { MultiheadAttention } from './multihead-attention.ts'

// What encoder and decoder layers of transformers are made of.

export interface TransformerLayerOptions extends ParameterStart {
  /** How many features the feed-forward network has between its two layers; 2048 unless given. */
  readonly dimFeedforward?: number
  /** How likely an element is dropped, behind each block and within it; 0.1 unless given. */
  readonly dropout?: number
  /** What stands between the two layers; `'relu'` unless given. */
  readonly activation?: 'relu' | 'gelu' | ((x: Tensor) => Tensor)
  /** What layer norms add to the variance; 1e-5 unless given. */
  readonly layerNormEps?: number
  /** Whether the batch is the first dimension, and time the second; false unless given. */
  readonly batchFirst?: boolean
  /** Whether blocks normalise what they take, in place of what they give; false unless given. */
  readonly normFirst?: boolean
  /** Whether projections, layers and norms add biases; true unless given. */
  readonly bias?: boolean
}

const optionNames = [
  'dimFeedforward',
  'dropout',
  'activation',
  'layerNormEps',
  'batchFirst',
  'normFirst',
  'bias',
  'dtype',
  'generator',
] as const

/** Makes the parts of a layer, as its options say. */
export interface Parts {
  readonly normFirst: boolean
  activation(x: Tensor): Tensor
  attention(): MultiheadAttention
  /** To the features between, and back. */
  widening(): Dense<number, number>
  narrowing(): Dense<number, number>
  norm(): LayerNorm<number>
  dropout(): Dropout
}

/** @throws {ValueError} naming `name` for sizes and options out of range. */
export function partsOf(
  name: string,
  dModel: number,
  nhead: number,
  options: TransformerLayerOptions,
): Parts {
  const { dtype, generator, activation = 'relu', ...rest } = checkNames(name, options, optionNames)
  const { dimFeedforward = 2048, dropout: p = 0.1, layerNormEps: eps = 1e-5, bias = true } = rest
  const { batchFirst = false, normFirst = false } = rest
  checkSize(name, 'dModel', dModel, 1)
  checkSize(name, 'nhead', nhead, 1)
  checkSize(name, 'dimFeedforward', dimFeedforward, 1)
  if (dModel % nhead !== 0) {
    throw new ValueError(`${name}: dModel ${dModel} must be a multiple of nhead ${nhead}`)
  }
  checkProbability(name, p, 'dropout')
  checkEps(name, eps)
  checkFlag(name, 'bias', bias)
  checkFlag(name, 'batchFirst', batchFirst)
  const start = { bias, dtype, generator }
  return {
    normFirst: checkFlag(name, 'normFirst', normFirst),
    activation: activationOf(name, activation),
    attention: () => new MultiheadAttention(dModel, nhead, { dropout: p, batchFirst, ...start }),
    widening: () => new Dense(dModel, dimFeedforward, start),
    narrowing: () => new Dense(dimFeedforward, dModel, start),
    norm: () => new LayerNorm(dModel, { eps, bias, dtype }),
    dropout: () => new Dropout({ p, generator }),
  }
}

function activationOf(
  name: string,
  activation: TransformerLayerOptions['activation'],
): (x: Tensor) => Tensor {
  if (activation === 'relu') return relu
  if (activation === 'gelu') return gelu
  if (typeof activation === 'function') return activation
  throw new ValueError(
    `${name}: activation must be 'relu', 'gelu' or a function of a tensor, got '${String(activation)}'`,
  )
}

/** A block beside which its input passes: `norm(x + block(x))` or, with `normFirst`, `x + block(norm(x))`. */
export function residual(
  x: Tensor,
  normFirst: boolean,
  norm: LayerNorm<number>,
  block: (x: Tensor) => Tensor,
): Tensor {
  return normFirst ? x.add(block(norm.forward(x))) : norm.forward(x.add(block(x)))
}

/** @throws {ShapeError | DTypeError} unless `x`, the `what`, is `[time, batch, dModel]`, or without a batch. */
export function checkSequence(name: string, what: string, x: unknown, dModel: number): void {
  const { shape, ndim } = checkFloat(name, what, x)
  if ((ndim === 2 || ndim === 3) && shape.at(-1) === dModel) return
  throw new ShapeError(
    `${name}: expected the ${what} as sequences of ${dModel} features in a last dimension, [time, batch, ${dModel}], [batch, time, ${dModel}] with batchFirst, or [time, ${dModel}], got shape ${showShape(shape)}`,
  )
}

/** Gives a new layer the dtype, the values and the mode of another. */
export function startingAt<M extends TransformerLayer>(fresh: M, model: M): M {
  fresh.to(model.norm1.weight!.dtype as FloatDType).loadStateDict(model.stateDict())
  return fresh.train(model.training)
}

interface TransformerLayer extends Module {
  readonly norm1: LayerNorm<number>
}
