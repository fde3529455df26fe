import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build as esbuild } from 'esbuild'
import { node } from '../command.ts'
import { inModules, install } from '../packed/install.ts'
import { failure, type Step } from '../step.ts'

/** Two copies of core, as two versions in one tree would be, must not go unnoticed, bundled or not. */
export const secondCore: Step = {
  name: 'second-core',
  async run() {
    const { folder } = await install()
    cpSync(inModules(folder, 'core'), join(folder, 'second-core'), { recursive: true })
    const script = join(folder, 'two-cores.js')
    writeFileSync(script, "import '@gradtape/core'\nimport './second-core/dist/index.js'\n")
    const bundles = (['esm', 'iife'] as const).map((format) => ({
      format,
      outfile: join(folder, `two-cores-${format}.js`),
    }))
    for (const { format, outfile } of bundles) {
      await esbuild({ entryPoints: [script], outfile, format, bundle: true, logLevel: 'silent' })
    }

    for (const file of [script, ...bundles.map(({ outfile }) => outfile)]) {
      const { ok, output } = await node(file, [], { cwd: folder })
      if (ok) return failure(`${file} loaded two copies of core, and neither minded`)
      if (!/second copy of @gradtape\/core/.test(output)) return failure(output)
    }
    return { ok: true, note: 'refused, in one bundle too' }
  },
}
