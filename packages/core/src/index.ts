/**
 * Tensors and a gradient tape.
 * @packageDocumentation
 */
import './single.ts'
import './methods.ts'
import { install } from './op.ts'
import { recorder } from './record.ts'

install(recorder)

export { dropGemm, useGemm, type Gemm, type Matrix } from './backends/gemm.ts'
export { asCall } from './call.ts'
export * from './creation/filled.ts'
export type { CreationOptions, RandomOptions } from './creation/options.ts'
export * from './creation/random.ts'
export * from './creation/ranges.ts'
export * from './creation/tensor.ts'
export type { DType, FloatDType, TypedArray } from './dtype.ts'
export { getDefaultDtype, setDefaultDtype } from './dtype.ts'
export * from './errors.ts'
export {
  gradientOf,
  gradients,
  type BackwardOptions,
  type GradientsOf,
  type GradientsOptions,
} from './gradients.ts'
export type { GradientHook, HookHandle } from './hooks.ts'
export { host, hostUpdate, observeHost, type HostObserver } from './host.ts'
export type { Domain, Entry, EntryInfo, Sampler } from './kinds/entry.ts'
export { matrixProduct } from './kinds/contraction.ts'
export { elementwise } from './kinds/define.ts'
export { linearProduct } from './kinds/linear.ts'
export { inspect } from './kinds/inspect.ts'
export { update, type Update } from './kinds/update.ts'
export { detectAnomaly } from './debug/anomaly.ts'
export {
  record,
  type CallSite,
  type KeptMemory,
  type RecordOptions,
  type Tape,
  type TapeLine,
} from './debug/tape.ts'
export type { NestedArray, TensorMethods } from './methods.ts'
export { notice, setNotices } from './notices.ts'
export * from './ops/index.ts'
export { manualSeed, RandomGenerator, type RandomGeneratorState } from './random/generator.ts'
export { RandomState } from './random/random-state.ts'
export * as scalar from './scalar/primitives.ts'
export type { Expr } from './scalar/expr.ts'
export type { Shape } from './shape.ts'
export { slice, type SliceKey } from './slice.ts'
export { isTensor, type ReadonlyData, type Tensor } from './tensor.ts'
export { checkpoint } from './transforms/checkpoint.ts'
export {
  customOp,
  type AttributesOf,
  type CustomCall,
  type CustomOp,
  type InputsOf,
} from './transforms/custom-op.ts'
export { grad, valueAndGrad, type GradOptions, type GradsOf } from './transforms/grad.ts'
export { hessian, jacobian, type JacobianOf, type JacobianOptions } from './transforms/jacobian.ts'
export { hvp, jvp, stopGradient } from './transforms/jvp.ts'
export {
  enableGrad,
  isGradEnabled,
  noGrad,
  type AsyncCallbackRefused,
  type Synchronous,
} from './transforms/modes.ts'
export { mapTree, treeLeaves, type Tree } from './transforms/tree.ts'
export { vjp } from './transforms/vjp.ts'
export {
  vmap,
  type Batched,
  type BatchedArgs,
  type MapDims,
  type VmapOptions,
} from './transforms/vmap.ts'
export type { Broadcast } from './types/broadcasting.ts'
export type { Plain, ShapeMismatch, ShapeOf } from './types/shape.ts'
export { getNumThreads, setNumThreads } from './wasm/threads.ts'
