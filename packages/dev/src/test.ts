// `npm test`: every check of the repository, one after the other and to the end. With names
// (`npm test -- lint sizes`) only those. The last line is the sum of all tests and checks.
import { runSteps } from './run-steps.ts'
import { build } from './steps/build.ts'
import { lockfile } from './steps/lockfile.ts'
import { packedSteps } from './steps/packed.ts'
import { sizes } from './steps/sizes.ts'
import { format, lint } from './steps/style.ts'
import { instantiations, types } from './steps/types.ts'
import { vitest } from './steps/vitest.ts'
import type { Step } from './step.ts'

const steps: readonly Step[] = [
  lockfile,
  build,
  types,
  instantiations,
  lint,
  format,
  sizes,
  vitest,
  ...packedSteps,
]

await runSteps(steps, process.argv.slice(2))
