/**
 * Modules, layers, initialisers and losses, all built from the ops of core.
 * @packageDocumentation
 */
export * as functional from './functional/index.ts'
export * as init from './init.ts'
export * from './layers/activation.ts'
export { AdaptiveAvgPool2d, type AdaptiveAvgPool2dRule } from './layers/adaptive-avg-pool2d.ts'
export { AvgPool2d, type AvgPool2dOptions } from './layers/avg-pool2d.ts'
export { BatchNorm1d } from './layers/batch-norm1d.ts'
export { BatchNorm2d } from './layers/batch-norm2d.ts'
export type { BatchNormOptions, BatchNormRule } from './layers/batch-normalizing.ts'
export { Conv1d, type Conv1dOptions, type Conv1dRule } from './layers/conv1d.ts'
export { Conv2d, type Conv2dOptions, type Conv2dRule } from './layers/conv2d.ts'
export {
  ConvTranspose2d,
  type ConvTranspose2dCallOptions,
  type ConvTranspose2dOptions,
} from './layers/conv-transpose2d.ts'
export { Dense, type DenseOptions, type DenseRule } from './layers/dense.ts'
export { Dropout, type DropoutOptions } from './layers/dropout.ts'
export { Embedding, type EmbeddingOptions, type EmbeddingRule } from './layers/embedding.ts'
export { Flatten, type FlattenOptions } from './layers/flatten.ts'
export { GRU, type GRUOptions } from './layers/gru.ts'
export { GroupNorm, type GroupNormOptions, type GroupNormRule } from './layers/group-norm.ts'
export { Identity } from './layers/identity.ts'
export {
  LearnedPositionalEncoding,
  type LearnedPositionalEncodingOptions,
} from './layers/learned-positional-encoding.ts'
export { LSTM, type LSTMOptions } from './layers/lstm.ts'
export { LayerNorm, type LayerNormOptions, type LayerNormRule } from './layers/layer-norm.ts'
export { MaxPool2d, type MaxPool2dOptions } from './layers/max-pool2d.ts'
export { ModuleDict } from './layers/module-dict.ts'
export { ModuleList } from './layers/module-list.ts'
export { Recurrent, type RecurrentOptions } from './layers/recurrent.ts'
export { RNN, type RNNOptions } from './layers/rnn.ts'
export {
  MultiheadAttention,
  type MultiheadAttentionCallOptions,
  type MultiheadAttentionOptions,
} from './layers/multihead-attention.ts'
export type { PaddingMode } from './layers/padded-convolving.ts'
export type { PoolingRule } from './layers/pooling.ts'
export { PositionalEncoding, type PositionalEncodingOptions } from './layers/positional-encoding.ts'
export { Sequential } from './layers/sequential.ts'
export { TransformerDecoder } from './layers/transformer-decoder.ts'
export {
  TransformerDecoderLayer,
  type DecoderCallOptions,
  type TransformerDecoderLayerOptions,
} from './layers/transformer-decoder-layer.ts'
export {
  TransformerEncoder,
  type EncoderStackCallOptions,
  type TransformerStackOptions,
} from './layers/transformer-encoder.ts'
export {
  TransformerEncoderLayer,
  type EncoderCallOptions,
  type TransformerEncoderLayerOptions,
} from './layers/transformer-encoder-layer.ts'
export type { TransformerLayerOptions } from './layers/transformer-layer.ts'
export type { ForwardHook, HookHandle } from './module/hooks.ts'
export { Module, type BufferOptions } from './module/module.ts'
export { Parameter, type ParameterOptions } from './module/parameter.ts'
export type { LoadOptions, LoadResult, StateDict } from './module/state-dict.ts'
export type { Accepts, Chain, Keeps, Output, Ruled, ShapeRule } from './shape-rules.ts'
export { summary, type Summary, type SummaryOptions, type SummaryRow } from './summary.ts'
