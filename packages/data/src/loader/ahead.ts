/**
 * What `next` gives, in order, with up to `count` further results under way or waiting while one is
 * used. At the end, and when the consumer leaves, it waits for those that were begun.
 */
export async function* ahead<R>(
  next: () => Promise<IteratorResult<R, unknown>>,
  count: number,
): AsyncGenerator<R, void, undefined> {
  const begun: Promise<IteratorResult<R, unknown>>[] = []
  const beginUpTo = (limit: number): void => {
    while (begun.length < limit) {
      const step = next()
      // An error is told when its turn comes; until then nobody listens.
      step.catch(() => undefined)
      begun.push(step)
    }
  }
  try {
    for (;;) {
      beginUpTo(Math.max(1, count))
      const step = await begun.shift()!
      if (step.done === true) return
      beginUpTo(count)
      yield step.value
    }
  } finally {
    await Promise.allSettled(begun)
  }
}
