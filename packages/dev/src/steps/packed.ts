import { readFileSync } from 'node:fs'
import { node, tools } from '../command.ts'
import { inModules, install } from '../packed/install.ts'
import { publicPackages } from '../root.ts'
import { failure, type Outcome, type Step } from '../step.ts'
import { bundles } from './bundles.ts'
import { secondCore } from './second-core.ts'
import { strangersTypes } from './strangers-types.ts'

/** What must not reach a stranger: names that mean something in this workspace only. */
const ofTheWorkspace = /workspace:|@gradtape\/source/

const pack: Step = {
  name: 'pack',
  async run() {
    const { folder } = await install()
    const leaks = publicPackages.filter((name) =>
      ofTheWorkspace.test(readFileSync(inModules(folder, name, 'package.json'), 'utf8')),
    )
    if (leaks.length === 0) return { ok: true, note: `${publicPackages.length} packages, by npm` }
    return failure(`the workspace's own names are left in the package.json of ${leaks.join(', ')}`)
  },
}

const publint: Step = {
  name: 'publint',
  run: () => eachTarball((tarball) => node(tools.publint, [tarball, '--strict'])),
}

const attw: Step = {
  name: 'attw',
  run: () => eachTarball((tarball) => node(tools.attw, [tarball, '--profile', 'esm-only'])),
}

export const packedSteps: readonly Step[] = [
  pack,
  publint,
  attw,
  strangersTypes,
  ...bundles,
  secondCore,
]

async function eachTarball(check: (tarball: string) => Promise<Outcome>): Promise<Outcome> {
  const { tarballs } = await install()
  const outcomes = await Promise.all(tarballs.map(check))
  const bad = outcomes.filter(({ ok }) => !ok)
  return { ok: bad.length === 0, output: bad.map(({ output }) => output).join('\n') }
}
