import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { build, context, type BuildContext, type Plugin } from 'esbuild'
import { command } from '../command.ts'
import { inRoot } from '../root.ts'
import { sources, withProbes, type Mutated } from './mutants.ts'
import { FIRST_OF } from './operators.ts'

/** An op, and which of its laws; null for all. */
export type Check = readonly [op: string, laws: readonly string[] | null]

/** What a program is to do. */
export interface Work {
  /** In this order. */
  readonly checks: readonly Check[]
  /** How many cases of each, at most; never more than the tests run. */
  readonly runs: number
  /** How long it may compute. */
  readonly seconds: number
}

/** What a program found. */
export interface Verdict {
  /** The property that does not hold; null when all do. */
  readonly failed: { readonly op: string; readonly law: string; readonly message: string } | null
  /** The probes passed under each law, of a program that is watched. */
  readonly seen?: readonly (readonly [law: string, probes: readonly number[]])[]
}

/** Bundles of core, testing and the worker, with files of core changed; in a folder of their own. */
export class Programs {
  readonly folder: string
  readonly #changed: Map<string, string>
  readonly #context: BuildContext
  #last: Promise<unknown> = Promise.resolve()
  #count = 0

  private constructor(folder: string, changed: Map<string, string>, made: BuildContext) {
    this.folder = folder
    this.#changed = changed
    this.#context = made
  }

  static async open(): Promise<Programs> {
    const folder = mkdtempSync(join(tmpdir(), 'gradtape-mutants-'))
    // It is the same in all of them.
    const fastCheck = join(folder, 'fast-check.mjs')
    await build({
      stdin: {
        contents: "export * from 'fast-check'; export { default } from 'fast-check'",
        resolveDir: inRoot('packages/testing'),
      },
      outfile: fastCheck,
      bundle: true,
      format: 'esm',
      platform: 'node',
    })
    const changed = new Map<string, string>()
    const made = await context({
      entryPoints: [inRoot('packages/dev/src/mutation/worker.ts')],
      bundle: true,
      format: 'esm',
      platform: 'node',
      conditions: ['@gradtape/source'],
      write: false,
      logLevel: 'silent',
      plugins: [exchanging(changed, fastCheck)],
    })
    return new Programs(folder, changed, made)
  }

  /** The program with these files (below core's sources) in place of core's. */
  async make(changed: Readonly<Record<string, string>>, banner = ''): Promise<string> {
    const path = join(this.folder, `program-${this.#count++}.mjs`)
    const made = this.#last.then(async () => {
      this.#changed.clear()
      for (const [file, text] of Object.entries(changed)) this.#changed.set(file, text)
      const { outputFiles } = await this.#context.rebuild()
      writeFileSync(path, banner + outputFiles![0]!.text)
    })
    // One after the other; one that can't be built holds up none.
    this.#last = made.catch(() => {})
    await made
    return path
  }

  /** The program that says which probes its work passes. */
  makeWatched(files: readonly Mutated[], probes: number): Promise<string> {
    const texts = Object.fromEntries(files.map((file) => [file.file, withProbes(file)]))
    const banner =
      `globalThis.__seen = new Uint8Array(${probes})\n` +
      'const __hit = (id) => { globalThis.__seen[id] = 1 }\n'
    return this.make(texts, banner)
  }

  async close(): Promise<void> {
    await this.#context.dispose()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Puts the changed files in the place of core's. */
function exchanging(changed: ReadonlyMap<string, string>, fastCheck: string): Plugin {
  return {
    name: 'exchanging',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^fast-check$/ }, () => ({ path: fastCheck, external: true }))
      onLoad({ filter: /core[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
        const text = changed.get(relative(sources, path).split(sep).join('/'))
        return { loader: 'ts', contents: text === undefined ? readFileSync(path) : runnable(text) }
      })
    },
  }
}

/** With what a change may call. */
export function runnable(text: string): string {
  if (!text.includes(FIRST_OF)) return text
  const file = JSON.stringify(inRoot('packages/dev/src/mutation/first.ts'))
  return `${text}\nimport { firstOf as ${FIRST_OF} } from ${file}\n`
}

/** Lets a program do its work. One that ends early, or not in time, has failed. */
export async function run(program: string, work: Work): Promise<Verdict> {
  const { ok, output } = await command(process.execPath, [program, JSON.stringify(work)], {
    minutes: 60,
  })
  const last = output.trim().split('\n').at(-1)!
  if (ok && last.startsWith('{')) return JSON.parse(last) as Verdict
  const law = output === '' ? 'ends in time' : 'loads'
  const message = /^\w*Error.*$/m.exec(output)?.[0] ?? output
  return { failed: { op: '', law, message } }
}
