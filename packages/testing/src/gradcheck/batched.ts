import { stack, vjp, vmap, type RandomGenerator, type Tensor } from '@gradtape/core'
import type { Problem } from './problem.ts'
import { randomNumbers } from './random.ts'
import { expectSame } from './same.ts'
import { flatten, sizeOf, unflatten } from './vectors.ts'

/** How many cotangents make the batch. */
const BATCH = 3

/** @throws {GradcheckError} unless the pullback under vmap gives what a loop over cotangents gives. */
export function checkBatched(
  problem: Problem,
  outputs: readonly Tensor[],
  nondetTol: number,
  generator: RandomGenerator,
): void {
  const { inputs } = problem
  const pulled = (...cts: Tensor[]): Tensor[] => {
    const f = (...xs: Tensor[]): Tensor[] => [...problem.evaluate(xs, true)]
    return vjp(f, ...inputs)[1](cts)
  }
  const batch = Array.from({ length: BATCH }, () =>
    unflatten(randomNumbers(sizeOf(outputs), generator), outputs),
  )
  const together = vmap(pulled)(...outputs.map((_, k) => stack(batch.map((cts) => cts[k]!))))
  batch.forEach((cts, b) => {
    expectSame(
      problem,
      'batched',
      flatten(together.map((gradients) => gradients.at(b))),
      flatten(pulled(...cts)),
      (name, seen, expected) =>
        `for ${name}, the pullback under vmap gives ${seen}, and in a loop ${expected}; it must not depend on how many examples there are`,
      nondetTol,
    )
  })
}
