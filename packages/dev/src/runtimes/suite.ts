import { install } from '../packed/install.ts'
import { failure, type Outcome, type Step } from '../step.ts'
import { bundleTests } from './bundle.ts'
import { findChromium, visit } from './chromium.ts'
import type { Environment } from './inside/run.ts'
import { mainOf, type Program } from './programs.ts'

/** Longer than all tests take in any of them. */
const MINUTES = 20

let made: Promise<string> | undefined

/** One bundle for all, whoever asks first. */
async function bundled(): Promise<{ folder: string; bundle: string }> {
  const { folder } = await install()
  made ??= bundleTests(folder)
  return { folder, bundle: await made }
}

/** A step that could not be taken: it counts as skipped, never as passed. */
export function notTaken(why: string): Outcome {
  return { ok: true, note: `skipped: ${why}`, counts: { passed: 0, failed: 0, skipped: 1 } }
}

/** The tests in a program, told of which files. */
export function suiteIn(program: Program, only?: string): Step {
  return {
    name: program.name,
    async run() {
      const version = await program.version()
      if (version === null) return notTaken(`there is no ${program.name} to be had`)
      const { folder, bundle } = await bundled()
      const { without } = program
      const main = mainOf(folder, bundle, { wasm: true, evaluation: true, only, without })
      const { ok, output } = await program.run(main, folder, MINUTES)
      return outcomeOf(output, ok, version)
    },
  }
}

/** The tests in a page of Chromium, whose policy forbids some. */
export function suiteInPage(
  name: string,
  environment: Environment,
  policy: string | undefined,
): Step {
  return {
    name,
    async run() {
      const chromium = findChromium()
      if (chromium === null) return notTaken('there is no Chromium; CHROMIUM may name one')
      const { bundle } = await bundled()
      const scripts = { 'suite.mjs': bundle, 'page.js': pageOf(environment) }
      let printed = ''
      let error = ''
      const { ok, why } = await visit(
        chromium.program,
        { scripts, policy },
        (posted) => {
          const { lines = '', end, failed } = JSON.parse(posted) as Posted
          printed += `${lines}\n`
          if (failed !== undefined) error = failed
          return end === true
        },
        MINUTES,
      )
      const output = ok ? `${printed}${error}` : `${printed}\nthe page did not end\n${why}`
      return outcomeOf(output, ok && error === '', chromium.version)
    },
  }
}

/** What a page says, again and again. */
interface Posted {
  readonly lines?: string
  /** What it threw. */
  readonly failed?: string
  readonly end?: boolean
}

const pageOf = (environment: Environment): string => `
const post = (what) => fetch('/', { method: 'POST', body: JSON.stringify(what) })
let failed
try {
  const { suite } = await import('/suite.mjs')
  await suite(${JSON.stringify(environment)}, (lines) => post({ lines }))
} catch (error) {
  failed = String(error) + '\\n' + error?.stack
}
await post({ failed, end: true })
`

/** By the lines that were printed: the sum, and what failed with all that was said of it. */
function outcomeOf(output: string, ended: boolean, version: string): Outcome {
  const sum = [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1)
  if (sum === undefined) return failure(`it came to no end:\n${output.slice(-4000)}`)
  const [passed, failed, skipped] = sum.slice(1).map(Number) as [number, number, number]
  const counts = { passed, failed, skipped }
  const note = `${passed} passed, ${failed} failed, ${skipped} skipped: ${version}`
  const found = output.matchAll(/^✗ .*\n(?:(?![✓✗-] |\d+ passed).*\n)*/gm)
  if (ended && failed === 0 && passed > 0) return { ok: true, note, counts }
  const told = [...found].map(([text]) => text).join('')
  return {
    ok: false,
    note,
    counts: { ...counts, failed: Math.max(1, failed) },
    output: told || output.slice(-4000),
  }
}
