import { join } from 'node:path'
import { build as esbuild } from 'esbuild'
import { strangersCode } from '../packed/stranger.ts'
import { failure, type Step } from '../step.ts'
import { findChromium, visit } from './chromium.ts'
import { notTaken } from './suite.ts'

const LOADS = 15

/** What the median of a page's loads may take from the import to the first gradient. */
const CEILING = 60

/** How long a page with a network on core and its kernels in WebAssembly takes until it has learned once. */
export const importTime: Step = {
  name: 'import-time',
  async run() {
    const chromium = findChromium()
    if (chromium === null) return notTaken('there is no Chromium; CHROMIUM may name one')
    const { outputFiles } = await esbuild({
      entryPoints: [join(await strangersCode(), 'stranger/in-wasm.ts')],
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      write: false,
    })
    const scripts = { 'network.js': outputFiles[0]!.text, 'page.js': page }
    const loads: [imported: number, learned: number][] = []
    const receive = (posted: string): boolean => {
      loads.push(JSON.parse(posted) as [number, number])
      return loads.length === LOADS
    }
    const { ok, why } = await visit(chromium.program, { scripts }, receive, 2)
    if (!ok) return failure(`${loads.length} of ${LOADS} loads came to their end\n${why}`)
    const [imported, learned] = [0, 1].map((i) => loads.map((load) => load[i]!)) as [
      number[],
      number[],
    ]
    const most = median(learned)
    const note =
      `first gradient ${most.toFixed(1)} ms from the import on, at most ${CEILING} ` +
      `(import ${median(imported).toFixed(1)}; medians of ${LOADS} loads, the first ` +
      `${learned[0]!.toFixed(1)}, the longest ${Math.max(...learned).toFixed(1)})`
    return { ok: most <= CEILING, note }
  },
}

const median = (xs: readonly number[]): number => xs.toSorted((a, b) => a - b)[xs.length >> 1]!

const page = `
const start = performance.now()
const { train } = await import('/network.js')
const imported = performance.now() - start
const [loss] = train(1)
const learned = performance.now() - start
if (!(loss > 0)) throw new Error('the loss is ' + loss)
await fetch('/', { method: 'POST', body: JSON.stringify([imported, learned]) })
location.reload()
`
