import { isTensor, type Tensor } from '@gradtape/core'
import type { TableEntry } from '@gradtape/testing'
import { backend, useBackend } from '../../../core/src/backend.ts'
import { analysedIn } from './analysed.ts'
import { mapped, outcomeOf, type Case } from './cases.ts'
import { double, single } from './running-error.ts'

/** Elements as they should be, and what they may be off by, in units of the precision. */
export interface Right {
  readonly dtype: string
  readonly elements: Float64Array
  readonly errors: Float64Array
}

/** All that a case should come to. */
export interface RightOutcome {
  readonly results: readonly Right[]
  /** Of how many terms the elements of products of matrices are sums, at most. */
  readonly steps: number
}

/** What a case should come to: the reference backend's results in float64, from the same numbers. */
export function rightOf(fn: TableEntry, one: Case): RightOutcome {
  const before = backend
  const analysis = analysedIn(one.dtype === 'float32' ? single : double)
  useBackend(analysis)
  try {
    const { values, gradients } = outcomeOf(fn, one, inDouble(one))
    const results = [...values, ...gradients].map((y) => ({
      dtype: y.dtype,
      errors: analysis.errorsOf(y),
      elements: Float64Array.from(y.data),
    }))
    return { results, steps: analysis.steps }
  } finally {
    useBackend(before)
  }
}

/** Floats as float64, and numbers as what they are rounded to in the dtype of the case. */
const inDouble =
  ({ dtype }: Case) =>
  <T>(args: T): T =>
    mapped(args, (x) => {
      if (isTensor(x)) return x.dtype === dtype ? asDouble(x) : x
      if (x === dtype) return 'float64'
      return typeof x === 'number' && dtype === 'float32' ? Math.fround(x) : x
    }) as T

function asDouble(x: Tensor): Tensor {
  return x.to('float64')
}
