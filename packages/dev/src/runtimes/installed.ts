import { join } from 'node:path'
import { build as esbuild } from 'esbuild'
import { strangersCode } from '../packed/stranger.ts'
import { failure, type Step } from '../step.ts'
import type { Program } from './programs.ts'
import { notTaken } from './suite.ts'

/**
 * The packages from a node_modules folder, by the conditions of their exports that a program takes: in
 * Node, and in what stands in for it, those bring worker threads.
 */
export function installedIn(program: Program): Step {
  return {
    name: `${program.name}-installed`,
    async run() {
      const version = await program.version()
      if (version === null) return notTaken(`there is no ${program.name} to be had`)
      const folder = await strangersCode()
      const said = [version]
      for (const name of ['every-package', 'large-products']) {
        const script = join(folder, `${name}.mjs`)
        // oxlint-disable-next-line no-await-in-loop
        await esbuild({
          entryPoints: [join(folder, `stranger/${name}.ts`)],
          outfile: script,
          bundle: true,
          packages: 'external',
          format: 'esm',
          platform: 'node',
        })
        // oxlint-disable-next-line no-await-in-loop
        const { ok, output } = await program.run(script, folder, 1)
        if (!ok) return failure(`${name}:\n${output}`)
        said.push(output.trim().split('\n').at(-1)!)
      }
      return { ok: true, note: said.join('; ') }
    },
  }
}
