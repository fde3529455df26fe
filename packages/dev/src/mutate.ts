// Breaks every rule of core, one change at a time, and says which changes no test notices: `npm run mutate`.
// With words (`npm run mutate -- kinds/spread.ts sumTo`) only files and rules that one of them names;
// `--list` says what would be changed; `--quick` draws few cases; `--workers 2` runs so many programs side
// by side; `--json FILE` writes what noticed each.
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { opTable } from '@gradtape/testing'
import { Campaign, coverageOf } from './mutation/campaign.ts'
import { staleExplanations } from './mutation/equivalent.ts'
import { allMutants, show } from './mutation/mutants.ts'
import { inPool } from './mutation/outcome.ts'
import { Programs } from './mutation/programs.ts'
import { isSurvivor, isWronglyExplained, reportOf } from './mutation/report.ts'

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(availableParallelism()) },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
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
    const ops = [...opTable().values()].filter(({ entry }) => entry.kind !== 'update')
    const names = ops.map(({ entry }) => entry.name)
    console.log(`Watching where ${names.length} ops pass ...`)
    const coverage = await coverageOf(programs, files, probes, names, workers)
    const campaign = new Campaign(programs, files, coverage, !values.quick)
    let done = 0
    const outcomes = await inPool(chosen, workers, async (mutant) => {
      const outcome = await campaign.outcomeOf(mutant)
      const progress = `${++done}/${chosen.length}`
      console.log(`${progress} ${outcome.killedBy ?? 'NOTHING'} | ${show(mutant)}`)
      return outcome
    })
    console.log(`\n${reportOf(outcomes)}`)
    if (values.json) writeFileSync(values.json, JSON.stringify(outcomes))
    const wrong = outcomes.filter(isWronglyExplained)
    for (const { mutant } of wrong) console.log(`not equivalent: ${show(mutant)}`)
    process.exitCode = outcomes.some(isSurvivor) || wrong.length > 0 ? 1 : 0
  } finally {
    await programs.close()
  }
}
