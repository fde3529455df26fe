import type { Problem } from './problem.ts'
import { GradcheckError, type Reason } from './report.ts'
import { placeOf } from './vectors.ts'

/** What rounding may make of sums in another order: in proportion to the largest, and where all cancels. */
const RTOL = 1e-10
const ATOL = 1e-10

/**
 * @throws {GradcheckError} saying `what` of the first input element at which two gradients that must
 * be the same are not. `sizes` are those of what they were summed from; passes that need not
 * repeat may differ by `nondetTol` more.
 */
export function expectSame(
  { where, inputs, names }: Problem,
  reason: Reason,
  seen: Float64Array,
  expected: Float64Array,
  what: (name: string, seen: number, expected: number) => string,
  nondetTol: number,
  sizes: Float64Array = expected,
): void {
  const largest = sizes.reduce((most, size) => Math.max(most, Math.abs(size)), 0)
  for (let i = 0; i < seen.length; i++) {
    const [a, b] = [seen[i]!, expected[i]!]
    if (Object.is(a, b) || Math.abs(a - b) <= nondetTol + ATOL + RTOL * largest) continue
    const { tensor, index } = placeOf(i, inputs)
    const name = index.length === 0 ? names[tensor]! : `${names[tensor]!} at [${index.join(', ')}]`
    throw new GradcheckError(`${where}: ${what(name, a, b)}`, reason)
  }
}
