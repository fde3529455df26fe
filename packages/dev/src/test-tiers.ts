// Runs the tests of what is computed on every tier, one after the other: those of core and nn, the laws of
// the op table, and what PyTorch gives: `npm run test:tiers`; and once more on the usual one, where all memory
// that backward passes are done with is written again at once. With names
// (`npm run test:tiers -- plain wasm`) only those; `--tests golden` takes only the files of tests whose
// paths hold that.
import { parseArgs } from 'node:util'
import { TierProcess } from './conformance/side-by-side.ts'
import { inRoot } from './root.ts'
import { runSteps } from './run-steps.ts'
import { runTests } from './steps/vitest.ts'
import type { Step } from './step.ts'
import { tiers, type Tier } from './tiers/engine.ts'

const { values, positionals } = parseArgs({
  options: { tests: { type: 'string' } },
  allowPositionals: true,
})
const folders = [
  'packages/core/test',
  'packages/nn/test',
  'packages/dev/test/derived-gradients',
  'packages/dev/test/networks',
  'packages/testing/test/op-table',
  'packages/testing/test/programs',
]
const filters = values.tests === undefined ? folders : [values.tests]

/** Tests of kernels themselves, which need all that an engine can have; and one that makes functions itself. */
const excluded = (tier: Tier): string[] => [
  inRoot('packages/core/test/wasm/**'),
  ...(tier === 'interpreted' ? [inRoot('packages/testing/test/programs.test.ts')] : []),
]

// Two threads are as three here.
await runSteps(
  [...tiers.filter((tier) => tier !== 'threads-2').map(testsOn), recycling()],
  positionals,
)

function recycling(): Step {
  // There are no small arrays to share then.
  const without = ['--exclude', inRoot('packages/core/test/storage.test.ts')]
  const env = { GRADTAPE_RECYCLING: '1' }
  return { name: 'recycling', run: () => runTests([...filters, ...without], { env }) }
}

function testsOn(tier: Tier): Step {
  return {
    name: tier,
    async run() {
      const there = await TierProcess.start(tier)
      if (typeof there === 'string') {
        return { ok: true, counts: { passed: 0, failed: 0, skipped: 1 }, note: `not run. ${there}` }
      }
      there.end()
      const env = { GRADTAPE_TIER: tier }
      const options = excluded(tier).flatMap((files) => ['--exclude', files])
      return runTests([...filters, ...options], { env })
    },
  }
}
