import type { Mutant } from './mutants.ts'

/** What became of a mutant. */
export interface Outcome {
  readonly mutant: Mutant
  /** What noticed it, an op and a law, or a test; null while nothing did. */
  killedBy: string | null
  /** Whether that was another test than a property of the op table. */
  byTests?: boolean
}

/** At most `count` of the tasks under way at a time; results in the order of the tasks. */
export async function inPool<T, R>(
  tasks: readonly T[],
  count: number,
  work: (task: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(tasks.length)
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < tasks.length) {
      const at = next++
      results[at] = await work(tasks[at]!)
    }
  }
  await Promise.all(Array.from({ length: count }, worker))
  return results
}
