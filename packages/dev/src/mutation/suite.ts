import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { node, tools } from '../command.ts'
import { inRoot } from '../root.ts'
import { sources } from './mutants.ts'
import { runnable } from './programs.ts'

/** Files, and the texts that stand in their places. */
export type Exchange = Readonly<Record<string, string>>

/** Tests besides those of the op table, and the files of core with rules in which they can notice something. */
const otherTests: readonly (readonly [tests: string, files: RegExp])[] = [
  ['core/test/autograd.test.ts', /./],
  ['core/test/creation.test.ts', /^kinds\/(creation|random)/],
  ['core/test/convolution.test.ts', /^kinds\/(convolution|filters|spatial|windows)/],
  ['core/test/debug/', /^(record|tape)/],
  ['core/test/dtype.test.ts', /^kinds\/(cast|elementwise)/],
  ['core/test/einsum.test.ts', /^(layout|shape|kinds\/(contraction|structural))/],
  ['core/test/hooks.test.ts', /^(record|tape|transforms)/],
  ['core/test/indexing.test.ts', /^(layout|kinds\/(indexing|places|structural))/],
  ['core/test/inplace.test.ts', /^(layout|record|shape|tape|kinds\/(cast|places|update))/],
  ['core/test/layout.test.ts', /^(layout|kinds\/structural)/],
  ['core/test/linear-product.test.ts', /^kinds\/linear/],
  ['core/test/matrix-product.test.ts', /^kinds\/(contraction|structural)/],
  ['core/test/ordering.test.ts', /^kinds\/(extremes|indexing|reduction|sorting)/],
  ['core/test/random/', /^kinds\/(creation|random)/],
  ['core/test/recycling.test.ts', /^(record|tape|transforms)/],
  ['core/test/scalar/', /^(scalar|kinds\/elementwise)/],
  ['core/test/storage-dtypes/', /^kinds\/(cast|elementwise)/],
  ['core/test/tape.test.ts', /^(record|tape)/],
  ['core/test/tensor.test.ts', /./],
  ['core/test/torch-ops.test.ts', /^(?!record|tape|transforms|kinds\/random)/],
  ['core/test/transforms/', /./],
  ['testing/test/custom-op.test.ts', /^transforms/],
]

let count = 0

/** The first test that fails with files of core changed; null when none does. */
export async function failingTest(
  folder: string,
  changed: Readonly<Record<string, string>>,
): Promise<string | null> {
  const id = count++
  const exchange = join(folder, `exchange-${id}.json`)
  const report = join(folder, `report-${id}.json`)
  const texts: Exchange = Object.fromEntries(
    Object.entries(changed).map(([file, text]) => [join(sources, file), runnable(text)]),
  )
  writeFileSync(exchange, JSON.stringify(texts))
  const config = inRoot('packages/dev/src/mutation/vitest.config.ts')
  const reporters = ['--reporter=json', `--outputFile=${report}`]
  const { ok, output } = await node(
    tools.vitest,
    ['run', '--config', config, ...reporters, ...testsOf(Object.keys(changed))],
    { minutes: 5, env: { GRADTAPE_EXCHANGE: exchange } },
  )
  if (ok) return null
  return failed(report) ?? output.trim().split('\n').at(-1)!
}

function testsOf(changed: readonly string[]): string[] {
  const found = otherTests.filter(([, files]) => changed.some((file) => files.test(file)))
  const missing = found.find(([tests]) => !existsSync(inRoot('packages', tests)))
  if (missing !== undefined) throw new Error(`there are no tests ${missing[0]}`)
  return found.map(([tests]) => `packages/${tests}`)
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
