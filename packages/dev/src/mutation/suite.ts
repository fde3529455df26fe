import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { node, tools } from '../command.ts'
import { inRoot } from '../root.ts'
import { sources } from './mutants.ts'
import { runnable } from './programs.ts'

/** A file, and the text that stands in its place. */
export interface Exchange {
  readonly file: string
  readonly text: string
}

/** Tests besides those of the op table, and the files of core with rules in which they can notice something. */
const otherTests: readonly (readonly [tests: string, files: RegExp])[] = [
  ['core/test/autograd.test.ts', /./],
  ['core/test/convolution.test.ts', /^kinds\/(convolution|filters|spatial|windows)/],
  ['core/test/debug/', /^(record|tape)/],
  ['core/test/dtype.test.ts', /^kinds\/(cast|elementwise)/],
  ['core/test/einsum.test.ts', /^(layout|shape|kinds\/(contraction|structural))/],
  ['core/test/hooks.test.ts', /^(record|tape|transforms)/],
  ['core/test/indexing.test.ts', /^(layout|kinds\/(indexing|places|structural))/],
  ['core/test/inplace.test.ts', /^(layout|record|shape|tape|kinds\/(cast|places|update))/],
  ['core/test/layout.test.ts', /^(layout|kinds\/structural)/],
  ['core/test/ordering.test.ts', /^kinds\/(extremes|indexing|reduction|sorting)/],
  ['core/test/random/draws.test.ts', /^kinds\/(creation|random)/],
  ['core/test/scalar/', /^(scalar|kinds\/elementwise)/],
  ['core/test/storage-dtypes.test.ts', /^kinds\/(cast|elementwise)/],
  ['core/test/tape.test.ts', /^(record|tape)/],
  ['core/test/tensor.test.ts', /./],
  ['core/test/torch-ops.test.ts', /^(?!record|tape|transforms|kinds\/(update|places|random))/],
  ['core/test/transforms/', /./],
  ['testing/test/custom-op.test.ts', /^transforms/],
  ['testing/test/op-table/update.test.ts', /^(layout|kinds\/(places|update))/],
]

/** The first test that fails with a file of core changed; null when none does. */
export async function failingTest(
  folder: string,
  id: number,
  changed: { readonly file: string; readonly text: string },
): Promise<string | null> {
  const exchange = join(folder, `exchange-${id}.json`)
  const report = join(folder, `report-${id}.json`)
  const { file, text } = changed
  const made: Exchange = { file: join(sources, file), text: runnable(text) }
  writeFileSync(exchange, JSON.stringify(made))
  const config = inRoot('packages/dev/src/mutation/vitest.config.ts')
  const reporters = ['--reporter=json', `--outputFile=${report}`]
  const { ok, output } = await node(
    tools.vitest,
    ['run', '--config', config, ...reporters, ...testsOf(file)],
    { minutes: 5, env: { GRADTAPE_EXCHANGE: exchange } },
  )
  if (ok) return null
  return failed(report) ?? output.trim().split('\n').at(-1)!
}

function testsOf(file: string): string[] {
  return otherTests.flatMap(([tests, files]) => (files.test(file) ? [`packages/${tests}`] : []))
}

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

function failed(report: string): string | null {
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
    const broken = testResults.find(({ message }) => message !== '')
    return tests.find(({ status }) => status === 'failed')?.fullName ?? broken?.message ?? null
  } catch {
    // It ended before there was one.
    return null
  }
}
