import { RandomGenerator, type Tensor } from '@gradtape/core'
import { checkBatched } from './gradcheck/batched.ts'
import { checkCotangents } from './gradcheck/cotangents.ts'
import { restoring } from './gradcheck/directions.ts'
import { compareEntries } from './gradcheck/entries.ts'
import { checkFloat32 } from './gradcheck/float32.ts'
import { checkForward } from './gradcheck/forward.ts'
import { isLarge } from './gradcheck/jacobian.ts'
import { concludeFrom } from './gradcheck/large.ts'
import { checkLayouts } from './gradcheck/layouts.ts'
import { checkOptions, type GradcheckOptions, type Settings } from './gradcheck/options.ts'
import {
  checkInputs,
  firstOrder,
  offTheTape,
  secondOrder,
  type Problem,
} from './gradcheck/problem.ts'
import { projectionsOf } from './gradcheck/projections.ts'
import { checkRepeats } from './gradcheck/repeats.ts'
import { repeated } from './gradcheck/repeat.ts'
import { GradcheckError } from './gradcheck/report.ts'

/**
 * Checks the gradients of `f`, which returns a tensor, or arrays and objects of them: whether they are
 * the derivatives of its values. For a function that is right in other ways, too, all of this holds:
 *
 * - Every entry of the Jacobian by the tape is that by central differences of two steps, extrapolated
 *   to a step of 0 ([Richardson](https://doi.org/10.1098/rsta.1911.0009)): they differ by at most
 *   `atol + rtol · |expected|` and what the extrapolation corrected. Steps grow with the element;
 *   where one is too wide or too narrow, others are tried. At a kink any slope between those of both
 *   sides passes, at `maxKinks` elements; where more than two elements tie in an order, as of `sort`, moving
 *   one alone tells nothing of the others. With `fastMode`, or from some 2,000 elements on, a few random projections
 *   are compared, `⟨v, J u⟩` with `⟨Jᵀ v, u⟩`, and where one is wrong an entry is looked for.
 * - Runs and backward passes repeat.
 * - Pullbacks are linear in the cotangent, in any layout, and strided inputs give what their copies give.
 * - Forward mode is the adjoint of reverse mode, which takes no differences.
 * - With float32 inputs: the above for their copies in float64, and the float32 gradients are near
 *   those of float64.
 *
 * Inputs are changed in place while differences are taken, and restored; so `f` may use float64 inputs
 * from outside instead of as arguments, as a layer does its parameters. Layouts, forward mode and float32
 * are checked for arguments only.
 *
 * @returns true; false when gradients are wrong and `raiseException` is false.
 * @throws {GradcheckError} naming the derivative that is farthest off, what those that are wrong have in
 * common, and how to repeat it.
 * @throws {DTypeError} when an input is neither float64 nor float32, or an output is not as precise.
 * @throws {GradientError} when there is no input, an input requires no gradient or shares memory
 * between its elements, or no output depends on an input.
 * @throws {ValueError} for an option out of its range, or an unknown one.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { gradcheck } from '@gradtape/testing'
 *
 * const x = tensor([0.5, -1, 2], { dtype: 'float64', requiresGrad: true })
 * console.log(gradcheck((a) => a.tanh(), [x])) // → true
 * ```
 */
export function gradcheck<I extends Tensor[]>(
  f: (...inputs: NoInfer<I>) => object,
  inputs: readonly [...I],
  options: GradcheckOptions = {},
): boolean {
  const make = (where: string, xs: readonly Tensor[]): Problem => {
    const problem = firstOrder(where, f, xs)
    if (!problem.evaluate(xs, true).some((y) => y.requiresGrad)) throw offTheTape(where)
    return problem
  }
  return check('gradcheck', f, inputs, options, make)
}

/**
 * Checks the gradients of the gradients of `f`, as {@link gradcheck} does the first: the pullback of
 * random cotangents is itself a function of inputs and cotangents, and is checked as one.
 * Options, results and errors are those of {@link gradcheck}.
 */
export function gradgradcheck<I extends Tensor[]>(
  f: (...inputs: NoInfer<I>) => object,
  inputs: readonly [...I],
  options: GradcheckOptions = {},
): boolean {
  const { seed = 0 } = options
  return check('gradgradcheck', f, inputs, options, (where, xs) => secondOrder(where, f, xs, seed))
}

function check(
  name: string,
  f: { readonly name: string },
  inputs: readonly Tensor[],
  options: GradcheckOptions,
  make: (where: string, inputs: readonly Tensor[]) => Problem,
): boolean {
  const settings = checkOptions(name, options)
  checkInputs(name, inputs)
  const where = /^\w+$/.test(f.name) ? `${name} of ${f.name}` : name
  try {
    const singles = inputs.some(({ dtype }) => dtype === 'float32')
    const doubles = singles ? inputs.map((x) => x.detach().double().requiresGrad_()) : inputs
    const double = make(where, doubles)
    checkDouble(double, settings)
    if (singles) {
      checkFloat32(
        { single: make(where, inputs), double },
        settings,
        new RandomGenerator(settings.seed),
      )
    }
    return true
  } catch (error) {
    if (!(error instanceof GradcheckError)) throw error
    if (!settings.raiseException) return false
    throw repeated(error, name, inputs, options)
  }
}

function checkDouble(problem: Problem, settings: Settings): void {
  const { inputs } = problem
  const { nondetTol } = settings
  const generator = new RandomGenerator(settings.seed)
  const outputs = problem.evaluate(inputs, true)
  checkRepeats(problem, outputs, nondetTol, generator)
  restoring(inputs, () => {
    const large = isLarge(inputs, outputs)
    if (large || settings.fastMode) {
      const projections = projectionsOf(problem, settings, generator)
      if (large) return concludeFrom(projections, problem, settings)
      if (projections.every(({ says }) => says === 'right')) return
    }
    compareEntries(problem, settings)
  })
  const after = problem.evaluate(inputs, true)
  checkCotangents(problem, after, nondetTol, generator)
  checkLayouts(problem, after, nondetTol, generator)
  if (settings.checkForwardAd !== false) {
    checkForward(problem, after, settings.checkForwardAd === true, generator)
  }
  if (settings.checkBatchedGrad) checkBatched(problem, after, nondetTol, generator)
}
