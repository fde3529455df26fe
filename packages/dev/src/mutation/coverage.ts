import type { Mutated } from './mutants.ts'
import { inPool } from './outcome.ts'
import { run, type Check, type Programs } from './programs.ts'

/** Enough to see where an op passes. */
const WATCHED = { runs: 6, seconds: 300 }

/**
 * Which properties pass which probe, those of simple ops first.
 *
 * What is done once and kept, such as a derived formula, is seen under the first law only that needs it.
 */
export type Coverage = readonly (readonly Check[])[]

/** Runs the properties of each op by itself, watched. @throws {Error} when one fails. */
export async function coverageOf(
  programs: Programs,
  files: readonly Mutated[],
  probes: number,
  ops: readonly string[],
  workers: number,
): Promise<Coverage> {
  const program = await programs.makeWatched(files, probes)
  const found = await inPool(ops, workers, async (op) => {
    const { failed, seen = [] } = await run(program, { checks: [[op, null]], ...WATCHED })
    if (failed !== null) {
      throw new Error(`${op}, ${failed.law}: fails without a change: ${failed.message}`)
    }
    return { op, laws: seen, passed: new Set(seen.flatMap(([, ids]) => ids)).size }
  })
  const coverage: Check[][] = Array.from({ length: probes }, () => [])
  for (const { op, laws } of found.toSorted((a, b) => a.passed - b.passed)) {
    for (const [law, ids] of laws) {
      for (const id of ids) {
        const last = coverage[id]!.at(-1)
        if (last?.[0] === op) coverage[id]!.splice(-1, 1, [op, [...last[1]!, law]])
        else coverage[id]!.push([op, [law]])
      }
    }
  }
  return coverage
}

/** Ops of several operands, that broadcast, and with options: they feel the most. */
const SENSITIVE = ['add', 'mul', 'pow', 'where', 'matmul', 'cumprod', 'amax', 'cat', 'conv2d']

/**
 * `count` of these properties' ops: the one that the rule is named after, sensitive ones, and others from
 * the simplest to the largest.
 */
export function choice(rule: string, checks: readonly Check[], count: number): Check[] {
  const first = [rule, ...SENSITIVE]
    .flatMap((name) => checks.filter(([op]) => op === name))
    .slice(0, count / 2)
  const rest = checks.filter((check) => !first.includes(check))
  const left = Math.min(count - first.length, rest.length)
  const step = left > 1 ? (rest.length - 1) / (left - 1) : 0
  return [...first, ...Array.from({ length: left }, (_, i) => rest[Math.floor(i * step)]!)]
}
