import type { Tensor } from '@gradtape/core'
import type { Weights } from './differences.ts'
import type { Problem } from './problem.ts'
import { pull, sizeOf, unflatten } from './vectors.ts'

/** How many numbers may pass through the function to compare its Jacobian entry by entry. */
const LARGEST = 2 ** 22

/**
 * Whether only projections of the Jacobian are compared: where the elements of the inputs, each of which
 * would move alone, times those of inputs and outputs are more than 2²².
 */
export function isLarge(inputs: readonly Tensor[], outputs: readonly Tensor[]): boolean {
  const elements = sizeOf(inputs)
  return elements * (elements + sizeOf(outputs)) > LARGEST
}

/** The row of the Jacobian by the tape of one output element, or a combination of rows. */
export function rowOf(
  problem: Problem,
  outputs: readonly Tensor[],
  weights: Weights,
): Float64Array {
  let flat = weights
  if (typeof flat === 'number') {
    flat = new Float64Array(sizeOf(outputs))
    flat[weights as number] = 1
  }
  const cts = unflatten(flat, outputs).map((ct) => (ct.data.some((c) => c !== 0) ? ct : null))
  return pull(problem, outputs, problem.inputs, cts)
}
