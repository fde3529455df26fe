import { setTimeout } from 'node:timers/promises'
import { zeros } from '@gradtape/core'

/** How long workers may take to start. */
const PATIENCE = 20_000

/**
 * Comes back once products are shared out among threads.
 * @throws {Error} when they never are.
 */
export async function threadsToRun(): Promise<void> {
  const { add } = Atomics
  let turns = 0
  // The one who shares out counts the turns; workers have an Atomics of their own.
  Atomics.add = ((...args: Parameters<typeof add>) => {
    turns++
    return add(...args)
  }) as typeof add
  const large = zeros([256, 256])
  for (const start = performance.now(); performance.now() - start < PATIENCE;) {
    large.matmul(large)
    if (turns > 0) {
      Atomics.add = add
      return
    }
    await setTimeout(20)
  }
  throw new Error('no product was shared out among threads')
}
