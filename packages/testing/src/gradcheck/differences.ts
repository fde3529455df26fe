import type { Tensor } from '@gradtape/core'
import type { Direction } from './directions.ts'
import { flatten } from './vectors.ts'

/** The outputs at four points of a line, and where they were taken. */
export interface Samples {
  /** One step ahead and back, half a step ahead and back. */
  readonly values: readonly [Float64Array, Float64Array, Float64Array, Float64Array]
  readonly step: number
}

/** The outputs one step and half a step to both sides. */
export function sample(direction: Direction, evaluate: () => readonly Tensor[]): Samples {
  try {
    const at = (t: number): Float64Array => {
      direction.moveTo(t)
      // A copy, as an output may be a view of the input.
      return flatten(evaluate())
    }
    return { values: [at(1), at(-1), at(0.5), at(-0.5)], step: direction.step }
  } finally {
    direction.moveTo(0)
  }
}

/** A derivative as differences tell it, and how far it may be off. */
export interface Estimate {
  readonly value: number
  readonly error: number
}

/** What outputs are weighted by: one of them alone, or numbers for all. */
export type Weights = number | Float64Array

/** How many times the unit roundoff an output may be off by rounding inside of the function. */
const ROUNDOFF = 8 * Number.EPSILON

/**
 * The derivative along the line of the weighted sum of the outputs: central differences over the
 * steps h and h/2, extrapolated to a step of 0 (Richardson 1911), `(4·D(h/2) - D(h)) / 3`, whose error
 * falls with h⁴. How far that is from `D(h/2)` says how much the extrapolation had to correct; to that
 * comes what rounding the outputs may make of differences.
 */
export function estimate({ values, step }: Samples, weights: Weights): Estimate {
  const [ahead, back, halfAhead, halfBack] = values
  let [wide, narrow, rounding] = [0, 0, 0]
  each(weights, (j, w) => {
    // Differences first: what doesn't move leaves no rounding error.
    const rise = ahead[j]! - back[j]!
    const halfRise = halfAhead[j]! - halfBack[j]!
    wide += w * rise
    narrow += w * halfRise
    if (rise !== 0 || halfRise !== 0) {
      rounding += Math.abs(w) * Math.max(Math.abs(ahead[j]!), Math.abs(back[j]!))
    }
  })
  wide /= 2 * step
  narrow /= step
  const value = (4 * narrow - wide) / 3
  const error = Math.abs(value - narrow) + (ROUNDOFF * rounding) / step
  return { value, error: Number.isFinite(error) ? error : Infinity }
}

/** The slopes on both sides of a point, in order, and how far they may be off. */
export interface Sides {
  readonly low: number
  readonly high: number
  readonly error: number
  /** For how many outputs the two slopes differ by more than their errors. */
  readonly kinks: number
  /** Whether the function is not finite on one side. */
  readonly edge: boolean
}

/**
 * The one-sided derivatives, extrapolated from two steps: `2·D(h/2) - D(h)`, whose error falls with
 * h². Of a weighted sum: the least and the largest sum of slopes between those of both sides. A side
 * that is not finite (outside of the function's domain) leaves the slope of the other; where the
 * function jumps, there is no slope, and any may be.
 */
export function sides({ values, step }: Samples, base: Float64Array, weights: Weights): Sides {
  const [ahead, back, halfAhead, halfBack] = values
  let [low, high, error, kinks, edge] = [0, 0, 0, 0, false]
  each(weights, (j, w) => {
    const here = base[j]!
    const rounding = 4 * ROUNDOFF * Math.abs(here)
    const both = [
      sideOf(ahead[j]! - here, halfAhead[j]! - here, step, here),
      sideOf(here - back[j]!, here - halfBack[j]!, step, here),
    ]
    if (both.every(({ slope, off }) => slope === 0 && off === 0)) return
    const slopes = both.map(({ slope }) => w * slope).filter((slope) => !Number.isNaN(slope))
    const off = Math.abs(w) * (Math.max(...both.map((side) => side.off || 0)) + rounding / step)
    const jumps = both.some((side) => side.jumps)
    if (slopes.length < 2) edge = true
    else if (jumps || Math.abs(slopes[0]! - slopes[1]!) > 4 * off) kinks++
    low += jumps ? -Infinity : Math.min(...slopes)
    high += jumps ? Infinity : Math.max(...slopes)
    error += off
  })
  return { low, high, error, kinks, edge }
}

interface Side {
  readonly slope: number
  readonly off: number
  readonly jumps: boolean
}

/** What a function rises by at least where it jumps; by less, it may as well be steep and then flat. */
const JUMP = 1e-6

/** One side, by the rise over a step and over half of it. */
function sideOf(rise: number, halfRise: number, step: number, here: number): Side {
  const [wide, narrow] = [rise / step, (2 * halfRise) / step]
  const least = Math.max(0.9 * Math.abs(rise), JUMP * Math.max(1, Math.abs(here)))
  const jumps = Math.abs(halfRise) > least
  return { slope: 2 * narrow - wide, off: jumps ? 0 : 2 * Math.abs(narrow - wide), jumps }
}

function each(weights: Weights, visit: (j: number, weight: number) => void): void {
  if (typeof weights === 'number') visit(weights, 1)
  else for (let j = 0; j < weights.length; j++) visit(j, weights[j]!)
}
