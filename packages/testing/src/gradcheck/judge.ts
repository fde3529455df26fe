import type { Tensor } from '@gradtape/core'
import {
  estimate,
  sample,
  sides,
  type Estimate,
  type Samples,
  type Sides,
  type Weights,
} from './differences.ts'
import type { Line } from './directions.ts'
import type { Settings } from './options.ts'

/** What differences say of a derivative by the tape. */
export interface Verdict {
  readonly says: 'right' | 'wrong' | 'kink' | 'undecided'
  /** The derivative by differences. */
  readonly expected: number
  readonly tolerance: number
  /** For how many outputs the slopes of both sides differ, where it says 'kink'. */
  readonly kinks?: number
}

/**
 * The steps, in proportion to the first that is tried: narrower ones for where a kink or a pole is near
 * or the function bends, a wider one for where rounding drowns the differences.
 */
const STEPS = [8, 1, 1 / 16, 1 / 256, 1 / 4096]

/** How uncertain, in proportion, a derivative may be and still be told right from wrong. */
const UNCERTAIN = 1e-3

/**
 * Judges derivatives along one line, of differently weighted outputs. Those that differences at the
 * first step confirm sharply are right; for the others more steps are tried, and the least uncertain
 * of the differences decide. Where they deny a derivative that lies between the slopes of both sides,
 * it is a subgradient at a kink.
 */
export function judge(
  evaluate: () => readonly Tensor[],
  base: Float64Array,
  along: Line,
  weights: readonly Weights[],
  found: readonly number[],
  settings: Settings,
): Verdict[] {
  const { eps, atol, rtol } = settings
  const allowed = (expected: number): number => atol + rtol * Math.abs(expected)
  const isSharp = ({ value, error }: Estimate): boolean => error <= 2 * allowed(value)
  const at = (step: number): Samples => sample(along(eps * step), evaluate)
  const first = at(1)
  let samples: readonly Samples[] | null = null

  return weights.map((w, row) => {
    const value = found[row]!
    const confirms = (by: Estimate): boolean =>
      by.error < Infinity && Math.abs(value - by.value) <= allowed(by.value) + by.error
    const verdict = (says: Verdict['says'], by: Estimate): Verdict => {
      return { says, expected: by.value, tolerance: allowed(by.value) + by.error }
    }
    const quick = estimate(first, w)
    if (isSharp(quick) && confirms(quick)) return verdict('right', quick)
    samples ??= STEPS.map((step) => (step === 1 ? first : at(step)))
    const estimates = samples.map((taken) => estimate(taken, w))
    const best = surest(estimates)
    const certain = best.error <= UNCERTAIN * Math.max(Math.abs(best.value), atol / rtol)
    // Nearer to a kink than the steps before, the narrowest stands alone.
    const narrowest = estimates.at(-1)!
    const by = isSharp(narrowest) && confirms(narrowest) ? { ...narrowest, step: 0 } : best
    if (confirms(by) && (certain || by !== best)) {
      const narrower = by.step < 1 && !confirms(quick)
      return narrower ? { ...verdict('kink', by), kinks: 1 } : verdict('right', by)
    }
    const kink = kinkAt(samples, base, w)
    if (kink !== null) {
      const { low, high, error, kinks } = kink
      const off = Math.max(...[low, high].map(allowed).filter(Number.isFinite), 0) + error
      if (value >= low - off && value <= high + off) return { ...verdict('kink', best), kinks }
    }
    return verdict(confirms(best) ? 'undecided' : 'wrong', best)
  })
}

/** How much of the slopes may be uncertain to say that there is no kink. */
const SMOOTH = 1e-2

/**
 * The slopes of both sides where they differ, by the narrowest step that can tell; null where they
 * don't. Steps that reach beyond a kink nearby can't.
 */
function kinkAt(samples: readonly Samples[], base: Float64Array, weights: Weights): Sides | null {
  for (const taken of samples.toReversed()) {
    const at = sides(taken, base, weights)
    if (at.edge || at.kinks > 0) return at
    if (at.error <= SMOOTH * Math.max(Math.abs(at.low), Math.abs(at.high))) return null
  }
  return null
}

/**
 * The estimate with the least error, of estimates by steps that are ever narrower. One that is off by
 * more than it claims, by rounding, differs from both its neighbours.
 */
function surest(estimates: readonly Estimate[]): Estimate & { readonly step: number } {
  const doubted = estimates.map(({ value, error }, k) => {
    const neighbours = [estimates[k - 1], estimates[k + 1]].flatMap((other) => other ?? [])
    const apart = neighbours.map((other) => Math.abs(other.value - value)).filter(Number.isFinite)
    return { value, error: Math.max(error, Math.min(...apart)), step: STEPS[k]! }
  })
  return doubted.reduce((best, other) => (other.error < best.error ? other : best))
}
