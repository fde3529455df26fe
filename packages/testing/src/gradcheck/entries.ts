import type { Tensor } from '@gradtape/core'
import { passedWith } from '../measure.ts'
import { elementLine } from './directions.ts'
import { hintsOf } from './hints.ts'
import { rowOf } from './jacobian.ts'
import { judge } from './judge.ts'
import type { Settings } from './options.ts'
import type { Problem } from './problem.ts'
import { excessOf, GradcheckError, whereIs, type Disagreement } from './report.ts'
import { flatten, placeOf, sizeOf } from './vectors.ts'

/** What the comparison of all entries of a Jacobian has found. */
interface Comparison {
  readonly wrong: Disagreement[]
  readonly undecided: Disagreement[]
  /** The elements of the inputs with a right derivative that is not 0, and those with a wrong one. */
  readonly rightAt: Set<number>
  readonly wrongAt: Set<number>
  readonly kinkAt: Set<number>
  compared: number
}

/**
 * Compares the Jacobian by the tape with differences, entry by entry: each element of the inputs is
 * moved alone.
 *
 * @throws {GradcheckError} naming the entry that is farthest off, or when too many lie at kinks.
 */
export function compareEntries(problem: Problem, settings: Settings): void {
  const outputs = problem.evaluate(problem.inputs, true)
  const found = compare(problem, outputs, settings)
  if (found.wrong.length > 0) throw wrongDerivative(problem, outputs, found)
  if (found.undecided.length > 0) throw undecided(problem, outputs, found)
  expectFewKinks(problem, found.kinkAt.size, settings)
}

/** @throws {GradcheckError} when so many kinks are too many. */
export function expectFewKinks(
  { where, inputs }: Problem,
  kinks: number,
  settings: Settings,
): void {
  const elements = sizeOf(inputs)
  const { maxKinks = Math.max(1, Math.floor(elements / 10)) } = settings
  if (kinks <= maxKinks) return
  throw new GradcheckError(
    `${where}: the function has a kink at ${kinks} of ${elements} elements of the inputs, or within a step of them, ` +
      `and ${maxKinks} may lie there, as any slope between those of both sides passes; ` +
      `move the inputs away from kinks, or allow them with { maxKinks: ${kinks} }`,
    'kinks',
  )
}

function compare(problem: Problem, outputs: readonly Tensor[], settings: Settings): Comparison {
  const { inputs } = problem
  const elements = Array.from({ length: sizeOf(outputs) }, (_, j) => j)
  const rows = elements.map((j) => rowOf(problem, outputs, j))
  const result: Comparison = {
    wrong: [],
    undecided: [],
    rightAt: new Set(),
    wrongAt: new Set(),
    kinkAt: new Set(),
    compared: 0,
  }
  const evaluate = (): readonly Tensor[] => problem.evaluate(inputs, false)
  const base = flatten(evaluate())
  for (let at = 0; at < sizeOf(inputs); at++) {
    const found = rows.map((row) => row[at]!)
    const verdicts = judge(evaluate, base, elementLine(inputs, at), elements, found, settings)
    verdicts.forEach(({ says, expected, tolerance }, row) => {
      result.compared++
      if (says === 'right') {
        passedWith(Math.abs(found[row]! - expected) / Math.max(1, Math.abs(expected)))
        if (expected !== 0) result.rightAt.add(at)
      }
      if (says === 'kink') result.kinkAt.add(at)
      if (says !== 'wrong' && says !== 'undecided') return
      if (says === 'wrong') result.wrongAt.add(at)
      const { tensor, index } = placeOf(at, inputs)
      result[says].push({
        input: problem.names[tensor]!,
        index,
        output: outputAt(row, outputs),
        expected,
        found: found[row]!,
        tolerance,
      })
    })
  }
  return result
}

function outputAt(row: number, outputs: readonly Tensor[]): Disagreement['output'] {
  const { tensor, index } = placeOf(row, outputs)
  return { output: tensor, index }
}

/** How many entries a message lists. */
const LISTED = 5

/** How many entries an error keeps. */
const KEPT = 100

function wrongDerivative(
  problem: Problem,
  outputs: readonly Tensor[],
  found: Comparison,
): GradcheckError {
  const { where, inputs } = problem
  const wrong = found.wrong.toSorted((a, b) => excessOf(b) - excessOf(a))
  const worst = wrong[0]!
  const { expected, found: by, tolerance } = worst
  const list = wrong
    .slice(1, LISTED)
    .map((w) => `\n  ${whereIs(w, outputs.length)}: ${w.expected}, but ${w.found}`)
  const hints = hintsOf({ ...found, wrong, inputs, names: problem.names, outputs })
  return new GradcheckError(
    `${where}: the gradient of ${whereIs(worst, outputs.length)} is ${expected} by differences, but ${by} by the tape ` +
      `(${Math.abs(by - expected)} apart, ${tolerance} allowed); ` +
      `${wrong.length} of ${found.compared} derivatives disagree, this one most` +
      (list.length === 0 ? '' : `; then${list.join('')}`) +
      hints.map((hint) => `\n  hint: ${hint}`).join(''),
    'derivative',
    wrong.slice(0, KEPT),
  )
}

function undecided(
  problem: Problem,
  outputs: readonly Tensor[],
  { undecided: entries, compared }: Comparison,
): GradcheckError {
  const worst = entries.toSorted((a, b) => b.tolerance - a.tolerance)[0]!
  return new GradcheckError(
    `${problem.where}: differences can't tell whether the gradient of ${whereIs(worst, outputs.length)} is right: ` +
      `they give ${worst.expected}, but may be off by ${worst.tolerance}, and the tape gives ${worst.found} ` +
      `(so for ${entries.length} of ${compared} derivatives). The function jumps or oscillates within a step, or rounding drowns it: ` +
      'check it where its values are smaller, or with another { eps }',
    'undecided',
    entries.slice(0, KEPT),
  )
}
