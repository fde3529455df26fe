/**
 * Checks functions whose gradients are right, at kinks, too, and prints every check that refuses one:
 * 100,000 of them, or as many as are asked for, from seed 1, or another.
 *
 *     npm run ts -- packages/dev/src/false-alarms.ts [count] [seed]
 */
import { falseAlarms, type Outcome } from '../../testing/test/false-alarms/correct.ts'

const [count = 100_000, first = 1] = process.argv.slice(2).map(Number)
const CHUNK = 1_000
const total: Outcome = { checks: 0, poles: 0, kinks: 0, alarms: [] }
for (let seed = first; total.checks < count; seed++) {
  const wanted = Math.min(CHUNK, count - total.checks)
  const { checks, poles, kinks, alarms } = falseAlarms(wanted, seed)
  total.checks += checks
  total.poles += poles
  total.kinks += kinks
  total.alarms.push(...alarms)
  for (const alarm of alarms) console.log(`${alarm}\n`)
  process.stderr.write(`${total.checks} checks\r`)
}
const { checks, poles, kinks, alarms } = total
console.log(
  `${alarms.length} false alarms in ${checks} checks, ${kinks} of them at kinks; ` +
    `${poles} cases left out, as the gradient is infinite there`,
)
process.exitCode = alarms.length === 0 ? 0 : 1
