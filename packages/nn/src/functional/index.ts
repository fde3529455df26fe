export { adaptiveAvgPool2d } from './adaptive-pooling.ts'
export type { AdaptiveSize } from './adaptive-pooling.ts'
export { scaledDotProductAttention } from './attention.ts'
export type { AttentionOptions } from './attention.ts'
export { batchNorm } from './batch-norm.ts'
export type { BatchNormCallOptions } from './batch-norm.ts'
export { binaryCrossEntropy, binaryCrossEntropyWithLogits } from './binary.ts'
export type { BinaryOptions, LogitsOptions } from './binary.ts'
export { crossEntropy, nllLoss } from './classification.ts'
export type { CrossEntropyOptions, NllOptions } from './classification.ts'
export { cosineSimilarity } from './cosine-similarity.ts'
export type { CosineSimilarityOptions } from './cosine-similarity.ts'
export { gaussianNllLoss, klDiv, poissonNllLoss } from './distributions.ts'
export type { GaussianNllOptions, KlDivOptions, PoissonNllOptions } from './distributions.ts'
export { dropout } from './dropout.ts'
export type { DropoutCallOptions } from './dropout.ts'
export { embedding } from './embedding.ts'
export type { EmbeddingCallOptions } from './embedding.ts'
export { groupNorm } from './group-norm.ts'
export type { GroupNormCallOptions } from './group-norm.ts'
export { layerNorm } from './layer-norm.ts'
export type { LayerNormCallOptions } from './layer-norm.ts'
export { linear } from './linear.ts'
export { cosineEmbeddingLoss, hingeEmbeddingLoss, tripletMarginLoss } from './margins.ts'
export type { MarginOptions, TripletOptions } from './margins.ts'
export { normalize } from './normalize.ts'
export type { NormalizeOptions } from './normalize.ts'
export { oneHot } from './one-hot.ts'
export type { LossOptions, Reduction } from './reduction.ts'
export { huberLoss, l1Loss, mseLoss, smoothL1Loss } from './regression.ts'
export type { HuberOptions, SmoothL1Options } from './regression.ts'
// Of windows that slide, the functions are core's.
export {
  avgPool1d,
  avgPool2d,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  maxPool1d,
  maxPool2d,
} from '@gradtape/core'
