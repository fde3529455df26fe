import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command, node, type CommandResult } from '../command.ts'
import type { Environment } from './inside/run.ts'

/** A runtime that runs a file of JavaScript. */
export interface Program {
  readonly name: string
  /** What it says of itself; null where it can't be had. */
  version(): Promise<string | null>
  /** Runs a file; what has not ended by itself after so many minutes is ended, and has failed. */
  run(file: string, cwd: string, minutes: number): Promise<CommandResult>
  /** A pattern of the files of tests that are skipped there. */
  readonly without?: string
}

/** From the registry, at the version that was tried here. */
function fromRegistry(name: string, args: readonly string[], flags: readonly string[]): Program {
  const npx = ['--yes', '--prefer-offline', ...args]
  return {
    name,
    async version() {
      const { ok, output } = await command('npx', [...npx, '--version'])
      return ok ? (/\d+\.\d+\.\d+/.exec(output)?.[0] ?? null) : null
    },
    run: (file, cwd, minutes) => command('npx', [...npx, ...flags, file], { cwd, minutes }),
  }
}

export const programs: readonly Program[] = [
  {
    name: 'node',
    version: () => Promise.resolve(process.versions.node),
    run: (file, cwd, minutes) => node(file, [], { cwd, minutes }),
  },
  fromRegistry('node-24', ['--package', 'node@24.21.0', '--', 'node'], []),
  {
    ...fromRegistry('deno', ['--package', 'deno@2.9.6', '--', 'deno'], ['run', '--allow-all']),
    // What csv-parse has for pages sets the `__proto__` of its buffers, which Deno forbids.
    without: '^data/test/csv\\.',
  },
  fromRegistry('bun', ['--package', 'bun@1.4.5', '--', 'bun'], ['run']),
]

/** A file beside the bundle that runs its tests, and fails when one does. */
export function mainOf(folder: string, bundle: string, environment: Environment): string {
  writeFileSync(join(folder, 'suite.mjs'), bundle)
  const file = join(folder, 'main.mjs')
  writeFileSync(
    file,
    `import { suite } from './suite.mjs'
const { failed } = await suite(${JSON.stringify(environment)}, (lines) => console.log(lines))
if (failed > 0) throw new Error('tests failed')
`,
  )
  return file
}
