import { SingleBar } from 'cli-progress'

export interface Progress {
  /** Says that `done` rounds are over, and what came of it. */
  update(done: number, figures: string): void
  stop(): void
}

/** Progress through `total` rounds: a bar in a terminal; elsewhere a line for every `every`th. */
export function progress(round: string, total: number, every = 1): Progress {
  if (!process.stdout.isTTY) {
    const width = String(total).length
    return {
      update(done, figures) {
        if (done % every !== 0 && done !== total) return
        console.log(`${round} ${String(done).padStart(width)} of ${total}: ${figures}`)
      },
      stop() {},
    }
  }
  const bar = new SingleBar({
    format: `{bar} ${round} {value} of {total}: {figures}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    stream: process.stdout,
  })
  bar.start(total, 0, { figures: '…' })
  return {
    update: (done, figures) => bar.update(done, { figures }),
    stop: () => bar.stop(),
  }
}
