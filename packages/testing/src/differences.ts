import { ShapeError, type ReadonlyData, type Tensor } from '@gradtape/core'
import { atIndex, indexOf } from './element.ts'

/** A derivative as differences tell it, and how far it may be off by the size of the step. */
export interface Difference {
  readonly value: number
  readonly uncertainty: number
}

/**
 * The derivatives of `<cotangents, evaluate()>` with respect to the elements of `x`, which is changed
 * in place, one element at a time, and restored.
 *
 * Central differences over the steps h and h/2 are extrapolated to a step of 0 (Richardson 1911):
 * `(4·D(h/2) - D(h)) / 3`, whose error falls with h⁴. How far that is from `D(h/2)` says how much the
 * extrapolation had to correct.
 */
export function differences(
  evaluate: () => readonly Tensor[],
  cotangents: readonly ReadonlyData[],
  x: Tensor,
  eps: number,
): Difference[] {
  const found: Difference[] = []
  const up: number[][] = []
  for (let i = 0; i < x.numel; i++) {
    const element = atIndex(x.detach(), indexOf(i, x.shape))
    const value = element.item()
    const slope = (h: number): number => {
      element.fill_(value + h)
      const above = element.item()
      evaluate().forEach(({ data }, k) => {
        const high = (up[k] ??= new Array<number>(data.length))
        // A copy, as an output may be a view of the input.
        for (let j = 0; j < data.length; j++) high[j] = data[j]!
      })
      element.fill_(value - h)
      const width = above - element.item()
      let rise = 0
      evaluate().forEach(({ data }, k) => {
        const [ct, high] = [cotangents[k]!, up[k]!]
        // Differences first: what doesn't move leaves no rounding error.
        for (let j = 0; j < data.length; j++) rise += ct[j]! * (high[j]! - data[j]!)
      })
      return rise / width
    }
    try {
      const h = representableStep(value, eps)
      const wide = slope(h)
      const narrow = slope(h / 2)
      const extrapolated = (4 * narrow - wide) / 3
      found.push({ value: extrapolated, uncertainty: Math.abs(extrapolated - narrow) })
    } finally {
      element.fill_(value)
    }
  }
  return found
}

/** A step in proportion to `x` (from 1 on) that leads from `x` to another number without rounding. */
function representableStep(x: number, eps: number): number {
  return x + eps * Math.max(1, Math.abs(x)) - x
}

/** Whether several elements of `x` lie in one place, so that none can be changed alone. */
export function sharesMemory(x: Tensor): boolean {
  const memory = x.detach()
  try {
    memory.copy_(memory)
    return false
  } catch (error) {
    if (error instanceof ShapeError) return true
    throw error
  }
}
