import { checkInteger } from './shape.ts'

/** A range of a dim, made by {@link slice}. */
export interface SliceKey {
  readonly start: number | undefined
  readonly stop: number | undefined
  readonly step: number
}

/**
 * The elements from `start` to before `stop`, every `step`-th, for `at`; as Python's slices,
 * negative numbers count from the end and what lies beyond is cut off. `slice()` takes all.
 * @throws {ValueError} unless the step is a positive integer.
 */
export function slice(start?: number | null, stop?: number | null, step = 1): SliceKey {
  if (start != null) checkInteger('slice', 'start', start)
  if (stop != null) checkInteger('slice', 'stop', stop)
  return {
    start: start ?? undefined,
    stop: stop ?? undefined,
    step: checkInteger('slice', 'step', step, 1),
  }
}
