/** The microseconds of one step over all rounds. */
export interface Timing {
  readonly median: number
  readonly lower: number
  readonly upper: number
}

/** Median and quartiles. */
export function summary(times: readonly number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b)
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((part) => quantile(sorted, part))
  return { lower, median, upper }
}

function quantile(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.ceil(place)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}

/** Says where two lists of outputs differ by more than the tolerance, or null. */
export function difference(
  expected: readonly number[],
  actual: readonly number[],
  tolerance: number,
): string | null {
  if (expected.length !== actual.length) {
    return `${actual.length} outputs instead of ${expected.length}`
  }
  for (const [i, want] of expected.entries()) {
    const scale = Math.max(1, Math.abs(want), Math.abs(actual[i]))
    // Asked so that NaN differs too.
    if (!(Math.abs(want - actual[i]) <= tolerance * scale)) {
      return `output ${i} is ${actual[i]}, not ${want}`
    }
  }
  return null
}
