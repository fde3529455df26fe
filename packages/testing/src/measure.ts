/** The largest error that a check has passed since it was begun to be measured; null while nobody asks. */
let worst: number | null = null

/** Tells of an error, in proportion to what is compared or to 1 where that is smaller, that passed. */
export function passedWith(error: number): void {
  if (worst !== null && error > worst) worst = error
}

/** What `run` returns, and the largest error that its checks passed with. */
export function measured<R>(run: () => R): { result: R; worst: number } {
  const outer = worst
  worst = 0
  try {
    const result = run()
    return { result, worst }
  } finally {
    worst = outer
  }
}
