import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { node, tools } from '../src/command.ts'
import { inRoot } from '../src/root.ts'

/** Which import, in which file, the lint configuration refuses. */
const cases: readonly [file: string, imported: string, refused: boolean][] = [
  ['packages/core/src/op.ts', './tape.ts', false],
  ['packages/core/src/op.ts', 'node:fs', true],
  ['packages/core/src/op.ts', '@gradtape/testing', true],
  ['packages/core/src/op.ts', '@gradtape/core', true],
  ['packages/core/src/op.ts', '../test/close.ts', true],
  ['packages/core/src/tape.ts', './op.ts', true],
  ['packages/nn/src/dense.ts', '@gradtape/core', false],
  ['packages/nn/src/dense.ts', './module.ts', false],
  ['packages/nn/src/dense.ts', '@gradtape/optim', true],
  ['packages/nn/src/dense.ts', 'zod', true],
  ['packages/optim/src/adam.ts', '@gradtape/core', false],
  ['packages/optim/src/adam.ts', '@gradtape/nn', true],
  ['packages/data/src/csv.ts', 'csv-parse/browser/esm/sync', false],
  ['packages/data/src/csv.ts', 'node:fs', true],
  ['packages/data/src/csv.ts', './node/load-csv.ts', true],
  ['packages/data/src/csv.ts', '@gradtape/nn', true],
  ['packages/data/src/node.ts', './node/load-csv.ts', false],
  ['packages/data/src/node/load-csv.ts', 'node:fs', false],
  ['packages/data/src/node/load-csv.ts', '@gradtape/nn', true],
  ['packages/testing/src/gradcheck.ts', 'fast-check', false],
  ['packages/testing/src/gradcheck.ts', '@gradtape/nn', true],
  ['packages/native/src/foreign.ts', 'node:module', false],
  ['packages/native/src/gemm.ts', '@gradtape/core', false],
  ['packages/native/src/gemm.ts', '@gradtape/nn', true],
]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradtape-lint-'))
  cpSync(inRoot('.oxlintrc.json'), join(folder, '.oxlintrc.json'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What lint says about files with these contents; empty when nothing. */
async function lint(files: Record<string, string>): Promise<string> {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  const { ok, output } = await node(tools.oxlint, ['packages'], { cwd: folder })
  rmSync(join(folder, 'packages'), { recursive: true })
  return ok ? '' : output
}

describe('import arrows', () => {
  test.each(cases)('%s imports %s: refused %s', async (file, imported, refused) => {
    const found = await lint({ [file]: `export * from '${imported}'\n` })
    expect(found.includes('restricted from being used')).toBe(refused)
  })
})

describe('import cycles', () => {
  const one = 'packages/core/src/one.ts'
  const two = 'packages/core/src/two.ts'

  test('of values are refused', async () => {
    const found = await lint({
      [one]: "import { two } from './two.ts'\nexport const one = () => two\n",
      [two]: "import { one } from './one.ts'\nexport const two = () => one\n",
    })
    expect(found).toContain('cycle')
  })

  test('of types alone are allowed', async () => {
    const found = await lint({
      [one]: "import type { Two } from './two.ts'\nexport interface One extends Two {}\n",
      [two]: "import type { One } from './one.ts'\nexport interface Two extends Partial<One> {}\n",
    })
    expect(found).not.toContain('cycle')
  })
})
