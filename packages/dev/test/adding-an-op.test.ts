import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command, node, tools } from '../src/command.ts'
import { inRoot } from '../src/root.ts'

// Follows ADDING_AN_OP.md to the letter in a copy of core: compiles what it says, and has the
// properties of the op table run over the ops it adds.

/** Each block of the page, and the file that the paragraph before it names. */
const steps = [
  ...readFileSync(inRoot('ADDING_AN_OP.md'), 'utf8').matchAll(
    /(At the end of|In a new file) `([^`]+)`:\n\n```typescript\n([^]*?)```/g,
  ),
].map(([, where, file, code]) => ({ isNew: where === 'In a new file', file: file!, code: code! }))

const added = steps.flatMap(({ code }) =>
  [...code.matchAll(/^export const (\w+)/gm)].map(([, name]) => name!),
)

let copy: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'gradtape-op-'))
  for (const name of ['core', 'testing']) {
    for (const part of ['package.json', 'src']) {
      const path = `packages/${name}/${part}`
      cpSync(inRoot(path), join(copy, path), { recursive: true })
    }
  }
  const modules = join(copy, 'packages/testing/node_modules')
  mkdirSync(join(modules, '@gradtape'), { recursive: true })
  for (const name of ['fast-check', 'vitest']) {
    symlinkSync(inRoot(`node_modules/${name}`), join(modules, name), 'junction')
  }
  symlinkSync(join(copy, 'packages/core'), join(modules, '@gradtape/core'), 'junction')
  for (const { isNew, file, code } of steps) {
    if (isNew) writeFileSync(join(copy, file), code, { flag: 'wx' })
    else appendFileSync(join(copy, file), `\n${code}`)
  }
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ type: 'module' }))
  writeFileSync(join(copy, 'check.ts'), check)
  const config = { extends: inRoot('packages/dev/tsconfig.json'), include: ['.'] }
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(config))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const check = `import { opTable, opTableProperties } from './packages/testing/src/index.ts'
import { tensor } from './packages/core/src/index.ts'

const x = tensor([3, 4], { dtype: 'float64' })
console.log(x.logCosh().shape, x.rms().item(), x.mirrored(0).toArray())
const table = opTable()
for (const property of opTableProperties(process.argv.slice(2).map((name) => table.get(name)!))) {
  try {
    property.check({ seed: 1, numRuns: 50 })
    console.log(property.op, property.law, 'holds')
  } catch (error) {
    console.log(property.op, property.law, 'fails', (error as Error).message)
  }
}
`

/** What the properties of the ops added say, a line or more each. */
async function properties(): Promise<string> {
  const run = ['--conditions=@gradtape/source', '--import', 'tsx', join(copy, 'check.ts')]
  const { ok, output } = await command(process.execPath, [...run, ...added])
  if (!ok) throw new Error(output)
  return output
}

test('the page adds ops, in ten lines where there is a formula', () => {
  expect(added).toEqual(['logCosh', 'rms', 'mirrored'])
  expect(steps[0]!.code.trim().split('\n').length).toBeLessThanOrEqual(10)
})

test('they compile, as functions and as methods', async () => {
  const { output } = await node(tools.tsc, [
    '-p',
    copy,
    '--typeRoots',
    inRoot('node_modules/@types'),
  ])
  expect(output).toBe('')
})

test('they hold what is asked of every op of the table', async () => {
  const output = await properties()
  expect(output).toContain('3.5355339059327378 [ 4, 3 ]')
  // The laws of every op that has derivatives, and of elementwise ones one more.
  expect(output.match(/holds$/gm)!.length).toBeGreaterThanOrEqual(15 * added.length)
  expect(output).not.toContain('fails')
})

test('a wrong rule among them is found', async () => {
  const file = join(copy, 'packages/core/src/ops/mirror.ts')
  const right = readFileSync(file, 'utf8')
  const wrong = right.replace('(ct) => apply(mirror, [ct], dim)', '(ct) => ct')
  expect(wrong).not.toBe(right)
  writeFileSync(file, wrong)
  const output = await properties()
  expect(output).toMatch(/^mirrored first order fails/m)
  expect(output).toMatch(/^logCosh first order holds/m)
})
