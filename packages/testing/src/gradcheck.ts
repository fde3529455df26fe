import {
  DTypeError,
  enableGrad,
  GradientError,
  gradients,
  isTensor,
  rand,
  RandomGenerator,
  treeLeaves,
  ValueError,
  zerosLike,
  type Tensor,
} from '@gradtape/core'
import { differences, sharesMemory } from './differences.ts'
import { GradcheckError, Report } from './report.ts'

export interface GradcheckOptions {
  /**
   * The step of the differences, in proportion to elements above 1; 1e-4 unless given. It is wider
   * than PyTorch's, as two steps are extrapolated.
   */
  readonly eps?: number
  /** What derivatives may differ by; 1e-8 unless given. */
  readonly atol?: number
  /** What they may differ by in proportion to the derivative by differences; 1e-7 unless given. */
  readonly rtol?: number
  /** Whether a wrong gradient throws or makes the check return false; true unless given. */
  readonly raiseException?: boolean
  /** Chooses the random cotangents, with which the outputs are weighted; 0 unless given. */
  readonly seed?: number
}

const defaults: Required<GradcheckOptions> = {
  eps: 1e-4,
  atol: 1e-8,
  rtol: 1e-7,
  raiseException: true,
  seed: 0,
}

/** What is checked: a function as it runs now, and the tensors by which it is differentiated. */
interface Problem {
  readonly where: string
  /** Named, with the tensors that are changed in place. */
  readonly inputs: readonly (readonly [name: string, x: Tensor])[]
  /** The outputs to differentiate; recorded where `createGraph` says so. */
  evaluate(createGraph: boolean): readonly Tensor[]
}

/**
 * Checks the gradients of `f`, which returns a tensor, or arrays and objects of them, against
 * differences of its values. The float outputs are weighted by random cotangents, and every
 * derivative of the weighted sum by an element of an input is compared: by the tape with one backward
 * pass, by central differences at two steps, extrapolated. Two derivatives agree when they differ by
 * at most `atol + rtol · |expected|` and what the extrapolation corrected.
 *
 * The inputs are changed in place while differences are taken, and restored; so `f` may use them
 * from outside instead of as arguments, as a layer does its parameters. `f` must be smooth within a
 * step of the inputs, and give the same values each time.
 *
 * @returns true; false when gradients are wrong and `raiseException` is false.
 * @throws {GradcheckError} naming the derivative that is farthest off.
 * @throws {DTypeError} when an input or float output is not float64: differences need its digits.
 * @throws {GradientError} when there is no input, an input requires no gradient or shares memory
 * between its elements, or no output depends on an input.
 * @throws {ValueError} for an option out of its range, or an unknown one.
 */
export function gradcheck<I extends Tensor[]>(
  f: (...inputs: NoInfer<I>) => object,
  inputs: readonly [...I],
  options: GradcheckOptions = {},
): boolean {
  const where = 'gradcheck'
  const settings = checkOptions(where, options)
  checkInputs(where, inputs)
  const evaluate = (): readonly Tensor[] => outputsOf(where, f, inputs)
  if (!evaluate().some((y) => y.requiresGrad)) throw offTheTape(where)
  return check({ where, inputs: named(inputs, 'input'), evaluate }, settings)
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
  const where = 'gradgradcheck'
  const settings = checkOptions(where, options)
  checkInputs(where, inputs)
  const recorded = (): readonly Tensor[] =>
    outputsOf(where, f, inputs).filter((y) => y.requiresGrad)
  const outputs = recorded()
  if (outputs.length === 0) throw offTheTape(where)
  const cotangents = randomCotangents(outputs, settings.seed + 1)
  for (const ct of cotangents) ct.requiresGrad_()
  return check(
    {
      where,
      inputs: [...named(inputs, 'input'), ...named(cotangents, 'cotangent of output')],
      evaluate: (createGraph) =>
        gradients(recorded(), inputs, {
          gradOutputs: cotangents,
          createGraph,
          retainGraph: true,
          allowUnused: true,
        }).map((gradient, i) => gradient ?? zerosLike(inputs[i]!)),
    },
    settings,
  )
}

function check(problem: Problem, options: Required<GradcheckOptions>): boolean {
  const { where, inputs } = problem
  const outputs = problem.evaluate(true)
  const cotangents = randomCotangents(outputs, options.seed)
  const recorded = outputs.map((_, i) => i).filter((i) => outputs[i]!.requiresGrad)
  const found = gradients(
    recorded.map((i) => outputs[i]!),
    inputs.map(([, x]) => x),
    {
      gradOutputs: recorded.map((i) => cotangents[i]!),
      retainGraph: true,
      allowUnused: true,
    },
  )
  const report = new Report()
  const weights = cotangents.map((ct) => ct.data)
  inputs.forEach(([name, x], i) => {
    const gradient = found[i] ?? null
    if (gradient !== null) checkForm(where, name, x, gradient)
    const by = differences(() => problem.evaluate(false), weights, x, options.eps)
    report.compare(name, x, gradient, by, options)
  })
  try {
    report.conclude(where, options.seed)
    return true
  } catch (error) {
    if (options.raiseException || !(error instanceof GradcheckError)) throw error
    return false
  }
}

/** @throws {GradientError} when a rule gave a gradient of another shape or dtype than its input. */
function checkForm(where: string, name: string, x: Tensor, gradient: Tensor): void {
  const form = ({ dtype, shape }: Tensor): string => `${dtype} [${shape.join(', ')}]`
  if (form(gradient) !== form(x)) {
    throw new GradientError(
      `${where}: the gradient of ${name} is ${form(gradient)}, but the input is ${form(x)}`,
    )
  }
}

/** Away from 0, of both signs, so that no output is overlooked. */
function randomCotangents(outputs: readonly Tensor[], seed: number): Tensor[] {
  const generator = new RandomGenerator(seed)
  return outputs.map(({ shape }) => {
    const u = rand(shape, { dtype: 'float64', generator }).sub(0.5)
    return u.add(u.sign()) as Tensor
  })
}

function named(tensors: readonly Tensor[], what: string): [string, Tensor][] {
  return tensors.map((x, i) => [`${what} ${i}`, x])
}

function outputsOf<I extends Tensor[]>(
  where: string,
  f: (...inputs: I) => object,
  inputs: readonly [...I],
): readonly Tensor[] {
  const result = enableGrad(() => f(...inputs))
  const outputs = treeLeaves(result).filter(({ dtype }) => dtype.startsWith('float'))
  if (outputs.length === 0) {
    throw new GradientError(
      `${where}: the function returned no float tensor; expected a tensor, or arrays and objects of them`,
    )
  }
  const single = outputs.find(({ dtype }) => dtype !== 'float64')
  if (single !== undefined) {
    throw new DTypeError(
      `${where}: an output of shape [${single.shape.join(', ')}] has dtype ${single.dtype}; differences need the digits of float64`,
    )
  }
  return outputs
}

function offTheTape(where: string): GradientError {
  return new GradientError(
    `${where}: no output requires gradients: the function does not use the inputs, or detaches them`,
  )
}

function checkInputs(where: string, inputs: readonly Tensor[]): void {
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new GradientError(`${where}: expected an array of at least one input`)
  }
  inputs.forEach((x: unknown, i) => {
    if (!isTensor(x)) throw new DTypeError(`${where}: input ${i} is no tensor`)
    const what = `${where}: input ${i} of shape [${x.shape.join(', ')}]`
    if (x.dtype !== 'float64') {
      throw new DTypeError(
        `${what} has dtype ${x.dtype}; differences need the digits of float64: make it with { dtype: 'float64' }`,
      )
    }
    if (!x.requiresGrad) {
      throw new GradientError(
        `${what} requires no gradient; make it with { requiresGrad: true }, or let the function use it from outside`,
      )
    }
    if (sharesMemory(x)) {
      throw new GradientError(
        `${what} was expanded, and its elements can't be changed one by one; pass what it was expanded from, and expand it in the function`,
      )
    }
  })
}

function checkOptions(where: string, options: GradcheckOptions): Required<GradcheckOptions> {
  for (const key of Object.keys(options)) {
    if (!(key in defaults)) {
      throw new ValueError(
        `${where}: there is no option '${key}'; there are ${Object.keys(defaults).join(', ')}`,
      )
    }
  }
  const settings = { ...defaults, ...options }
  const { eps, atol, rtol } = settings
  if (!(eps > 0 && eps < 1)) {
    throw new ValueError(`${where}: eps must be between 0 and 1, got ${eps}`)
  }
  if (!(atol >= 0 && rtol >= 0)) {
    throw new ValueError(`${where}: atol and rtol must not be negative, got ${atol} and ${rtol}`)
  }
  return settings
}
