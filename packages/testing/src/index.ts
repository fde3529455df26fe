/**
 * Gradient checks, arbitraries of tensors for fast-check, and the properties of the op table.
 * @packageDocumentation
 */
export * as arbitraries from './arbitraries/index.ts'
export { drawKeys } from './keys.ts'
export { gradcheck, gradgradcheck } from './gradcheck.ts'
export type { GradcheckOptions } from './gradcheck/options.ts'
export type { Program, Step } from './programs/program.ts'
export { opTableProperties } from './properties/index.ts'
export { programProperties, type ProgramProperty } from './properties/programs.ts'
export type { CheckOptions, OpProperty, Search } from './properties/op-property.ts'
export { opTable, type TableEntry } from './properties/table.ts'
export { GradcheckError, type Disagreement, type Reason } from './gradcheck/report.ts'
