// The example of a family is one program: first what its calls need, then statements that print or
// fail, each on a line of its own with comments behind or below it, that call the family's ops.

interface Part {
  readonly code: string
  /** Whether it prints, or fails. */
  readonly tells: boolean
}

function partsOf(example: string): Part[] {
  return example.split(/\n(?!\/\/ )/).map((code) => ({
    code,
    tells: /^console\.log\(|\/\/ (throws|type error:) /.test(code),
  }))
}

/** What comes before the calls: imports and constants. */
export function setupOf(example: string): string {
  const parts = partsOf(example)
  const first = parts.findIndex(({ tells }) => tells)
  const late = parts.slice(first).find(({ tells }) => !tells)
  if (late !== undefined) throw new Error(`this prints nothing, and comes too late: ${late.code}`)
  return parts
    .slice(0, first)
    .map(({ code }) => code)
    .join('\n')
    .trim()
}

/** The statements that call an op, as a function or as a method. @throws {Error} when none does. */
export function callsOf(example: string, op: string, method: string = op): string {
  const called = new RegExp(`\\b(${op}|${method})\\(`)
  const calls = partsOf(example).filter(({ code, tells }) => tells && called.test(code))
  if (calls.length === 0) throw new Error(`no example calls ${op}:\n${example}`)
  return calls.map(({ code }) => code).join('\n')
}
