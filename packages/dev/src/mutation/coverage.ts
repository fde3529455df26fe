import type { Mutated } from './mutants.ts'
import { inPool } from './outcome.ts'
import { run, type Check, type Programs } from './programs.ts'

/** Enough to see where an op passes. */
const WATCHED = { runs: 6, seconds: 300 }

/**
 * Which properties pass which probe, those first that are likely to notice a change: of ops whose
 * gradients pass it, the simplest first.
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
    if (failed !== null)
      throw new Error(`${op}, ${failed.law}: fails without a change: ${failed.message}`)
    return { op, laws: seen, passed: new Set(seen.flatMap(([, ids]) => ids)).size }
  })
  const simplest = found.toSorted((a, b) => a.passed - b.passed)
  const byProbe = Array.from({ length: probes }, (): [string, string[]][] => [])
  for (const { op, laws } of simplest) {
    for (const [law, ids] of laws) {
      for (const id of ids) {
        const last = byProbe[id]!.at(-1)
        if (last?.[0] === op) last[1].push(law)
        else byProbe[id]!.push([op, [law]])
      }
    }
  }
  return byProbe.map((checks) => checks.toSorted((a, b) => rank(a) - rank(b)))
}

/** Constants feel little; a gradient feels much. */
function rank([, laws]: Check): number {
  if (laws!.includes('first order')) return 0
  return laws!.includes('third order') || laws!.includes('adjoint') ? 1 : 2
}
