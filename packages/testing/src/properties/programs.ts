import { stack, vmap, type Tensor } from '@gradtape/core'
import fc from 'fast-check'
import { programs, type ProgramsConstraints } from '../arbitraries/programs.ts'
import { gradcheck, gradgradcheck } from '../gradcheck.ts'
import type { GradcheckOptions } from '../gradcheck/options.ts'
import { GradcheckError } from '../gradcheck/report.ts'
import type { Program } from '../programs/program.ts'
import { direction } from './direction.ts'
import { expectEqual } from './laws.ts'
import type { CheckOptions } from './op-property.ts'

/** Something that holds of every program. */
export interface ProgramProperty {
  readonly law: string
  /** @throws {Error} with the shrunk program as code, and the seed and path that repeat it. */
  check(options?: CheckOptions & ProgramsConstraints): void
}

/** Kinks of the ops are far, but not those of what relu and the like have flattened. */
const OPTIONS: GradcheckOptions = { fastMode: true, checkForwardAd: true, maxKinks: 1_000 }

/** What differences can't tell is no failure here, as programs may be steep. */
function decided(check: () => void): void {
  try {
    check()
  } catch (error) {
    fc.pre(!(error instanceof GradcheckError && error.reason === 'undecided'))
    throw error
  }
}

/** How far apart the examples of a batch are: little, so that all stay in the domains of the ops. */
const APART = 1e-3

/** Sums over a batch may run in another order, and steep programs make more of it. */
const RTOL = 1e-9

const laws: Readonly<Record<string, (program: Program) => void>> = {
  'first order': ({ run, inputs }) => decided(() => gradcheck(run, [...inputs], OPTIONS)),
  'second order': ({ run, inputs }) => decided(() => gradgradcheck(run, [...inputs], OPTIONS)),
  'vmap as a loop': ({ run, inputs }) => {
    const batch = [0, 1].map((b) =>
      inputs.map((x, k) => x.detach().add(direction(x, k).mul(b * APART)) as Tensor),
    )
    const given = inputs.map((_, k) => stack(batch.map((xs) => xs[k]!)))
    const each = batch.map((xs) => run(...xs))
    const loop = each[0]!.map((_, k) => stack(each.map((ys) => ys[k]!)))
    expectEqual(vmap(run)(...given), loop, 'of vmap', 'of a loop', RTOL)
  },
}

/**
 * What must hold of random programs: gradients of first and second order by differences and by the
 * adjoint identity with forward mode, and the same results at once for a batch as one after the other.
 */
export function programProperties(): readonly ProgramProperty[] {
  return Object.entries(laws).map(([law, holds]) => ({
    law,
    check({ numRuns = 100, seed, path, ...constraints } = {}) {
      const run = fc.check(fc.property(programs(constraints), holds), {
        numRuns,
        ...(seed !== undefined && { seed }),
        ...(path !== undefined && { path }),
      })
      if (!run.failed) return
      const program = run.counterexample?.[0]
      const error = run.errorInstance
      const reason =
        error instanceof Error ? error.message : `${run.numSkips} were too steep to tell`
      throw new Error(
        `programs, ${law}: failed after ${run.numRuns} programs; { seed: ${run.seed}, path: '${run.counterexamplePath ?? ''}' } repeats it, ` +
          `shrunk ${run.numShrinks} times:\n${program?.code() ?? ''}\n${reason}`,
        { cause: error },
      )
    },
  }))
}
