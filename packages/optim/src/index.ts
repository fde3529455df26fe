/**
 * Optimizers, schedules for their learning rates, and clipping of gradients.
 * @packageDocumentation
 */
export { Adadelta, type AdadeltaOptions, type AdadeltaState } from './adadelta.ts'
export { Adagrad, type AdagradOptions, type AdagradState } from './adagrad.ts'
export { Adam } from './adam.ts'
export { Adamax, type AdamaxOptions, type AdamaxState } from './adamax.ts'
export { AdamW } from './adamw.ts'
export type { AdamOptions, AdamState } from './adaptive-moments.ts'
export { clipGradNorm, clipGradValue, type ClipGradNormOptions } from './clip.ts'
export { LBFGS, type LBFGSOptions } from './lbfgs.ts'
export { NAdam, type NAdamOptions, type NAdamState } from './nadam.ts'
export { Optimizer, type CommonOptions, type Definition } from './optimizer.ts'
export type { Option, OptionRules, OptionTable } from './options.ts'
export type { GroupOf, ParamGroup, Params } from './param-group.ts'
export { RAdam, type RAdamOptions, type RAdamState } from './radam.ts'
export { RMSprop, type RMSpropOptions, type RMSpropState } from './rmsprop.ts'
export { SGD, type SGDOptions, type SGDState } from './sgd.ts'
export type { OptimizerStateDict, StateField, StateTable } from './state-dict.ts'
export { ConstantLR, type ConstantLROptions } from './schedules/constant-lr.ts'
export {
  CosineAnnealingLR,
  type CosineAnnealingLROptions,
} from './schedules/cosine-annealing-lr.ts'
export {
  CosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
} from './schedules/cosine-annealing-warm-restarts.ts'
export { EpochScheduler, type Moment } from './schedules/epoch-scheduler.ts'
export { ExponentialLR, type ExponentialLROptions } from './schedules/exponential-lr.ts'
export { LambdaLR, type LambdaLROptions } from './schedules/lambda-lr.ts'
export { LinearLR, type LinearLROptions } from './schedules/linear-lr.ts'
export {
  LRScheduler,
  type Scheduled,
  type ScheduleRules,
  type ScheduleStateDict,
} from './schedules/lr-scheduler.ts'
export { MultiStepLR, type MultiStepLROptions } from './schedules/multi-step-lr.ts'
export { OneCycleLR, type OneCycleLROptions } from './schedules/one-cycle-lr.ts'
export type { PerGroup } from './schedules/per-group.ts'
export { PolynomialLR, type PolynomialLROptions } from './schedules/polynomial-lr.ts'
export {
  ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
} from './schedules/reduce-lr-on-plateau.ts'
export {
  SequentialLR,
  type Sequenced,
  type SequentialLROptions,
} from './schedules/sequential-lr.ts'
export { StepLR, type StepLROptions } from './schedules/step-lr.ts'
