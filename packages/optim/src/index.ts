/**
 * Optimizers.
 * @packageDocumentation
 */
export { Adam } from './adam.ts'
export { AdamW } from './adamw.ts'
export type { AdamOptions, AdamState } from './adaptive-moments.ts'
export { Optimizer, type CommonOptions, type Definition } from './optimizer.ts'
export type { Option, OptionRules, OptionTable } from './options.ts'
export type { GroupOf, ParamGroup, Params } from './param-group.ts'
export { RMSprop, type RMSpropOptions, type RMSpropState } from './rmsprop.ts'
export { SGD, type SGDOptions, type SGDState } from './sgd.ts'
export type { OptimizerStateDict, StateField, StateTable } from './state-dict.ts'
