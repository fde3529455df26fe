// Tries every law over every op and prints what it tried: `npm run proof`.
// `--runs 1000` is how many cases are drawn for each law of an op (200 unless given), `--seed 7` which
// (1 unless given), `--ops tanh,sum` leaves out all other ops, `--workers 2` is how many processes search.
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { opTable } from '@gradtape/testing'
import { reportOf } from './proof/report.ts'
import { sideBySide } from './proof/side-by-side.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    ops: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
})
const search = { runs: countOf('runs', 1), seed: countOf('seed', 0) }
const workers = countOf('workers', 1)
const known = [...opTable().keys()]
const ops = values.ops?.split(',') ?? known
const unknown = ops.filter((op) => !known.includes(op))
if (unknown.length > 0) fail(`there is no op called ${unknown.join(', ')}`)

let done = 0
const proofs = await sideBySide(ops, search, {
  workers,
  onProof({ name, failures }) {
    console.error(`${++done}/${ops.length} ${failures.length === 0 ? '✓' : '✗'} ${name}`)
  },
})
console.log(reportOf(proofs, search))
process.exitCode = proofs.some(({ failures }) => failures.length > 0) ? 1 : 0

function countOf(option: 'runs' | 'seed' | 'workers', least: number): number {
  const count = Number(values[option])
  if (Number.isSafeInteger(count) && count >= least) return count
  return fail(`--${option} must be an integer from ${least} on, got ${values[option]}`)
}

function fail(why: string): never {
  console.error(`proof: ${why}`)
  process.exit(2)
}
