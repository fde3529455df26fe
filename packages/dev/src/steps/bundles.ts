import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build as esbuild } from 'esbuild'
import { node } from '../command.ts'
import { bundleWithEsbuild, bundleWithVite, runInPage } from '../packed/bundle.ts'
import { strangersCode } from '../packed/stranger.ts'
import { failure, type Outcome, type Step } from '../step.ts'

/**
 * What a page may download, gzipped: one that trains the moons network, with core, nn and optim; and one
 * that trains a network on core with its kernels in WebAssembly.
 */
const sizeCeiling = 45 * 1024

const plainNode: Step = {
  name: 'plain-node',
  async run() {
    const folder = await strangersCode()
    const script = join(folder, 'every-package.js')
    // Types off and own files joined; the packages stay imports that Node resolves.
    await esbuild({
      entryPoints: [join(folder, 'stranger/every-package.ts')],
      outfile: script,
      bundle: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
    })
    return node(script, [], { cwd: folder })
  },
}

const size: Step = {
  name: 'bundle-size',
  async run() {
    return sizeOf(await bundleWithEsbuild(await moons(), 'moons'))
  },
}

function sizeOf(script: string): Outcome {
  const bytes = gzipSync(script, { level: 9 }).length
  const kilobytes = (n: number): string => `${(n / 1024).toFixed(1)} KB`
  return {
    ok: bytes <= sizeCeiling,
    note: `${kilobytes(bytes)} gzipped, at most ${kilobytes(sizeCeiling)} (${kilobytes(script.length)} minified)`,
  }
}

const wasmSize: Step = {
  name: 'wasm-size',
  run: async () => sizeOf(await bundleWithEsbuild(await inWasm(), 'network')),
}

/** Where there is no WebAssembly, or the page forbids it, the same network learns without. */
const wasmBundle: Step = {
  name: 'wasm-in-page',
  async run() {
    const script = await bundleWithEsbuild(await inWasm(), 'network')
    const counting = `(() => {
      let made = 0
      const { Instance } = WebAssembly
      WebAssembly.Instance = class { constructor(...args) { made++; return new Instance(...args) } }
      return [network.train(60), made]
    })()`
    const outcomes = [true, false].map((wasmAllowed) => {
      const evalAllowed = wasmAllowed
      const [losses, made] = runInPage(script, counting, { evalAllowed, wasmAllowed }) as [
        number[],
        number,
      ]
      return { learns: losses.at(-1)! < 0.5 * losses[0]!, made, loss: losses.at(-1)!.toFixed(4) }
    })
    const [having, lacking] = outcomes as [(typeof outcomes)[0], (typeof outcomes)[0]]
    const note = `loss ${having.loss} by ${having.made} modules, ${lacking.loss} without`
    return having.learns && lacking.learns && having.made > 0
      ? { ok: true, note }
      : failure(`it doesn't learn, or without WebAssembly: ${note}`)
  },
}

const esbuildBundle: Step = {
  name: 'esbuild-in-page',
  run: async () => learns(await bundleWithEsbuild(await moons(), 'moons')),
}

const viteBundle: Step = {
  name: 'vite-in-page',
  run: async () => learns(await bundleWithVite(await moons(), 'moons')),
}

const strictPage: Step = {
  name: 'page-without-eval',
  run: async () => learns(await bundleWithEsbuild(await moons(), 'moons'), { evalAllowed: false }),
}

const dataBundle: Step = {
  name: 'data-in-page',
  async run() {
    const entry = join(await strangersCode(), 'stranger/points.ts')
    const script = await bundleWithEsbuild(entry, 'points')
    const found = JSON.stringify(runInPage(script, 'points.shapes()', { evalAllowed: true }))
    return found === '[[4,2],[4],[3,2]]' ? { ok: true } : failure(`the shapes are ${found}`)
  },
}

export const bundles: readonly Step[] = [
  plainNode,
  size,
  wasmSize,
  wasmBundle,
  esbuildBundle,
  viteBundle,
  strictPage,
  dataBundle,
]

async function moons(): Promise<string> {
  return join(await strangersCode(), 'stranger/moons.ts')
}

async function inWasm(): Promise<string> {
  return join(await strangersCode(), 'stranger/in-wasm.ts')
}

/** A wrong `sideEffects` shows here: the methods would be missing. */
function learns(script: string, { evalAllowed } = { evalAllowed: true }): Outcome {
  const losses = runInPage(script, 'moons.train(100)', { evalAllowed }) as number[]
  const [first, last] = [losses[0]!, losses.at(-1)!]
  const note = `loss ${first.toFixed(3)} to ${last.toFixed(3)}`
  return last < 0.5 * first ? { ok: true, note } : failure(`it doesn't learn: ${note}`)
}
