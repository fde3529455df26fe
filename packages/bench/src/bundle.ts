import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const inBench = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Among the installed packages: it finds them from there, and nothing else looks at it. */
const folder = inBench('node_modules/.bench')

/** The program of JavaScript peers. */
export const workerFile: string = `${folder}/worker.js`

/**
 * Bundles the worker with gradtape's sources. Run from the sources, it would time the loader's helpers
 * too, which name every inner function anew at each call.
 */
export async function bundle(): Promise<void> {
  // Only now, when it has been installed.
  const { build } = await import('esbuild')
  const absent = ['core', 'nn', 'optim', 'native']
    .map((name) => `@gradtape/${name}`)
    .filter((name) => !existsSync(inBench(`node_modules/${name}/package.json`)))
  await build({
    entryPoints: [inBench('src/worker.ts')],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@gradtape/source'],
    // What is not there fails where its peer loads it.
    external: ['@tensorflow/*', '@jax-js/*', 'koffi', ...absent],
    logLevel: 'warning',
  })
}
