import type { RandomGenerator, Tensor } from '@gradtape/core'
import type { Problem } from './problem.ts'
import { randomNumbers } from './random.ts'
import { GradcheckError } from './report.ts'
import { flatten, pull, sizeOf, unflatten } from './vectors.ts'

/**
 * @throws {GradcheckError} unless two runs of the function give the same values, two backward passes
 * over one run the same gradients, and those over the other run as well.
 */
export function checkRepeats(
  problem: Problem,
  outputs: readonly Tensor[],
  nondetTol: number,
  generator: RandomGenerator,
): void {
  const { where, inputs } = problem
  const again = problem.evaluate(inputs, true)
  const expectRepeated = (what: string, a: Float64Array, b: Float64Array): void => {
    const apart = a.length === b.length ? distance(a, b) : Infinity
    if (apart <= nondetTol) return
    throw new GradcheckError(
      `${where}: ${what} does not repeat: two gave results that are ${apart} apart, ${nondetTol} allowed; ` +
        'the function draws random numbers (give it a generator made inside), or keeps something from call to call',
      'nondeterministic',
    )
  }
  expectRepeated('the function', flatten(outputs), flatten(again))
  const v = unflatten(randomNumbers(sizeOf(outputs), generator), outputs)
  const first = pull(problem, outputs, inputs, v)
  expectRepeated('a backward pass', first, pull(problem, outputs, inputs, v))
  expectRepeated('a run with its backward pass', first, pull(problem, again, inputs, v))
}

function distance(a: Float64Array, b: Float64Array): number {
  let largest = 0
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i]) || a[i] === b[i]) continue
    const apart = Math.abs(a[i]! - b[i]!)
    largest = Math.max(largest, Number.isNaN(apart) ? Infinity : apart)
  }
  return largest
}
