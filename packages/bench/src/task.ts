/** What a peer does for one case of a workload. */
export interface Task {
  /** One step: what is timed. A promise where the library goes on working after its calls returned. */
  step(): unknown
  /** What the first `count` steps give, to be compared between peers. */
  outputs(count: number): Promise<number[]>
}

/** Steps that each give a loss, which is read, as a training loop would. */
export function training(step: () => number): Task {
  return {
    step,
    outputs: async (count) => Array.from({ length: count }, step),
  }
}

/** How many numbers of a large output are compared. */
const SAMPLES = 256

/** So many of the values as can be sent, evenly spaced. */
export function sample(values: ArrayLike<number>): number[] {
  const count = Math.min(SAMPLES, values.length)
  return Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / count)])
}
