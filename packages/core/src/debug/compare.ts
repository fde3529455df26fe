/** Two lists of lines as one, by a longest common subsequence: `-` and `+` before what only one has. */
export function compareLines(left: readonly string[], right: readonly string[]): string {
  const start = leading(left, right)
  const end = leading(left.slice(start).toReversed(), right.slice(start).toReversed())
  const a = left.slice(start, left.length - end)
  const b = right.slice(start, right.length - end)
  const same = (line: string): string => `  ${line}`
  return [
    ...left.slice(0, start).map(same),
    ...between(a, b),
    ...left.slice(left.length - end).map(same),
  ].join('\n')
}

/** How many lines are the same at the beginning. */
function leading(left: readonly string[], right: readonly string[]): number {
  const differs = left.findIndex((line, i) => line !== right[i])
  return differs < 0 ? left.length : differs
}

function between(a: readonly string[], b: readonly string[]): string[] {
  // lengths[i][j]: of the longest common subsequence of what follows i in a and j in b.
  const lengths = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] =
        a[i] === b[j]
          ? lengths[i + 1]![j + 1]! + 1
          : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  }
  const out: string[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push(`  ${a[i]}`)
      i++
      j++
    } else if (j >= b.length || (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      out.push(`- ${a[i++]}`)
    } else {
      out.push(`+ ${b[j++]}`)
    }
  }
  return out
}
