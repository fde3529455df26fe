// Runs test files with vitest's own runner wherever this is bundled for: in a page, in Deno, in Bun.
import '@gradtape/core/wasm'
import '@gradtape/core/wasm/rows'
import fc from 'fast-check'
import { startTests } from 'vitest/internal/browser'
import { expected, type Expected } from './expected.ts'

type Runner = Parameters<typeof startTests>[1]
type File = Awaited<ReturnType<typeof startTests>>[0]
type Task = File['tasks'][0]

/** Files of tests by their names: loading one declares its tests. */
export type TestFiles = Readonly<Record<string, () => Promise<unknown>>>

/** By the name of a file, a pattern of the names of those of its tests that are not run. */
export type LeftOut = Readonly<Record<string, RegExp>>

export interface Environment extends Expected {
  /** A pattern of the names of the files that are run; all unless given. */
  readonly only?: string
  /** A pattern of the names of files whose tests are skipped. */
  readonly without?: string
}

/** Runs every test, prints a line for each and then the sum. */
export async function run(
  files: TestFiles,
  leftOut: LeftOut,
  environment: Environment,
  print: (lines: string) => unknown,
): Promise<{ failed: number }> {
  const { wasm, evaluation } = environment
  Object.assign(expected, { wasm, evaluation })
  // The same cases wherever it runs.
  fc.configureGlobal({ seed: 1 })
  // What `expect` and `vi` ask vitest's worker for.
  Object.assign(globalThis, {
    __vitest_worker__: { config: { expect: {} }, evaluatedModules: { idToModuleMap: new Map() } },
  })
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const only = new RegExp(environment.only ?? '')
  const without = new RegExp(environment.without ?? '(?!)')
  for (const filepath of Object.keys(files).filter((name) => only.test(name))) {
    const left = without.test(filepath) ? /^/ : leftOut[filepath]
    const testNamePattern = left && new RegExp(`^(?!.*(?:${left.source}))`)
    // One after the other, so that what is printed tells how far it is.
    // oxlint-disable-next-line no-await-in-loop
    const [file] = await startTests([{ filepath, testNamePattern }], runnerOf(files))
    // oxlint-disable-next-line no-await-in-loop
    await print(outcomesOf(file!, filepath, counts).join('\n'))
  }
  const { passed, failed, skipped } = counts
  await print(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  return counts
}

const MINUTE = 60_000

function runnerOf(files: TestFiles): Runner {
  return {
    config: {
      root: '/',
      name: undefined,
      setupFiles: [],
      passWithNoTests: false,
      testNamePattern: undefined,
      allowOnly: false,
      sequence: { hooks: 'stack', setupFiles: 'list', seed: 1 },
      chaiConfig: undefined,
      maxConcurrency: 1,
      testTimeout: 5 * MINUTE,
      hookTimeout: MINUTE,
      retry: 0,
      includeTaskLocation: false,
      tags: [],
      tagsFilter: undefined,
      strictTags: false,
    },
    importFile: (path) => files[path]!(),
  }
}

/** A line for each test, and one for what went wrong outside of tests. */
function outcomesOf(
  task: File | Task,
  name: string,
  counts: { passed: number; failed: number; skipped: number },
): string[] {
  const found = task.result?.errors ?? []
  const errors = found.map(({ message, stack }) => `${message}\n${stack ?? ''}`.trim())
  if (task.type === 'suite') {
    if (errors.length > 0) counts.failed++
    return [
      ...errors.map((error) => `✗ ${name}\n${error.replace(/^/gm, '    ')}`),
      ...task.tasks.flatMap((inner) => outcomesOf(inner, `${name} > ${inner.name}`, counts)),
    ]
  }
  if (task.mode === 'skip' || task.mode === 'todo' || task.result?.state === 'skip') {
    counts.skipped++
    return [`- ${name}`]
  }
  const passed = task.result?.state === 'pass'
  counts[passed ? 'passed' : 'failed']++
  return [`${passed ? '✓' : '✗'} ${name}`, ...errors.map((error) => error.replace(/^/gm, '    '))]
}
