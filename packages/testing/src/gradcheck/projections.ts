import type { RandomGenerator, Tensor } from '@gradtape/core'
import { passedWith } from '../measure.ts'
import { line, scaleOf } from './directions.ts'
import { rowOf } from './jacobian.ts'
import { judge, type Verdict } from './judge.ts'
import type { Settings } from './options.ts'
import type { Problem } from './problem.ts'
import { randomNumbers } from './random.ts'
import { dot, flatten, sizeOf } from './vectors.ts'

/** How many projections are compared. */
const PROJECTIONS = 4

/** A projection of the Jacobian: the combination of its rows by `v`, along `u`, and what is said of it. */
export interface Projection extends Verdict {
  readonly u: Float64Array
  readonly v: Float64Array
}

/**
 * Random projections of the Jacobian `J` by the tape, and whether they are those by differences:
 * `⟨Jᵀ v, u⟩` is the derivative of `⟨v, f(x + t·u)⟩` by `t`, for random `u` and `v` of both signs. One
 * number is compared for all entries, as in the checks of HIPS autograd, and several times. Each element
 * moves in proportion to its scale.
 */
export function projectionsOf(
  problem: Problem,
  settings: Settings,
  generator: RandomGenerator,
): Projection[] {
  const { inputs } = problem
  const outputs = problem.evaluate(inputs, true)
  // All before the inputs move, as the tape notices.
  const drawn = Array.from({ length: PROJECTIONS }, () => {
    const v = randomNumbers(sizeOf(outputs), generator)
    return { v, u: randomNumbers(sizeOf(inputs), generator), row: rowOf(problem, outputs, v) }
  })
  return drawn.map(({ u, v, row }) => ({ u, v, ...judgeAlong(problem, u, v, row, settings) }))
}

/** What differences say of `⟨row, u⟩`, where `row` is the combination of the Jacobian's by `v`. */
export function judgeAlong(
  problem: Problem,
  u: Float64Array,
  v: Float64Array,
  row: Float64Array,
  settings: Settings,
): Verdict {
  const { inputs } = problem
  const evaluate = (): readonly Tensor[] => problem.evaluate(inputs, false)
  const base = flatten(evaluate())
  const scales = flatten(inputs).map(scaleOf)
  const along = u.map((part, i) => part * scales[i]!)
  const found = dot(row, along)
  const verdict = judge(evaluate, base, line(inputs, u), [v], [found], settings)[0]!
  const { says, expected } = verdict
  if (says === 'right') passedWith(Math.abs(found - expected) / Math.max(1, Math.abs(expected)))
  return verdict
}
