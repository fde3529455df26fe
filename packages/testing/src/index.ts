/**
 * Gradient checks, arbitraries of tensors for fast-check, and the properties of the op table.
 * @packageDocumentation
 */
export * as arbitraries from './arbitraries/index.ts'
export { gradcheck, gradgradcheck, type GradcheckOptions } from './gradcheck.ts'
export { opTableProperties } from './properties/index.ts'
export type { CheckOptions, OpProperty } from './properties/op-property.ts'
export { opTable, type TableEntry } from './properties/table.ts'
export { GradcheckError, type Disagreement } from './report.ts'
