/** A place in the user's code. */
export interface CallSite {
  /** Path or address, as the engine names it. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** The engine's own: how many frames an error keeps. */
const limited: { stackTraceLimit?: number } = Error as object

/** How many frames of the framework may stand between an op and the call that led to it. */
const DEPTH = 20

/** A stack as the engine caught it, not yet put into words: those cost much more. */
export type Trace = { readonly stack?: string }

/** Remembers from where it is called; {@link siteOf} makes out where that is. */
export function captureCall(): Trace {
  const before = limited.stackTraceLimit
  limited.stackTraceLimit = DEPTH
  const trace = new Error()
  limited.stackTraceLimit = before
  return trace
}

/** The user's call that led to a trace, or null where none can be told. */
export function siteOf(trace: Trace): CallSite | null {
  return userFrame(framesOf(trace.stack))
}

function framesOf(stack: string | undefined): CallSite[] {
  const frames: CallSite[] = []
  for (const text of (stack ?? '').split('\n')) {
    // V8: `at f (file:1:2)` or `at file:1:2`; others: `f@file:1:2`.
    const found = /(?:\(|@|at (?:async )?)?([^\s(@]+):(\d+):(\d+)\)?$/.exec(text)
    if (found) frames.push({ file: found[1]!, line: Number(found[2]), column: Number(found[3]) })
  }
  return frames
}

/** The first frame outside of the framework; in a bundle, where all is one file, none can be told. */
function userFrame(frames: readonly CallSite[]): CallSite | null {
  const own = frames[0]?.file
  if (own === undefined) return null
  const packages = /^(.*\/)core\/(?:src|dist)\/debug\/[^/]*$/.exec(own)?.[1]
  const isOurs = ({ file }: CallSite): boolean =>
    file === own ||
    /\/@gradtape\/[\w-]+\/(?:src|dist)\//.test(file) ||
    (packages !== undefined &&
      file.startsWith(packages) &&
      /^[\w-]+\/(?:src|dist)\//.test(file.slice(packages.length)))
  return frames.find((frame) => !isOurs(frame)) ?? null
}

/** `moons.ts:31`, as a table has room for. */
export function showBriefly({ file, line }: CallSite): string {
  return `${file.slice(file.lastIndexOf('/') + 1)}:${line}`
}

/** With path and column, as editors and terminals make links of. */
export function showSite({ file, line, column }: CallSite): string {
  return `${file}:${line}:${column}`
}
