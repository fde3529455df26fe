// A process on one tier: it is sent cases, and answers with what they come to.
import { limitEngine, type Tier } from '../tiers/engine.ts'
import type { Case } from './cases.ts'
import type { Found } from './compare.ts'

/** What a worker says: first whether its tier is there, then what the cases came to that it was sent. */
export type Said =
  { readonly missing: string | null } | { readonly found: readonly (readonly Found[] | string)[] }

const tier = process.argv[2] as Tier
const say = (said: Said): void => void process.send!(said)

const lacking = limitEngine(tier)
const { enterTier } = await import('../tiers/enter.ts')
const missing = lacking ?? (await enterTier(tier))
if (missing === null) {
  const { outcomeOf } = await import('./cases.ts')
  const { opTable } = await import('@gradtape/testing')
  const { threadsToRun } = await import('./threads.ts')
  if (tier.startsWith('threads')) await threadsToRun()
  const table = opTable()
  process.on('message', (cases: readonly Case[]) => {
    const found = cases.map((one) => {
      try {
        const { values, gradients } = outcomeOf(table.get(one.op)!, one)
        return [...values, ...gradients].map((y): Found => ({
          dtype: y.dtype,
          elements: y.toTypedArray() as never,
        }))
      } catch (error) {
        return String((error as Error).stack)
      }
    })
    say({ found })
  })
}
say({ missing })
