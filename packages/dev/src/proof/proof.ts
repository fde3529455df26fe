import { treeLeaves } from '@gradtape/core'
import { opTableProperties, type TableEntry } from '@gradtape/testing'
import { factsOf } from '../ops/facts.ts'
import { layoutNames, layoutsOf, type LayoutName } from './layouts.ts'

export interface Search {
  /** How many cases are drawn for each law. */
  readonly runs: number
  readonly seed: number
}

/** The laws whose errors are told. */
export const measuredLaws = ['first order', 'second order', 'third order', 'adjoint'] as const

/** What a search among the cases of one op found. */
export interface Proof {
  readonly name: string
  readonly kind: string
  /** The cases that were tested, by law. */
  readonly cases: Readonly<Record<string, number>>
  /** How many more were too near a kink, or otherwise none of a law's. */
  readonly skipped: number
  /** How many of the tensors among the arguments lay so. */
  readonly layouts: Readonly<Record<LayoutName, number>>
  /** The worst errors of derivatives by law. */
  readonly errors: Readonly<Partial<Record<string, number>>>
  /** Why it has no derivatives, or what is special of them; null if nothing is. */
  readonly remark: string | null
  readonly vmap: string
  readonly dtypes: string
  readonly stored: string
  /** What broke a law, with all that repeats it. */
  readonly failures: readonly string[]
}

/** Tries every law of an op. */
export function proofOf(fn: TableEntry, { runs, seed }: Search): Proof {
  const { name, kind } = fn.entry
  const layouts = Object.fromEntries(layoutNames.map((layout) => [layout, 0])) as Record<
    LayoutName,
    number
  >
  const count = (args: readonly unknown[]): void => {
    for (const x of treeLeaves(args)) for (const layout of layoutsOf(x)) layouts[layout]++
  }
  const failures: string[] = []
  const found = attempt(failures, () => factsOf(fn))
  const cases: Record<string, number> = {}
  const errors: Partial<Record<string, number>> = {}
  let skipped = 0
  for (const { law, check } of opTableProperties([fn])) {
    const search = attempt(failures, () => check({ numRuns: runs, seed, onCase: count }))
    cases[law] = search?.cases ?? 0
    skipped += search?.skipped ?? 0
    if (search && (measuredLaws as readonly string[]).includes(law)) errors[law] = search.worstError
  }
  const [, remark = null] = /^(?:any )?(.+)$/.exec(found?.orders.replace(/^any$/, '') ?? '') ?? []
  const { vmap = '', dtypes = '', stored = '' } = found ?? {}
  return { name, kind, cases, skipped, layouts, errors, remark, vmap, dtypes, stored, failures }
}

/** What `run` returns; null, and why in `failures`, when it throws. */
function attempt<R>(failures: string[], run: () => R): R | null {
  try {
    return run()
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error))
    return null
  }
}
