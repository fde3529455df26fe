// `npm run bench`: bundles the benchmark and runs the bundle in plain Node. Run from its sources it would
// time the loader's helpers too, which name every inner function anew at each call.
import { rmSync } from 'node:fs'
import { build } from 'esbuild'
import { command } from './command.ts'
import { inRoot } from './root.ts'

// Beside the sources, because the Python worker is found relative to the program.
const bundle = inRoot('packages/dev/bench/.bundle.mjs')
try {
  await build({
    entryPoints: [inRoot('packages/dev/bench/index.ts')],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@gradtape/source'],
  })
  const { ok } = await command(process.execPath, [bundle], { show: true })
  process.exitCode = ok ? 0 : 1
} finally {
  rmSync(bundle, { force: true })
}
