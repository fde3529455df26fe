/** Something that learns step by step. */
export interface Training {
  /** Takes one step and returns the loss before it. */
  step(): number
}

/** One way of doing the same training, as a benchmark compares them. */
export interface Contender {
  readonly name: string
  /** Steps in one round of timing: enough to be seen by the clock. */
  readonly steps: number
  /** Takes so many steps and returns their losses. */
  losses(count: number): Promise<number[]> | number[]
  /** Takes so many steps and returns the microseconds of one, on average. */
  time(steps: number): Promise<number> | number
}

/** Training in this process. */
export function local(name: string, steps: number, training: Training): Contender {
  return {
    name,
    steps,
    losses: (count) => Array.from({ length: count }, () => training.step()),
    time(count) {
      const begin = performance.now()
      for (let i = 0; i < count; i++) training.step()
      return ((performance.now() - begin) / count) * 1000
    },
  }
}
