import type { Tensor } from '@gradtape/core'
import type { Weights } from './differences.ts'
import { expectFewKinks } from './entries.ts'
import { elementLine } from './directions.ts'
import { rowOf } from './jacobian.ts'
import { judge, type Verdict } from './judge.ts'
import type { Settings } from './options.ts'
import type { Problem } from './problem.ts'
import { judgeAlong, type Projection } from './projections.ts'
import { GradcheckError, whereIs, type Disagreement } from './report.ts'
import { flatten, placeOf, sizeOf } from './vectors.ts'

/**
 * Concludes from projections alone, for Jacobians of too many entries to compare each. Of one that is
 * wrong an entry is found by halves.
 *
 * @throws {GradcheckError} naming a wrong entry, or when too many outputs have kinks.
 */
export function concludeFrom(
  projections: readonly Projection[],
  problem: Problem,
  settings: Settings,
): void {
  const wrong = projections.find(isWrong)
  if (wrong !== undefined) throw locate(wrong, problem, settings)
  expectFewKinks(problem, Math.max(...projections.map(({ kinks = 0 }) => kinks)), settings)
}

function locate(
  { u, v, expected, tolerance }: Projection,
  problem: Problem,
  settings: Settings,
): GradcheckError {
  const { where, inputs } = problem
  const outputs = problem.evaluate(inputs, true)
  const row = rowOf(problem, outputs, v)
  const element = halve(u.length, (from, to) =>
    isWrong(judgeAlong(problem, only(u, from, to), v, row, settings)),
  )
  const entry = element === null ? null : entryAt(element, v, problem, settings)
  const what =
    entry === null
      ? `a random projection of the gradients is not ${expected}, as by differences`
      : `the gradient of ${whereIs(entry, outputs.length)} is ${entry.expected} by differences, but ${entry.found} by the tape`
  return new GradcheckError(
    `${where}: ${what} (${entry?.tolerance ?? tolerance} allowed); found by halves, ` +
      `as ${sizeOf(inputs)} × ${sizeOf(outputs)} derivatives are too many to compare each: others may be wrong, too`,
    'derivative',
    entry === null ? [] : [entry],
  )
}

const isWrong = ({ says }: Verdict): boolean => says === 'wrong' || says === 'undecided'

/** The entry by this element of the inputs that is wrong; null where only several together are. */
function entryAt(
  element: number,
  v: Float64Array,
  problem: Problem,
  settings: Settings,
): Disagreement | null {
  const { inputs, names } = problem
  const evaluate = (): readonly Tensor[] => problem.evaluate(inputs, false)
  const outputs = evaluate()
  const base = flatten(outputs)
  const check = (weights: Weights): Verdict & { found: number } => {
    const found = rowOf(problem, problem.evaluate(inputs, true), weights)[element]!
    const line = elementLine(inputs, element)
    return { ...judge(evaluate, base, line, [weights], [found], settings)[0]!, found }
  }
  const output = halve(v.length, (from, to) => isWrong(check(only(v, from, to))))
  if (output === null) return null
  const { expected, found, tolerance } = check(output)
  const { tensor, index } = placeOf(element, inputs)
  const place = placeOf(output, outputs)
  return {
    input: names[tensor]!,
    index,
    output: { output: place.tensor, index: place.index },
    expected,
    found,
    tolerance,
  }
}

/** An index that is wrong, found by halves; null where neither half alone is. */
function halve(count: number, wrong: (from: number, to: number) => boolean): number | null {
  let [from, to] = [0, count]
  while (to - from > 1) {
    const middle = (from + to) >> 1
    if (wrong(from, middle)) to = middle
    else if (wrong(middle, to)) from = middle
    else return null
  }
  return from
}

/** The numbers from one place to another, with zeros elsewhere. */
function only(numbers: Float64Array, from: number, to: number): Float64Array {
  return numbers.map((x, i) => (i >= from && i < to ? x : 0))
}
