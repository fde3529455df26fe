import { explanationOf } from './equivalent.ts'
import { withChange, type Mutant, type Mutated } from './mutants.ts'
import { inPool, type Outcome } from './outcome.ts'
import { run, type Programs, type Verdict, type Work } from './programs.ts'
import { failingTest } from './suite.ts'

type Limits = Omit<Work, 'ops'> & { readonly ops: number }

/** To see where ops pass: each alone. */
const WATCHED = { runs: 6, seconds: 300 }

/**
 * How many ops, and cases of each of their properties, a mutant meets at first; and then, if it survives
 * them and the other tests, and isn't known to be equivalent.
 */
const FIRST: Limits = { ops: 6, runs: 15, seconds: 30 }
const LAST: Limits = { ops: 12, runs: 200, seconds: 300 }

/** Which ops pass which probe, the simplest op first. */
export type Coverage = ReadonlyMap<number, readonly string[]>

/** Where each op passes, by running the properties of each by itself. @throws {Error} when one fails. */
export async function coverageOf(
  programs: Programs,
  files: readonly Mutated[],
  probes: number,
  ops: readonly string[],
  workers: number,
): Promise<Coverage> {
  const program = await programs.makeWatched(files, probes)
  const found = await inPool(ops, workers, async (op) => {
    const { failed, seen } = await run(program, { ops: [op], ...WATCHED })
    if (failed !== null) throw new Error(`unchanged, ${describe(failed)}: ${failed.message}`)
    return { op, passed: new Set(seen) }
  })
  const simplest = found.toSorted((a, b) => a.passed.size - b.passed.size)
  return new Map(
    Array.from({ length: probes }, (_, id) => [
      id,
      simplest.filter(({ passed }) => passed.has(id)).map(({ op }) => op),
    ]),
  )
}

/** Runs mutants until something notices them: properties with few cases, other tests, then all cases. */
export class Campaign {
  readonly #programs: Programs
  readonly #texts: ReadonlyMap<string, string>
  readonly #coverage: Coverage
  readonly #thorough: boolean

  /** Unless `thorough`, only few cases run. */
  constructor(
    programs: Programs,
    files: readonly Mutated[],
    coverage: Coverage,
    thorough: boolean,
  ) {
    this.#programs = programs
    this.#thorough = thorough
    this.#texts = new Map(files.map(({ file, text }) => [file, text]))
    this.#coverage = coverage
  }

  async outcomeOf(mutant: Mutant): Promise<Outcome> {
    const { file, site, group } = mutant
    const changed = { file, text: withChange(this.#texts.get(file)!, mutant.change) }
    const direct = this.#coverage.get(site)!
    // What only runs when modules are loaded is seen by whatever passes the functions of the op.
    const ops = direct.length > 0 ? direct : this.#coverage.get(group)!
    const program = ops.length > 0 ? await this.#programs.make({ [file]: changed.text }) : null
    const meet = async ({ ops: count, ...limits }: Limits): Promise<string | null> => {
      if (program === null) return null
      const { failed } = await run(program, { ops: spread(ops, count), ...limits })
      return failed === null ? null : describe(failed)
    }
    const killedBy =
      (await meet(FIRST)) ??
      (await failingTest(this.#programs.folder, mutant.id, changed)) ??
      (this.#thorough && explanationOf(mutant) === undefined ? await meet(LAST) : null)
    return { mutant, killedBy }
  }
}

/** `count` of all, from the first to the last. */
function spread<T>(all: readonly T[], count: number): T[] {
  const step = Math.max(1, (all.length - 1) / (count - 1))
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[Math.floor(i * step)]!)
}

function describe({ op, law }: NonNullable<Verdict['failed']>): string {
  return op === '' ? law : `${op}: ${law}`
}
