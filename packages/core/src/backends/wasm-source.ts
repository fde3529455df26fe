import type { Operand } from '../backend.ts'
import type { TypedArray } from '../dtype.ts'
import { joinDims } from './rows.ts'
import { specialized } from './specialize.ts'

/** How an operand gets into the kernels' memory: its elements in row-major order. */
export interface Source {
  /** After so many elements they are the same again; Infinity when they never are. */
  readonly period: number
  /** Copies elements `from` to `from + n`, to `to` in `target`. */
  copy(from: number, n: number, target: TypedArray, to: number): void
}

/** Runs of fewer elements than this are not worth being looked up one by one. */
const SHORT = 8
/** Below this, a loop is faster than the platform's functions for whole runs. */
const LONG = 64

/** Null for elements that lie in runs too short to be copied well, unless they are to be `forced`. */
export function sourceOf(x: Operand, forced: boolean): Source | null {
  const { storage, layout } = x
  const { array } = storage
  const start = storage.offset + layout.offset
  if (layout.isContiguous) {
    return {
      period: Infinity,
      copy: (from, n, target, to) => target.set(array.subarray(start + from, start + from + n), to),
    }
  }
  const { sizes, strides: all } = joinDims(layout.shape, [x])
  const strides = all[0]!
  const repeats = strides[0] === 0
  const period = repeats ? layout.numel / sizes[0]! : Infinity
  const length = sizes.pop() ?? 1
  const step = strides.pop() ?? 0
  if (length < SHORT && length !== period && !forced) return null
  const copyRun = copyRuns(storage.dtype)

  /** Run by run: places are worked out from the number of the run. */
  const copyAll = (from: number, n: number, target: TypedArray, to: number): void => {
    let run = Math.floor(from / length)
    let within = from % length
    for (let left = n; left > 0; run++) {
      let at = start + within * step
      for (let d = sizes.length - 1, rest = run; d >= 0; d--) {
        const size = sizes[d]!
        at += (rest % size) * strides[d]!
        rest = Math.floor(rest / size)
      }
      const count = Math.min(length - within, left)
      if (count < LONG || step > 1) copyRun(array, at, step, target, to, count)
      else if (step === 0) target.fill(array[at]!, to, to + count)
      else target.set(array.subarray(at, at + count), to)
      to += count
      left -= count
      within = 0
    }
  }
  return {
    period,
    copy(from, n, target, to) {
      let done = Math.min(n, period)
      copyAll(from, done, target, to)
      // What is there already is doubled until there is enough.
      for (; done < n; done *= 2) target.copyWithin(to + done, to, to + Math.min(done, n - done))
    },
  }
}

const copyRuns = specialized(function copyRun(
  array: TypedArray,
  at: number,
  step: number,
  target: TypedArray,
  to: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) target[to + i] = array[at + i * step]!
})
