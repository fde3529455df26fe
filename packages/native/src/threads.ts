import { GradtapeError, ValueError } from '@gradtape/core'
import type { Cblas } from './cblas.ts'

/** How many threads a BLAS uses, or null when it can't be asked. */
export function threadsOf({ library, maker }: Cblas): number | null {
  const { threads } = maker
  return threads ? Number(library.func(threads.get, threads.type, [])()) : null
}

/** See the public `setThreads`. */
export function setThreadsOf(blas: Cblas, count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new ValueError(`setThreads: expected a whole number of at least 1, got ${count}`)
  }
  const { library, maker } = blas
  const { name, threads, variable } = maker
  const instead = `set the environment variable ${variable} before the program starts`
  if (!threads) {
    throw new GradtapeError(`setThreads: ${name} (${blas.file}) has no function for it; ${instead}`)
  }
  library.func(threads.set, 'void', [threads.type])(count)
  const taken = threadsOf(blas)
  if (taken === count) return
  throw new ValueError(`setThreads: ${name} (${blas.file}) uses ${taken} threads, not ${count}`)
}
