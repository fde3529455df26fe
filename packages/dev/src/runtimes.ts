// Runs this repository's tests where people run gradtape: `npm run test:runtimes`. One bundle of the
// packed packages and the tests goes through headless Chromium under three policies, this Node, Node 24,
// Deno and Bun; those load the packages as installed, too. With names (`npm run test:runtimes -- deno`)
// only those; `--tests tier` takes only the files of tests whose names hold that pattern.
import { parseArgs } from 'node:util'
import { runSteps } from './run-steps.ts'
import { importTime } from './runtimes/import-time.ts'
import { installedIn } from './runtimes/installed.ts'
import { programs } from './runtimes/programs.ts'
import { suiteIn, suiteInPage } from './runtimes/suite.ts'

const { values, positionals } = parseArgs({
  options: { tests: { type: 'string' } },
  allowPositionals: true,
})
const only = values.tests
/** Tests of the kernels in WebAssembly themselves. */
const kernelTests = '^core/test/wasm/'
const all = { wasm: true, evaluation: true, only }

await runSteps(
  [
    suiteInPage('chromium', all, undefined),
    suiteInPage(
      'chromium-no-eval',
      { ...all, evaluation: false },
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
    ),
    suiteInPage(
      'chromium-strict',
      { ...all, evaluation: false, wasm: false, without: kernelTests },
      "default-src 'self'; script-src 'self'",
    ),
    importTime,
    ...programs.map((program) => suiteIn(program, only)),
    ...programs.map((program) => installedIn(program)),
  ],
  positionals,
)
