import type { Tensor } from '@gradtape/core'

/** A point on the line that is searched. */
export interface LinePoint {
  /** How far along the direction. */
  readonly t: number
  readonly loss: number
  readonly grad: Tensor
  /** The loss's derivative by t. */
  readonly slope: number
}

/** How much of the decrease that the slope promises there must be. */
const DECREASE = 1e-4
/** How flat the line must have become, against the slope at the start. */
const CURVATURE = 0.9
/** What no element of the parameters need be told apart by. */
const RESOLUTION = 1e-9
const TRIALS = 25

/**
 * A point on a line downhill that meets the strong Wolfe conditions,
 * `loss ≤ loss₀ + 1e-4 · t · slope₀` and `|slope| ≤ 0.9 · |slope₀|`, or the best that 25 more trials
 * have found.
 *
 * First t grows until a bracket holds such a point, then the bracket closes in on it; new trials are
 * where a cubic through the two ends, with their slopes, is least.
 *
 * Source: Nocedal, Wright, "Numerical Optimization", 2nd edition, algorithms 3.5 and 3.6, with
 * PyTorch's constants and safeguards.
 *
 * @param at what evaluates the loss.
 * @param first where to look first.
 * @param reach the direction's largest element.
 */
export function strongWolfe(
  at: (t: number) => LinePoint,
  start: LinePoint,
  first: number,
  reach: number,
): { readonly point: LinePoint; readonly evaluations: number } {
  const tooHigh = ({ t, loss }: LinePoint): boolean =>
    loss > start.loss + DECREASE * t * start.slope
  const isFlat = ({ slope }: LinePoint): boolean => Math.abs(slope) <= -CURVATURE * start.slope

  let before = start
  let point = at(first)
  let trials = 0
  let ends: [LinePoint, LinePoint] | undefined
  while (trials < TRIALS) {
    if (tooHigh(point) || (trials > 1 && point.loss >= before.loss)) {
      ends = [before, point]
      break
    }
    if (isFlat(point)) return { point, evaluations: trials + 1 }
    if (point.slope >= 0) {
      ends = [before, point]
      break
    }
    const { t } = point
    const farther = leastOfCubic(before, point, t + 0.01 * (t - before.t), t * 10)
    before = point
    point = at(farther)
    trials++
  }
  ends ??= [start, point]

  let low = lower(ends)
  let crowded = false
  while (trials < TRIALS) {
    const [a, b] = ends
    if (Math.abs(b.t - a.t) * reach < RESOLUTION) break
    const left = Math.min(a.t, b.t)
    const right = Math.max(a.t, b.t)
    const margin = 0.1 * (right - left)
    let t = leastOfCubic(a, b, left, right)
    // A trial twice in a row close to an end would gain little: it moves away by a tenth.
    if (Math.min(right - t, t - left) < margin) {
      if (crowded || t >= right || t <= left) {
        t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin
        crowded = false
      } else {
        crowded = true
      }
    } else {
      crowded = false
    }
    point = at(t)
    trials++
    const high = 1 - low
    if (tooHigh(point) || point.loss >= ends[low]!.loss) {
      ends[high] = point
      low = lower(ends)
      continue
    }
    const done = isFlat(point)
    if (!done && point.slope * (ends[high]!.t - ends[low]!.t) >= 0) ends[high] = ends[low]!
    ends[low] = point
    if (done) break
  }
  return { point: ends[low]!, evaluations: trials + 1 }
}

function lower([a, b]: readonly [LinePoint, LinePoint]): 0 | 1 {
  return a.loss <= b.loss ? 0 : 1
}

/** Where, from `left` to `right`, the cubic through two points with their slopes is least. */
function leastOfCubic(a: LinePoint, b: LinePoint, left: number, right: number): number {
  const [near, far] = a.t <= b.t ? [a, b] : [b, a]
  const d1 = near.slope + far.slope - (3 * (near.loss - far.loss)) / (near.t - far.t)
  const square = d1 ** 2 - near.slope * far.slope
  if (!(square >= 0)) return (left + right) / 2
  const d2 = Math.sqrt(square)
  const share = (far.slope + d2 - d1) / (far.slope - near.slope + 2 * d2)
  return Math.min(Math.max(far.t - (far.t - near.t) * share, left), right)
}
