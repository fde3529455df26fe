/**
 * Modules, layers, initialisers and losses, all built from the ops of core.
 * @packageDocumentation
 */
export * as functional from './functional/index.ts'
export * as init from './init.ts'
export * from './layers/activation.ts'
export { Dense, type DenseOptions, type DenseRule } from './layers/dense.ts'
export { Dropout, type DropoutOptions } from './layers/dropout.ts'
export { Flatten, type FlattenOptions } from './layers/flatten.ts'
export { Identity } from './layers/identity.ts'
export { ModuleList } from './layers/module-list.ts'
export { Sequential } from './layers/sequential.ts'
export type { ForwardHook, HookHandle } from './module/hooks.ts'
export { Module, type BufferOptions } from './module/module.ts'
export { Parameter, type ParameterOptions } from './module/parameter.ts'
export type { LoadOptions, LoadResult, StateDict } from './module/state-dict.ts'
export type { Accepts, Chain, Keeps, Output, Ruled, ShapeRule } from './shape-rules.ts'
