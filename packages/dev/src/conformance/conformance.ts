import type { FloatDType } from '@gradtape/core'
import type { TableEntry } from '@gradtape/testing'
import type { Tier } from '../tiers/engine.ts'
import { casesOf, type Case, type Counts } from './cases.ts'
import { compare, type Found } from './compare.ts'
import { rightOf } from './right.ts'
import { TierProcess } from './side-by-side.ts'
import { sortOf, toleranceOf, type Sort } from './tolerances.ts'

/** The largest error that was found of one sort of op. */
export interface Worst {
  readonly tier: Tier
  readonly sort: Sort
  readonly dtype: FloatDType
  /** In ulp of all that is rounded on the way. */
  ulp: number
  op: string
}

export interface Conformance {
  readonly missing: readonly { readonly tier: Tier; readonly why: string }[]
  readonly worst: readonly Worst[]
  readonly failures: readonly string[]
  /** How many cases were run on each tier, and how many elements of them were compared. */
  readonly cases: number
  readonly elements: number
  /** Elements that lie so near a jump that rounding may take them to its other side. */
  readonly unsure: number
}

/** Whose bits those of a tier must be. */
const sameBits: Partial<Record<Tier, Tier>> = { 'threads-2': 'wasm-fma', 'threads-3': 'wasm-fma' }

/** Runs ops on tiers, and compares what they come to with what they should. */
export async function conformanceOf(
  ops: readonly TableEntry[],
  tiers: readonly Tier[],
  counts: Counts,
  seed: number,
  onOp: (op: string, failed: boolean) => void,
): Promise<Conformance> {
  const started = await Promise.all(tiers.map((tier) => TierProcess.start(tier)))
  const processes = started.filter((one) => one instanceof TierProcess)
  const missing = tiers.flatMap((tier, k) => {
    const why = started[k]
    return typeof why === 'string' ? { tier, why } : []
  })
  const worst = new Map<string, Worst>()
  const failures: string[] = []
  const sum = { cases: 0, elements: 0, unsure: 0 }
  try {
    for (const fn of ops) {
      const { entry } = fn
      const cases = casesOf(fn, counts, seed)
      const answers = processes.map((process) => process.run(cases))
      const right = cases.map((one) => rightOf(fn, one))
      const found = new Map<Tier, readonly (readonly Found[] | string)[]>()
      for (const [k, { tier }] of processes.entries()) found.set(tier, await answers[k])
      const before = failures.length
      for (const [tier, results] of found) {
        results.forEach((result, k) => {
          const fail = (why: string): void =>
            void failures.push(`${tier}, ${toldOf(cases[k])}: ${why}`)
          if (typeof result === 'string') return fail(result)
          const { worst: ulp, where, compared, unsure } = compare(result, right[k].results)
          sum.elements += compared
          sum.unsure += unsure
          const { dtype, op } = cases[k]
          const sort = sortOf(entry)
          const tolerance = toleranceOf(tier, sort, dtype, right[k].steps)
          if (!(ulp <= tolerance))
            fail(`${ulp.toPrecision(3)} ulp off, ${tolerance} allowed; ${where}`)
          const key = `${tier} ${sort} ${dtype}`
          const known = worst.get(key)
          if (known === undefined || ulp > known.ulp) worst.set(key, { tier, sort, dtype, ulp, op })
          const model = found.get(sameBits[tier]!)?.[k]
          const other = model && typeof model !== 'string' ? firstDifference(result, model) : null
          if (other !== null) fail(`not the bits of ${sameBits[tier]}: ${other}`)
        })
      }
      sum.cases += cases.length
      onOp(entry.name, failures.length > before)
    }
  } finally {
    for (const process of processes) process.end()
  }
  return { missing, worst: [...worst.values()], failures, ...sum }
}

function toldOf({ op, dtype, size, seed }: Case): string {
  return `${op} in ${dtype}, ${size} case ${seed}`
}

function firstDifference(found: readonly Found[], model: readonly Found[]): string | null {
  for (const [k, { elements }] of found.entries()) {
    const wanted = model[k].elements
    for (let i = 0; i < wanted.length; i++) {
      if (!Object.is(elements[i], wanted[i])) {
        return `result ${k}, element ${i}: ${elements[i]} and ${wanted[i]}`
      }
    }
  }
  return null
}
