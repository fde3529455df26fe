import { explanationOf } from './equivalent.ts'
import { show } from './mutants.ts'
import type { Outcome } from './outcome.ts'

export interface Row {
  readonly rule: string
  readonly file: string
  mutants: number
  killed: number
  explained: number
  surviving: number
}

/** The figures of each rule, then what survived. */
export function reportOf(outcomes: readonly Outcome[]): string {
  const rows = rowsOf(outcomes)
  const cells = [
    ['rule', 'file', 'mutants', 'killed', 'equivalent', 'surviving'],
    ...[...rows, sumOf(rows)].map((row) => [
      row.rule,
      row.file,
      ...[row.mutants, row.killed, row.explained, row.surviving].map(String),
    ]),
  ]
  const widths = cells[0]!.map((_, k) => Math.max(...cells.map((line) => line[k]!.length)))
  const table = cells.map((line) =>
    line.map((cell, k) => (k < 2 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!))).join('  '),
  )
  const survivors = outcomes.filter(isSurvivor).map(({ mutant }) => `survives: ${show(mutant)}`)
  return [...table, '', ...survivors, rateOf(outcomes)].join('\n')
}

/** Noticed by nothing, and not equivalent to the original. */
export function isSurvivor({ mutant, killedBy }: Outcome): boolean {
  return killedBy === null && explanationOf(mutant) === undefined
}

/** Explained as equivalent, although something noticed it. */
export function isWronglyExplained({ mutant, killedBy }: Outcome): boolean {
  return killedBy !== null && explanationOf(mutant) !== undefined
}

/** In a sentence. */
export function rateOf(outcomes: readonly Outcome[]): string {
  const { mutants, killed, explained, surviving } = sumOf(rowsOf(outcomes))
  const rate = ((100 * killed) / Math.max(1, mutants - explained)).toFixed(1)
  return (
    `${killed} of ${mutants - explained} mutants killed, ${rate} %, ` +
    `${surviving} surviving; ${explained} more are equivalent to the original`
  )
}

/** One row for each rule. */
export function rowsOf(outcomes: readonly Outcome[]): Row[] {
  const rows = new Map<string, Row>()
  for (const outcome of outcomes) {
    const { rule, file } = outcome.mutant
    const key = `${file} ${rule}`
    const row = rows.get(key) ?? { rule, file, mutants: 0, killed: 0, explained: 0, surviving: 0 }
    rows.set(key, row)
    row.mutants++
    if (outcome.killedBy !== null) row.killed++
    else if (isSurvivor(outcome)) row.surviving++
    else row.explained++
  }
  return [...rows.values()]
}

export function sumOf(rows: readonly Row[]): Row {
  const sum: Row = { rule: 'all', file: '', mutants: 0, killed: 0, explained: 0, surviving: 0 }
  for (const { mutants, killed, explained, surviving } of rows) {
    sum.mutants += mutants
    sum.killed += killed
    sum.explained += explained
    sum.surviving += surviving
  }
  return sum
}
