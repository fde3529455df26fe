import { gradients, jvp, mapTree, ones, treeLeaves, type Tensor } from '@gradtape/core'
import type { TableEntry } from '@gradtape/testing'
import { isFloat, type Call } from './calls.ts'

export interface Derivatives {
  /** Up to which order it can be differentiated, or why it can't. */
  readonly orders: string
  /** Whether tangents are pushed through it, or why not. */
  readonly forward: string
}

/** How often the derivative of the derivative is taken: it is made of the ops that were there before. */
const DEEPEST = 3

/** @throws {Error} when a derivative can't be taken, or is missing for no reason. */
export function derivativesOf(fn: TableEntry, calls: readonly Call[]): Derivatives {
  const { name, kind, differentiable } = fn.entry
  if (kind === 'update') {
    const why = 'none: an assignment is no function'
    return { orders: why, forward: why }
  }
  if (!differentiable) {
    const results = calls.flatMap(({ result }) => treeLeaves(result))
    if (results.some(isFloat)) throw new Error(`${name}: floats, but no derivatives, for no reason`)
    const what = results[0]!.dtype === 'bool' ? 'yes or no' : 'an index'
    const why = `none: ${what} is piecewise constant`
    return { orders: why, forward: why }
  }
  const found = calls.map((call) => [...reverse(fn, call), ...forward(fn, call)])
  if (found.every((all) => all.every(isZero))) {
    const why = '(all 0: piecewise constant)'
    return { orders: `any ${why}`, forward: `yes ${why}` }
  }
  return { orders: 'any', forward: 'yes' }
}

const isZero = (x: Tensor): boolean => x.data.every((value) => value === 0)

/** The gradients of the first order; those of the next ones are taken, too. */
function reverse(fn: TableEntry, { args }: Call): Tensor[] {
  const leaves = treeLeaves(args).filter(isFloat)
  leaves.forEach((x) => x.requiresGrad_())
  let outputs = treeLeaves(fn(...(args as never[]))).filter(isFloat)
  const first: Tensor[] = []
  for (let order = 1; order <= DEEPEST; order++) {
    const taped = outputs.filter((y) => y.requiresGrad)
    if (taped.length === 0) break
    const gradOutputs = taped.map((y) => ones(y.shape, { dtype: y.dtype }))
    const options = { gradOutputs, createGraph: true, allowUnused: true } as const
    outputs = gradients(taped, leaves, options).filter((ct) => ct !== null)
    if (order === 1) first.push(...outputs)
  }
  leaves.forEach((x) => x.requiresGrad_(false))
  return first
}

/** The tangents of the results. */
function forward(fn: TableEntry, { args }: Call): Tensor[] {
  const primals = treeLeaves(args).filter(isFloat)
  const f = (...given: Tensor[]): Tensor[] => {
    const rest = given.values()
    const full = mapTree(args, (x) => (isFloat(x) ? rest.next().value! : x))
    return treeLeaves(fn(...(full as never[]))).filter(isFloat)
  }
  const tangents = primals.map((x) => ones(x.shape, { dtype: x.dtype }))
  return jvp(f, primals, tangents)[1]
}
