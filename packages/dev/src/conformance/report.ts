import { aligned } from '../aligned.ts'
import type { Tier } from '../tiers/engine.ts'
import type { Conformance } from './conformance.ts'
import { sorts, tolerances } from './tolerances.ts'

const dtypes = ['float32', 'float64'] as const

/** The worst errors of each tier beside what is allowed, and what went wrong. */
export function reportOf(
  { missing, worst, failures, cases, elements, unsure }: Conformance,
  tiers: readonly Tier[],
): string {
  const columns = sorts.flatMap((sort) => dtypes.map((dtype) => ({ sort, dtype })))
  const heading = ['tier', ...columns.map(({ sort, dtype }) => `${sort} ${dtype}`)]
  const rows = tiers
    .filter((tier) => missing.every((one) => one.tier !== tier))
    .map((tier) => [
      tier,
      ...columns.map(({ sort, dtype }) => {
        const own = worst.find((x) => x.tier === tier && x.sort === sort && x.dtype === dtype)
        const allowed = tolerances[tier][sort][dtype === 'float32' ? 0 : 1]
        return own ? `${own.ulp.toFixed(2)} of ${allowed} ${own.op}` : '-'
      }),
    ])
  return [
    ...aligned([heading, ...rows]),
    '',
    `${cases} cases on each tier, ${elements.toLocaleString('en')} elements compared, ` +
      `${unsure.toLocaleString('en')} more come from an overflow or lie too near a jump; ${failures.length} wrong.`,
    'The largest error of values and gradients, in ulp of the sum of all that is rounded on the way (each step of a formula once, ' +
      'sums and products of matrices once by the magnitudes of their terms), the tolerance, and the op. What is exact must be. ' +
      'Products by a BLAS are allowed an eighth of their steps, where that is more.',
    ...missing.map(({ tier, why }) => `${tier}: not run. ${why}`),
    ...failures.map((failure) => `\n${failure}`),
  ].join('\n')
}
