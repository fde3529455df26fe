import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { node, tools } from '../command.ts'
import { strangersCode } from '../packed/stranger.ts'
import { inRoot } from '../root.ts'
import type { Step } from '../step.ts'

/** How a stranger may have set TypeScript up: which compiler resolves imports in which way. */
const setups = [
  { compiler: tools.tsc, resolution: 'nodenext', module: 'nodenext' },
  { compiler: tools.tsc, resolution: 'bundler', module: 'esnext' },
  { compiler: tools.tsc6, resolution: 'nodenext', module: 'nodenext' },
  { compiler: tools.tsc5, resolution: 'bundler', module: 'esnext' },
]

/** The packed declarations, read whole (`skipLibCheck: false`) from a strict project. */
export const strangersTypes: Step = {
  name: 'strangers-types',
  async run() {
    const folder = await strangersCode()
    const results = await Promise.all(
      setups.map(({ compiler, resolution, module }, i) => {
        const project = join(folder, `tsconfig.${i}.json`)
        writeFileSync(project, JSON.stringify(config(resolution, module)))
        return node(compiler, ['-p', project], { cwd: folder })
      }),
    )
    const bad = results.filter(({ ok }) => !ok)
    return {
      ok: bad.length === 0,
      note: 'TypeScript 5.9, 6.0 and 7.0',
      output: bad.map(({ output }) => output).join('\n'),
    }
  },
}

function config(moduleResolution: string, module: string): object {
  return {
    compilerOptions: {
      module,
      moduleResolution,
      target: 'es2022',
      lib: ['es2023'],
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      allowImportingTsExtensions: true,
      typeRoots: [inRoot('node_modules/@types')],
      types: ['node'],
    },
    include: ['stranger'],
  }
}
