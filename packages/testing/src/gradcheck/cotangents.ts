import type { RandomGenerator, Tensor } from '@gradtape/core'
import { strided } from './layouts.ts'
import type { Problem } from './problem.ts'
import { randomNumbers } from './random.ts'
import { expectSame } from './same.ts'
import { pull, sizeOf, unflatten } from './vectors.ts'

/**
 * @throws {GradcheckError} unless pullbacks are linear, `Jᵀ(a·v + b·w) = a·Jᵀv + b·Jᵀw`, with `w` in
 * another layout than `v`, and take cotangents that were expanded from one number, as those of a sum.
 */
export function checkCotangents(
  problem: Problem,
  outputs: readonly Tensor[],
  nondetTol: number,
  generator: RandomGenerator,
): void {
  const back = (cts: readonly Tensor[]): Float64Array => pull(problem, outputs, problem.inputs, cts)
  const size = sizeOf(outputs)
  const [a, b] = [0.75, -1.25]
  const v = randomNumbers(size, generator)
  const w = randomNumbers(size, generator)
  const both = v.map((part, i) => a * part + b * w[i]!)
  const ofV = back(unflatten(v, outputs))
  const ofW = back(unflatten(w, outputs).map(strided))
  expectSame(
    problem,
    'nonlinear',
    back(unflatten(both, outputs)),
    ofV.map((part, i) => a * part + b * ofW[i]!),
    (name, seen, expected) =>
      `the pullback is not linear: for ${name}, the sum of two cotangents is pulled back to ${seen}, one after the other to ${expected}; ` +
      'a derivative is multiplied by the cotangent, once, and reads it by its layout',
    nondetTol,
    ofV.map((part, i) => Math.abs(a * part) + Math.abs(b * ofW[i]!)),
  )
  const copies = unflatten(new Float64Array(size).fill(a), outputs)
  const expanded = copies.map((x) =>
    x.numel === 0
      ? x
      : x
          .reshape([-1])
          .at(0)
          .expand([...x.shape]),
  )
  expectSame(
    problem,
    'strided',
    back(expanded),
    back(copies),
    (name, seen, expected) =>
      `for ${name}, a cotangent expanded from one number is pulled back to ${seen}, its copy to ${expected}; ` +
      'a derivative reads the cotangent by its layout, as .data does',
    nondetTol,
  )
}
