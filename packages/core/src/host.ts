/**
 * Numbers and flags that the framework keeps between steps (a learning rate, a step count, whether
 * a module trains, where a random stream stands) are read and written here and nowhere else, so
 * that whoever records a step sees them: a number becomes an input of the recording, a flag a
 * guard, an update an effect to repeat.
 */
export interface HostObserver {
  read(owner: object, key: PropertyKey, value: unknown): void
  update(owner: object, key: PropertyKey, next: (value: never) => unknown): void
}

let observer: HostObserver | null = null

/** The host state `owner[key]`. */
export function host<O extends object, K extends keyof O>(owner: O, key: K): O[K] {
  const value = owner[key]
  observer?.read(owner, key, value)
  return value
}

/** Replaces the host state `owner[key]` by `next` of it and returns what it was before. */
export function hostUpdate<O extends object, K extends keyof O>(
  owner: O,
  key: K,
  next: (value: O[K]) => O[K],
): O[K] {
  const before = owner[key]
  owner[key] = next(before)
  observer?.update(owner, key, next)
  return before
}

/** Runs `f` while `watcher`, and who watches around it, see every read and update of host state. */
export function observeHost<R>(watcher: HostObserver, f: () => R): R {
  const outer = observer
  observer = outer === null ? watcher : both(watcher, outer)
  try {
    return f()
  } finally {
    observer = outer
  }
}

function both(inner: HostObserver, outer: HostObserver): HostObserver {
  return {
    read(...seen) {
      inner.read(...seen)
      outer.read(...seen)
    },
    update(...seen) {
      inner.update(...seen)
      outer.update(...seen)
    },
  }
}
