import type { Mutant } from './mutants.ts'

/** Mutants that compute what the original computes, and why. */
export interface Equivalent {
  readonly file: string
  readonly rule: string
  /** What is changed, and into what, white space aside; each of several pairs has the same reason. */
  readonly changes: readonly (readonly [before: string, after: string])[]
  readonly reason: string
}

export const equivalents: readonly Equivalent[] = []

/** The explanation of a mutant, if there is one. */
export function explanationOf(mutant: Mutant): Equivalent | undefined {
  return equivalents.find((known) => explains(known, mutant))
}

/** What is explained, but is no mutant any more. */
export function staleExplanations(mutants: readonly Mutant[]): string[] {
  return equivalents.flatMap((known) =>
    known.changes
      .filter(
        (change) => !mutants.some((mutant) => explains({ ...known, changes: [change] }, mutant)),
      )
      .map(([before, after]) => `${known.file} ${known.rule}: ${before} → ${after}`),
  )
}

function explains({ file, rule, changes }: Equivalent, mutant: Mutant): boolean {
  const [before, after] = [flat(mutant.before), flat(mutant.change.text)]
  return (
    mutant.file === file &&
    mutant.rule === rule &&
    changes.some(([from, to]) => flat(from) === before && flat(to) === after)
  )
}

function flat(code: string): string {
  return code.replace(/\s+/g, ' ')
}
