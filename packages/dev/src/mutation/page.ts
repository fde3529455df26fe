import { explanationOf, type Equivalent } from './equivalent.ts'
import type { Outcome } from './outcome.ts'
import { rateOf, rowsOf, sumOf } from './report.ts'

/** The outcome of all mutants as a page of the documentation. */
export function pageOf(outcomes: readonly Outcome[], date: string): string {
  const rows = rowsOf(outcomes)
  const figures = [...rows, sumOf(rows)].map(
    ({ rule, file, mutants, killed, explained, surviving }) =>
      `| ${code(rule)} | ${file === '' ? '' : code(file)} | ${mutants} | ${killed} | ${explained} | ${surviving} |`,
  )
  return `# Are the rules tested?

A test that can't fail proves nothing. \`npm run mutate\` takes every rule of core (derivatives of ops and
primitives, what they save, how they run forward and over a batch, how shapes broadcast and are summed
back), changes it in one place, and runs the properties of the ops that pass there: a sign turned, a factor,
a term or a call dropped, operands swapped, a sum over a broadcast dim forgotten, a number one off, a
condition negated, another input saved. A change that no property notices meets the other tests of core
and then more cases. What survives all of that is a hole in the tests, or computes what the original does;
then \`packages/dev/src/mutation/equivalent.ts\` says why. The run fails where neither is so, or where
something is explained that a test did notice.

On ${date}: ${rateOf(outcomes)}.

## What noticed them

| law, or other tests | mutants |
| --- | --- |
${noticing(outcomes)
  .map(([by, count]) => `| ${by} | ${count} |`)
  .join('\n')}

## Rule by rule

| rule | file | mutants | killed | equivalent | surviving |
| --- | --- | --- | --- | --- | --- |
${figures.join('\n')}

## Changes that change nothing

${equivalentsIn(outcomes)
  .map(
    ([{ file, rule, reason }, changes]) =>
      `- ${code(rule)}, ${code(file)}: ${reason}\n${changes.map((change) => `  - ${change}\n`).join('')}`,
  )
  .join('')}`
}

function code(text: string): string {
  return `\`${text}\``
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ')
}

/** How many mutants each law noticed, the most first. */
function noticing(outcomes: readonly Outcome[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const { killedBy, byTests } of outcomes) {
    if (killedBy === null) continue
    const by = byTests ? 'other tests' : killedBy.replace(/^\w+: /, '')
    counts.set(by, (counts.get(by) ?? 0) + 1)
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])
}

function equivalentsIn(outcomes: readonly Outcome[]): [Equivalent, string[]][] {
  const found = new Map<Equivalent, string[]>()
  for (const { mutant, killedBy } of outcomes) {
    const known = killedBy === null ? explanationOf(mutant) : undefined
    if (known === undefined) continue
    const { line, before, change } = mutant
    const text = `line ${line}: ${code(flat(before))} → ${code(flat(change.text))}`
    found.set(known, [...(found.get(known) ?? []), text])
  }
  return [...found]
}
