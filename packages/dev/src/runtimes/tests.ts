import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from '../root.ts'

const folders = ['core/test', 'nn/test', 'optim/test', 'data/test', 'testing/test', 'dev/test']

/** Test files, and folders of them, that stay in Node, and why. */
const nodeOnly: Readonly<Record<string, string>> = {
  'core/test/errors/two-copies.test.ts': 'starts Node',
  'core/test/printing.test.ts': "asks Node's inspect",
  'core/test/types.test.ts': 'starts the compiler',
  'core/test/types': 'types only',
  'core/test/wasm/threads.test.ts':
    'worker threads; the packages as installed have a check of theirs',
  'core/test/wasm/windows.test.ts': 'loads modules anew',
  'core/test/wasm/gemm.test.ts': 'loads modules anew',
  'nn/test/mistakes.test.ts': 'starts the compiler',
  'nn/test/module/repr.test.ts': "asks Node's inspect",
  'nn/test/types': 'types only',
  'optim/test/types': 'types only',
  'data/test/async-loader.test.ts': "Node's setImmediate",
  'data/test/fuzz': 'files',
  'data/test/node': 'files',
  'data/test/npy': 'files',
  'data/test/safetensors/read.test.ts': 'files',
  'data/test/state-dict.test.ts': 'files',
  'data/test/weighted-sampler-edges.test.ts': 'puts another module in the place of core',
  'data/test/written.test.ts': "Node's crypto",
  'testing/test/mistakes': 'as long as all others together',
  'testing/test/op-table': 'the laws are tried with fewer cases instead',
  'testing/test/vitest-matcher.test.ts': "adds to vitest's own expect",
}

/** What is run of `dev/test`, where most tests are of this repository itself. */
const ofDev = /^dev\/test\/(networks\/|derived-gradients|notices)/

/** Files of tests that run wherever core does, in the order of their names. */
export function portableTests(): string[] {
  const tests = folders.flatMap((folder) =>
    readdirSync(inRoot('packages', folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => join(folder, file).replaceAll('\\', '/')),
  )
  const kept = tests.filter((test) => !staysInNode(test))
  return kept.filter((test) => !test.startsWith('dev/') || ofDev.test(test)).toSorted()
}

const staysInNode = (test: string): boolean =>
  Object.keys(nodeOnly).some((left) => test === left || test.startsWith(`${left}/`))

/** Tests of a file that are left out, by a pattern of their names, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  // The lines of sources, which a bundle has lost.
  'core/test/debug/anomaly.test.ts':
    'first op of the forward pass|with the line of the forward one|which pass freed',
  'core/test/debug/record.test.ts': 'executed as a program|the line that called|as called where',
  // Loads modules anew.
  'core/test/wasm/formulas.test.ts': 'without WebAssembly',
  // The names of functions and variables, which a bundle changes.
  'testing/test/gradcheck.test.ts': 'the entry that is farthest off',
  'testing/test/programs.test.ts': 'can be pasted as code',
  // Make functions from text themselves.
  'testing/test/arbitraries/tensors.test.ts': 'can be pasted as code',
  'testing/test/gradcheck/report.test.ts': 'how to repeat it',
}
