import fc from 'fast-check'
import { measured } from '../measure.ts'
import { CaseSampler } from '../sampler.ts'
import type { TableEntry } from './table.ts'

export interface CheckOptions {
  /** How many cases to draw; 200 unless given. */
  readonly numRuns?: number
  /** The seed of the cases; fast-check's global one unless given. */
  readonly seed?: number
  /** The case to start from, as a failure names it. */
  readonly path?: string
  /** Sees the arguments of every case that has passed. */
  readonly onCase?: (args: readonly unknown[]) => void
}

/** What a search has seen that found nothing wrong. */
export interface Search {
  /** The cases that were tested, and those too near a kink, or otherwise none of the law's, that were left out. */
  readonly cases: number
  readonly skipped: number
  /**
   * The largest error of a derivative that passed, in proportion to the derivative, or to 1 where that
   * is smaller; 0 for laws that allow none but rounding's.
   */
  readonly worstError: number
}

/** Something that holds of an op, for all arguments that the table draws. */
export interface OpProperty {
  readonly op: string
  readonly kind: TableEntry['entry']['kind']
  readonly law: string
  /** @throws {Error} with the shrunk counterexample, and the seed and path that repeat it. */
  check(options?: CheckOptions): Search
}

/** One drawn case. */
export interface Case {
  readonly args: readonly unknown[]
  readonly drawn: CaseSampler
  /** Calls the op with the arguments. */
  call(): unknown
}

/** A property of an op from what must hold of each case. */
export function opProperty(fn: TableEntry, law: string, holds: (sample: Case) => void): OpProperty {
  const { name, kind } = fn.entry
  return {
    op: name,
    kind,
    law,
    check({ numRuns = 200, onCase, ...where } = {}) {
      const property = fc.property(fc.gen(), (gen) => {
        const drawn = new CaseSampler(gen)
        const args = fn.entry.samples(drawn)
        const call = (): unknown => fn(...(args as never[]))
        try {
          holds({ args, drawn, call })
          onCase?.(args)
        } catch (error) {
          if (fc.PreconditionFailure.isFailure(error)) throw error
          const reason = error instanceof Error ? error.message : String(error)
          throw new Error(`${drawn.code(name, args)}\n${reason}`, { cause: error })
        }
      })
      const { result: run, worst } = measured(() => fc.check(property, { numRuns, ...where }))
      if (!run.failed) return { cases: run.numRuns, skipped: run.numSkips, worstError: worst }
      // Of a path, only the number of the case repeats what `gen` draws; shrinking goes on by itself.
      const path = run.counterexamplePath?.split(':')[0] ?? ''
      const reason =
        run.errorInstance instanceof Error
          ? run.errorInstance.message
          : `only ${run.numRuns} cases of ${numRuns} could be tested, ${run.numSkips} came too near a kink`
      throw new Error(
        `${name}, ${law}: failed after ${run.numRuns} cases; { seed: ${run.seed}, path: '${path}' } repeats it, ` +
          `shrunk ${run.numShrinks} times:\n${reason}`,
        { cause: run.errorInstance },
      )
    },
  }
}
