import { choice, type Coverage } from './coverage.ts'
import { explanationOf } from './equivalent.ts'
import { withChange, type Mutant, type Mutated } from './mutants.ts'
import { inPool, type Outcome } from './outcome.ts'
import { run, type Check, type Programs } from './programs.ts'
import { failingTest } from './suite.ts'

/** How many ops, and cases of each property that passes the change, a mutant meets at first. */
const FIRST = { ops: 12, runs: 15, seconds: 30 }
/** And at last, if it isn't known to be equivalent: of all properties of all ops that pass it. */
const LAST = { ops: Infinity, runs: 100, seconds: 600 }

/** The laws that batches are for: how an op runs over one is kept, and may first be asked for elsewhere. */
const BATCHING = ['vmap as a loop', 'vmap of gradients']

/** How many mutants meet the other tests together, as most of those that get there change nothing. */
const TOGETHER = 16

/** Has mutants meet the tests: properties with few cases, other tests, then all cases. */
export class Campaign {
  readonly #programs: Programs
  readonly #files: ReadonlyMap<string, Mutated>
  readonly #coverage: Coverage

  constructor(programs: Programs, files: readonly Mutated[], coverage: Coverage) {
    this.#programs = programs
    this.#files = new Map(files.map((file) => [file.file, file]))
    this.#coverage = coverage
  }

  /** Which of the properties that pass the change notices it in few cases; null when none does. */
  few({ mutant }: Outcome): Promise<string | null> {
    return this.#meet(mutant, this.#checks(mutant), FIRST)
  }

  /** Which of all properties of the ops that pass the change. */
  all({ mutant }: Outcome): Promise<string | null> {
    const all = this.#checks(mutant).map(([op]): Check => [op, null])
    return this.#meet(mutant, all, LAST)
  }

  /** Which of the other tests notices each of these mutants. */
  async others(mutants: readonly Mutant[], workers: number): Promise<(string | null)[]> {
    const found = new Map<Mutant, string | null>()
    const meet = async (group: readonly Mutant[]): Promise<void> => {
      const changed = this.#changed(group)
      const failed = await failingTest(this.#programs.folder, changed)
      if (failed === null || group.length === 1) {
        for (const mutant of group) found.set(mutant, failed)
      } else {
        const half = Math.ceil(group.length / 2)
        await meet(group.slice(0, half))
        await meet(group.slice(half))
      }
    }
    await inPool(apart(mutants), workers, meet)
    return mutants.map((mutant) => found.get(mutant)!)
  }

  #checks({ part, site, group }: Mutant): readonly Check[] {
    const direct = this.#coverage[site]!
    // What only runs when modules are loaded is felt by whatever passes the functions of the op.
    const checks = direct.length > 0 ? direct : this.#coverage[group]!
    return part === 'batch' ? checks.map(([op]) => [op, BATCHING]) : checks
  }

  async #meet(
    mutant: Mutant,
    checks: readonly Check[],
    { ops, ...limits }: typeof FIRST,
  ): Promise<string | null> {
    if (checks.length === 0) return null
    const program = await this.#programs.make(this.#changed([mutant]))
    const { failed } = await run(program, { checks: choice(mutant.rule, checks, ops), ...limits })
    if (failed === null) return null
    return failed.op === '' ? failed.law : `${failed.op}: ${failed.law}`
  }

  /** The texts of the files that these mutants change, all at once. */
  #changed(mutants: readonly Mutant[]): Record<string, string> {
    const texts: Record<string, string> = {}
    for (const { file, change } of mutants.toSorted((a, b) => b.change.start - a.change.start)) {
      texts[file] = withChange(texts[file] ?? this.#files.get(file)!.text, change)
    }
    return texts
  }
}

/** Groups of mutants that change different places; those that are not known to be equivalent, alone. */
function apart(mutants: readonly Mutant[]): Mutant[][] {
  const groups: Mutant[][] = []
  for (const mutant of mutants) {
    const { start, end } = mutant.change
    const room =
      explanationOf(mutant) &&
      groups.find(
        (group) =>
          explanationOf(group[0]!) &&
          group.length < TOGETHER &&
          group.every(
            ({ file, change }) =>
              file !== mutant.file || change.end <= start || end <= change.start,
          ),
      )
    if (room) room.push(mutant)
    else groups.push([mutant])
  }
  return groups
}
