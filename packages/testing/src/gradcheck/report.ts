import { GradtapeError } from '@gradtape/core'

/** Where the tape and what it is compared with disagree. */
export interface Disagreement {
  /** Which input: `input 0`, or `cotangent of output 0` in second order. */
  readonly input: string
  /** The element of the input. */
  readonly index: readonly number[]
  /** The element of the outputs that is differentiated; null for a random combination of all. */
  readonly output: { readonly output: number; readonly index: readonly number[] } | null
  /** The derivative by differences, or, for float32, by the tape in float64. */
  readonly expected: number
  /** The derivative by the tape. */
  readonly found: number
  readonly tolerance: number
}

/**
 * What is wrong: a derivative; one that differences can't tell from a right one; one at a kink, of
 * too many; one in float32; passes that don't repeat; a pullback that isn't linear; other results for a
 * strided input; forward mode that is not the adjoint of reverse mode; a pullback under vmap.
 */
export type Reason =
  | 'derivative'
  | 'undecided'
  | 'kinks'
  | 'float32'
  | 'nondeterministic'
  | 'nonlinear'
  | 'strided'
  | 'forward'
  | 'batched'

/** A gradient that is not the function's. */
export class GradcheckError extends GradtapeError {
  override readonly name: string = 'GradcheckError'
  readonly reason: Reason
  /** The entries that are beyond their tolerance, the farthest first; of many, the first hundred. */
  readonly wrong: readonly Disagreement[]

  constructor(message: string, reason: Reason, wrong: readonly Disagreement[] = []) {
    super(message)
    this.reason = reason
    this.wrong = wrong
  }

  /** The entry that is farthest beyond its tolerance; null where no single one is to blame. */
  get worst(): Disagreement | null {
    return this.wrong[0] ?? null
  }
}

/** By how many times two numbers are farther apart than they may be. */
export function excessOf({ expected, found, tolerance }: Disagreement): number {
  const ratio = Math.abs(found - expected) / tolerance
  return Number.isNaN(ratio) ? Infinity : ratio
}

/** An entry in words: `input 0 at [1], by output 0 at [2]`. */
export function whereIs({ input, index, output }: Disagreement, outputs: number): string {
  const element = index.length === 0 ? input : `${input} at [${index.join(', ')}]`
  if (output === null) return `${element}, for a random combination of the outputs`
  if (output.index.length === 0 && outputs === 1) return element
  const of = outputs === 1 ? 'the output' : `output ${output.output}`
  return `${element}, for ${of}${output.index.length === 0 ? '' : ` at [${output.index.join(', ')}]`}`
}
