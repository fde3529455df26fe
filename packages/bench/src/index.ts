// `npm run bench`: gradtape beside its peers. Everything is measured in one run, in rounds in which the
// peers take turns, after their outputs have been compared. Read the ratios.
import { parseArgs } from 'node:util'
import { bundle } from './bundle.ts'
import { install } from './install.ts'
import { limits } from './limits.ts'
import { machine, versionsOf } from './machine.ts'
import { measure, quick, thorough, type WorkloadResult } from './measure.ts'
import { allPeers } from './peers.ts'
import { section, versionList } from './markdown.ts'
import { defaultFolder, save } from './save.ts'
import { writeReadme } from './readme.ts'
import { workloads } from './workloads/index.ts'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    peers: { type: 'string' },
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
    readme: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (options.help) {
  console.log(`npm run bench -- [OPTIONS]
  --only xor,mlp     these workloads: ${namesOf(workloads)}
  --peers NAME,NAME  these peers: ${namesOf(allPeers())}
  --quick            fewer and shorter rounds
  --out FOLDER       where the results go; without it, a whole run writes packages/bench/results
  --readme           puts the steps of training into README.md`)
} else {
  await main()
}

async function main(): Promise<void> {
  const chosen = choose('workload', workloads, options.only)
  const peers = choose('peer', allPeers(), options.peers)
  install()
  await bundle()
  const run = {
    machine: machine(),
    limits: limits(),
    date: new Date(),
    versions: versionsOf(peers),
    peers,
  }
  console.log(run.machine)
  console.log(run.limits)
  const results: WorkloadResult[] = []
  for (const workload of chosen) {
    const effort = options.quick ? quick : thorough
    const result = await measure(workload, peers, effort, run.versions)
    results.push(result)
    console.log(`\n${section(result, peers)}`)
  }
  console.log(`\n${versionList(run)}`)
  const whole = !options.quick && !options.only && !options.peers
  const folder = options.out ?? (whole ? defaultFolder : undefined)
  if (folder !== undefined) save(folder, run, results)
  if (options.readme) writeReadme(run, results)
}

function namesOf(all: readonly { readonly name: string }[]): string {
  return all.map(({ name }) => name).join(', ')
}

function choose<T extends { readonly name: string }>(
  what: string,
  all: readonly T[],
  names: string | undefined,
): readonly T[] {
  if (names === undefined) return all
  const wanted = names.split(',')
  const unknown = wanted.filter((name) => !all.some((one) => one.name === name))
  if (unknown.length === 0) return all.filter(({ name }) => wanted.includes(name))
  console.error(`There is no ${what} ${unknown.join(', ')}; there are ${namesOf(all)}.`)
  process.exit(1)
}
