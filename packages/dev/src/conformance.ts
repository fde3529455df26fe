// Runs the op table on every tier and compares values and gradients with the reference: `npm run conformance`.
// `--small 8` and `--large 16` are how many cases are drawn of each op, in float32 and float64 by turns,
// `--huge 4` how many of those that are for threads, `--seed 7` which (1 unless given); `--ops tanh,sum` and
// `--tiers plain,wasm` leave out all others.
import { parseArgs } from 'node:util'
import { opTable } from '@gradtape/testing'
import { conformanceOf } from './conformance/conformance.ts'
import { reportOf } from './conformance/report.ts'
import { tiers as allTiers, type Tier } from './tiers/engine.ts'

const { values } = parseArgs({
  options: {
    small: { type: 'string', default: '8' },
    large: { type: 'string', default: '16' },
    huge: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    ops: { type: 'string' },
    tiers: { type: 'string' },
  },
})
const counts = { small: countOf('small'), large: countOf('large'), huge: countOf('huge') }
const table = opTable()
const ops = chosen('op', values.ops, [...table.keys()])
const tiers = chosen('tier', values.tiers, allTiers) as Tier[]

let done = 0
const found = await conformanceOf(
  ops.map((op) => table.get(op)!),
  tiers,
  counts,
  countOf('seed'),
  (op, failed) => console.error(`${++done}/${ops.length} ${failed ? '✗' : '✓'} ${op}`),
)
console.log(reportOf(found, tiers))
process.exitCode = found.failures.length > 0 ? 1 : 0

function countOf(option: 'small' | 'large' | 'huge' | 'seed'): number {
  const count = Number(values[option])
  if (Number.isSafeInteger(count) && count >= 0) return count
  return fail(`--${option} must be an integer from 0 on, got ${values[option]}`)
}

function chosen(
  what: string,
  given: string | undefined,
  known: readonly string[],
): readonly string[] {
  const names = given?.split(',') ?? known
  const unknown = names.filter((name) => !known.includes(name))
  return unknown.length === 0 ? names : fail(`there is no ${what} called ${unknown.join(', ')}`)
}

function fail(why: string): never {
  console.error(`conformance: ${why}`)
  process.exit(2)
}
