import type { RandomGenerator } from '@gradtape/core'
import type { Weights } from './differences.ts'
import { isLarge, rowOf } from './jacobian.ts'
import type { Settings } from './options.ts'
import type { Problem } from './problem.ts'
import { excessOf, GradcheckError, whereIs, type Disagreement } from './report.ts'
import { randomNumbers } from './random.ts'
import { placeOf, sizeOf } from './vectors.ts'

/** The function for float32 inputs, and for their copies in float64. */
export interface Precisions {
  readonly single: Problem
  readonly double: Problem
}

/** How much larger than an entry the largest of its row may be and tell what it may be off by. */
const OF_LARGEST = 0.01

/** How many combinations of the rows of a large Jacobian are compared. */
const COMBINATIONS = 4

/** What an entry may be off by where all cancels, for numbers of about 1. */
const ATOL = 1e-6

/**
 * Compares float32 gradients with the float64 tape of the same function, which was compared with
 * differences: differences in float32 have 3 digits at best. Cotangents are the same in both.
 *
 * @throws {GradcheckError} naming the entry that is farthest off.
 */
export function checkFloat32(
  { single, double }: Precisions,
  { rtolFloat32 }: Settings,
  generator: RandomGenerator,
): void {
  const outputs = single.evaluate(single.inputs, true)
  const inDouble = double.evaluate(double.inputs, true)
  const size = sizeOf(outputs)
  const weights: Weights[] = isLarge(single.inputs, outputs)
    ? Array.from({ length: COMBINATIONS }, () => randomNumbers(size, generator).map(Math.fround))
    : Array.from({ length: size }, (_, j) => j)
  const wrong: Disagreement[] = []
  weights.forEach((w) => {
    const exact = rowOf(double, inDouble, w)
    const largest = exact.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    rowOf(single, outputs, w).forEach((found, at) => {
      const expected = exact[at]!
      const tolerance = ATOL + rtolFloat32 * (Math.abs(expected) + OF_LARGEST * largest)
      if (Object.is(found, Math.fround(expected)) || Math.abs(found - expected) <= tolerance) return
      const { tensor, index } = placeOf(at, single.inputs)
      const place = typeof w === 'number' ? placeOf(w, outputs) : null
      const output = place && { output: place.tensor, index: place.index }
      wrong.push({ input: single.names[tensor]!, index, output, expected, found, tolerance })
    })
  })
  if (wrong.length === 0) return
  wrong.sort((a, b) => excessOf(b) - excessOf(a))
  const worst = wrong[0]!
  throw new GradcheckError(
    `${single.where}: in float32 the gradient of ${whereIs(worst, outputs.length)} is ${worst.found}, in float64 ${worst.expected} ` +
      `(${worst.tolerance} allowed; ${wrong.length} derivatives disagree, this one most); ` +
      'digits cancel or numbers overflow in float32: rewrite the derivative, as expm1 and log1p do for exp(x) - 1 and log(1 + x), or allow more with { rtolFloat32 }',
    'float32',
    wrong.slice(0, 100),
  )
}
