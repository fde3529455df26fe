export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export interface Outcome {
  readonly ok: boolean
  /** A figure or two, shown beside the name. */
  readonly note?: string
  /** What to show when it failed. */
  readonly output?: string
  /** What it adds to the sum; left out, it counts as one. */
  readonly counts?: Counts
}

/** One check of `npm test`. */
export interface Step {
  readonly name: string
  run(): Promise<Outcome>
}

export function failure(output: string): Outcome {
  return { ok: false, output }
}
