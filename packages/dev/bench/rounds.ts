import type { Contender } from './training.ts'

/** The microseconds of one step: the median of all rounds, and the quartiles around it. */
export interface Timing {
  readonly name: string
  readonly median: number
  readonly quartiles: readonly [lower: number, upper: number]
}

export interface Check {
  /** How many first steps are compared. */
  readonly steps: number
  /** How far two losses may lie apart, relative to the larger. */
  readonly tolerance: number
}

/** @throws {Error} when contenders do not compute the same: what is timed must be one computation. */
export async function agree(
  contenders: readonly Contender[],
  { steps, tolerance }: Check,
): Promise<void> {
  const [first, ...others] = contenders
  const expected = await first.losses(steps)
  for (const other of others) {
    const losses = await other.losses(steps)
    losses.forEach((loss, i) => {
      const scale = Math.max(Math.abs(loss), Math.abs(expected[i]))
      // Asked so that NaN fails too.
      if (Math.abs(loss - expected[i]) <= tolerance * scale) return
      throw new Error(
        `step ${i}: the loss is ${expected[i]} by ${first.name} and ${loss} by ${other.name}`,
      )
    })
  }
}

/** Times contenders in turn, round by round, so that whatever else the machine does meets them all. */
export async function race(contenders: readonly Contender[], rounds: number): Promise<Timing[]> {
  const times = contenders.map((): number[] => [])
  // The first round warms up: compilers and caches.
  for (let round = -1; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const time = await contender.time(contender.steps)
      if (round >= 0) times[i].push(time)
    }
  }
  return contenders.map(({ name }, i) => {
    const sorted = times[i].toSorted((a, b) => a - b)
    const [lower, median, upper] = [0.25, 0.5, 0.75].map((part) => quantile(sorted, part))
    return { name, median, quartiles: [lower, upper] }
  })
}

function quantile(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.ceil(place)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}
