// Breaks every rule of core, one change at a time, and says which changes no test notices: `npm run mutate`.
// With words (`npm run mutate -- kinds/spread.ts sumTo`) only files and rules that one of them names;
// `--list` says what would be changed; `--quick` draws few cases; `--workers 2` runs so many programs side
// by side; `--json FILE` and `--page FILE` write what noticed them.
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { opTable } from '@gradtape/testing'
import { Campaign } from './mutation/campaign.ts'
import { coverageOf } from './mutation/coverage.ts'
import { explanationOf, staleExplanations } from './mutation/equivalent.ts'
import { allMutants, show } from './mutation/mutants.ts'
import { inPool, type Outcome } from './mutation/outcome.ts'
import { Programs } from './mutation/programs.ts'
import { pageOf } from './mutation/page.ts'
import { isSurvivor, isWronglyExplained, reportOf } from './mutation/report.ts'

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(availableParallelism()) },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    page: { type: 'string' },
  },
})
const { files, probes } = allMutants()
const all = files.flatMap(({ mutants }) => mutants)
const stale = staleExplanations(all)
if (stale.length > 0) throw new Error(`explained, but no mutants:\n${stale.join('\n')}`)
const chosen = all.filter(
  ({ file, rule }) =>
    words.length === 0 || words.some((word) => file.includes(word) || rule === word),
)
if (values.list) {
  console.log(chosen.map(show).join('\n'))
} else {
  await mutate(Number(values.workers))
}

async function mutate(workers: number): Promise<void> {
  const programs = await Programs.open()
  try {
    const names = [...opTable().keys()]
    console.log(`Watching where ${names.length} ops pass ...`)
    const coverage = await coverageOf(programs, files, probes, names, workers)
    const campaign = new Campaign(programs, files, coverage)
    const outcomes = chosen.map((mutant): Outcome => ({ mutant, killedBy: null }))
    const surviving = (): Outcome[] => outcomes.filter(({ killedBy }) => killedBy === null)
    await each(outcomes, workers, (outcome) => campaign.few(outcome))
    const left = surviving()
    console.log(`${left.length} survive that; they meet other tests ...`)
    const found = await campaign.others(
      left.map(({ mutant }) => mutant),
      workers,
    )
    left.forEach((outcome, k) => {
      outcome.killedBy = found[k]!
      outcome.byTests = true
    })
    if (!values.quick) {
      const unknown = surviving().filter(({ mutant }) => explanationOf(mutant) === undefined)
      console.log(`${unknown.length} survive those; they meet all cases ...`)
      await each(unknown, workers, (outcome) => campaign.all(outcome))
    }
    console.log(`\n${reportOf(outcomes)}`)
    if (values.json) writeFileSync(values.json, JSON.stringify(outcomes))
    if (values.page) writeFileSync(values.page, pageOf(outcomes, new Date().toDateString()))
    const wrong = outcomes.filter(isWronglyExplained)
    for (const { mutant } of wrong) console.log(`not equivalent: ${show(mutant)}`)
    process.exitCode = outcomes.some(isSurvivor) || wrong.length > 0 ? 1 : 0
  } finally {
    await programs.close()
  }
}

async function each(
  outcomes: readonly Outcome[],
  workers: number,
  meet: (outcome: Outcome) => Promise<string | null>,
): Promise<void> {
  let done = 0
  await inPool(outcomes, workers, async (outcome) => {
    outcome.killedBy = await meet(outcome)
    const { mutant, killedBy } = outcome
    console.log(`${++done}/${outcomes.length} ${killedBy ?? 'NOTHING'} | ${show(mutant)}`)
  })
}
