// How long a fresh process takes from `import` to the first gradient, with the packages as they are
// built, and with one bundle of them: `npm run first-gradient`. `--runs 21` is how many processes are timed.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { aligned } from './aligned.ts'
import { inRoot } from './root.ts'
import { built } from './steps/build.ts'

/** What a process computes once core is loaded. */
const programs = {
  'eight tanh, summed': `
    core.tensor([0, 1, 2, 3, 4, 5, 6, 7], { requiresGrad: true }).tanh().sum().backward()`,
  '784-128-10 at batch 64': `
    const [a, b] = [[784, 128], [128, 10]].map((shape) => core.randn(shape, { requiresGrad: true }))
    core.randn([64, 784]).matmul(a).relu().matmul(b).logSoftmax(-1).mean().backward()`,
}

const { values } = parseArgs({ options: { runs: { type: 'string', default: '21' } } })
const runs = Number(values.runs)
if (!Number.isSafeInteger(runs) || runs < 1) {
  throw new Error(`--runs must be a positive integer, got ${values.runs}`)
}

const { ok, output } = await built()
if (!ok) throw new Error(`the packages can't be built\n${output}`)
const folder = mkdtempSync(join(tmpdir(), 'gradtape-first-gradient-'))
try {
  const separate = inRoot('packages/core/dist/node.js')
  const bundle = join(folder, 'core.mjs')
  await build({ entryPoints: [separate], bundle: true, format: 'esm', outfile: bundle })
  const entries = { 'as built': separate, 'in one bundle': bundle }
  const timed = Object.entries(entries).flatMap(([how, file]) =>
    Object.entries(programs).map(([what, program]) => ({
      how,
      what,
      code: codeOf(file, program),
      times: [] as (readonly [imported: number, done: number])[],
    })),
  )
  // In turn, so that what else the machine does falls on all alike.
  for (let run = 0; run < runs; run++) {
    for (const { code, times } of timed) {
      const said = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
        encoding: 'utf8',
      })
      times.push(JSON.parse(said) as [number, number])
    }
  }
  const rows = timed.map(({ how, what, times }) => {
    const [imported, done] = [0, 1].map((k) =>
      times.map((time) => time[k]!).toSorted((a, b) => a - b),
    )
    const shown = [imported![runs >> 1], done![runs >> 1], done![0], done!.at(-1)]
    return [how, what, ...shown.map((ms) => ms!.toFixed(1))]
  })
  const headings = ['core', 'program', 'import', 'first gradient', 'shortest', 'longest']
  console.log(aligned([headings, ...rows], (column) => column > 1).join('\n'))
  console.log(
    `In ms from the import on, medians of ${runs} processes, Node ${process.versions.node}.`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function codeOf(file: string, program: string): string {
  return `
    const start = performance.now()
    const core = await import(${JSON.stringify(pathToFileURL(file).href)})
    const imported = performance.now() - start
    ${program}
    console.log(JSON.stringify([imported, performance.now() - start]))
    process.exit()`
}
