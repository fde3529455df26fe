import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { node, tools, type CommandOptions } from '../command.ts'
import { inRoot } from '../root.ts'
import { failure, type Counts, type Outcome, type Step } from '../step.ts'

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly success: boolean
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/** Every test of every package and of the examples, shown as they run. */
export const vitest: Step = { name: 'vitest', run: () => runTests([], { show: true }) }

/** Runs the tests that vitest's arguments choose. */
export async function runTests(
  chosen: readonly string[],
  options: Pick<CommandOptions, 'show' | 'env'>,
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'gradtape-vitest-'))
  const file = join(folder, 'report.json')
  const config = inRoot('packages/dev/vitest.config.ts')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  try {
    const args = ['run', '--config', config, ...reporters, ...chosen]
    const { ok, output } = await node(tools.vitest, args, { ...options, minutes: 20 })
    if (!existsSync(file)) return failure(`vitest left no report ${output}`)
    const counts = count(JSON.parse(readFileSync(file, 'utf8')) as Report)
    if (ok && counts.passed === 0) return failure('no test ran')
    // An error outside of all tests fails the run and no test: it counts as one.
    const failed = ok ? counts.failed : Math.max(counts.failed, 1)
    return { ok, output, counts: { ...counts, failed }, note: `${counts.passed} tests passed` }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function count(report: Report): Counts {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const of = (...states: string[]): number =>
    tests.filter(({ status }) => states.includes(status)).length
  // A file that can't be loaded fails without a failed test in it.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length
  return {
    passed: of('passed'),
    failed: of('failed') + brokenFiles,
    skipped: of('pending', 'skipped', 'todo', 'disabled'),
  }
}
