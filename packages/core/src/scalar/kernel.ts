import type { DType } from '../dtype.ts'
import { leaves, type Expr } from './expr.ts'

/** One or more formulas over the same inputs and parameters, as a backend runs them over tensors. */
export interface ScalarKernel {
  readonly formulas: readonly Expr[]
  readonly inputs: number
  readonly params: number
  /** Compiled loops, kept by the backend that made them. */
  readonly loops: Map<number | string, unknown>
  /** Those for contiguous operands of one dtype. */
  readonly alike: Partial<Record<DType, unknown>>
}

const kernels: Record<string, ScalarKernel> = {}

/** Kernels are interned like their formulas, so that each loop is compiled once. */
export function kernelOf(formulas: readonly Expr[], inputs: number, params: number): ScalarKernel {
  const key = `${formulas.map((formula) => formula.key).join(';')}/${inputs}/${params}`
  return (kernels[key] ??= { formulas, inputs, params, loops: new Map(), alike: {} })
}

/** How many inputs and parameters a formula numbers. */
export function arity(formulas: readonly Expr[]): { inputs: number; params: number } {
  let inputs = 0
  let params = 0
  for (const leaf of leaves(formulas)) {
    if (leaf.kind === 'param') params = Math.max(params, leaf.index + 1)
    else inputs = Math.max(inputs, leaf.index + 1)
  }
  return { inputs, params }
}
