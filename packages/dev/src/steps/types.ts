import { node, tools } from '../command.ts'
import { inRoot } from '../root.ts'
import { failure, type Step } from '../step.ts'

/**
 * Type instantiations that checking the public packages and a user's programs may cost: what was
 * measured and some 10 % of room. Raise it knowingly, for it is what users wait for in their editors.
 * Type tests are not in it: there may be as many as the rules need.
 */
const instantiationCeiling = 97_000

/** Sources, tests, examples and scripts; the build has checked the sources under their own options. */
export const types: Step = {
  name: 'types',
  run: () => node(tools.tsc, ['-p', inRoot('packages/dev')]),
}

export const instantiations: Step = {
  name: 'instantiations',
  async run() {
    const project = inRoot('packages/dev/tsconfig.instantiations.json')
    // One thread: several would share the work anew each time, and count differently.
    const flags = ['--extendedDiagnostics', '--singleThreaded']
    const { ok, output } = await node(tools.tsc, ['-p', project, ...flags])
    const count = Number(/^Instantiations:\s+(\d+)/m.exec(output)?.[1])
    if (!ok || !(count > 0)) return failure(output)
    return {
      ok: count <= instantiationCeiling,
      note: `${count.toLocaleString('en')}, at most ${instantiationCeiling.toLocaleString('en')}`,
    }
  },
}
