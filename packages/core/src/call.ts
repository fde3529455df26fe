/** A call of a function that applies several ops, which are shown as called where it was. */
export interface Call {
  readonly name: string
  /** What its observer remembers of it. */
  trace: object | null
}

let observed = false
let current: Call | null = null

/** Runs `f` while calls are told apart: {@link currentCall}. */
export function observingCalls<R>(f: () => R): R {
  const before = observed
  observed = true
  try {
    return f()
  } finally {
    observed = before
  }
}

/** The outermost call under way, if any. */
export function currentCall(): Call | null {
  return current
}

/**
 * Runs `f`, the body of a function called `name` that applies several ops and calls no function of the
 * user's: `record` shows them as of that function, called where it was called.
 */
export function asCall<R>(name: string, f: () => R): R {
  if (!observed || current !== null) return f()
  current = { name, trace: null }
  try {
    return f()
  } finally {
    current = null
  }
}
