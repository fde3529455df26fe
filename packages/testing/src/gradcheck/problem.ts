import {
  DTypeError,
  enableGrad,
  GradientError,
  gradients,
  isTensor,
  ShapeError,
  treeLeaves,
  zerosLike,
  type Tensor,
} from '@gradtape/core'
import { randomTensors } from './random.ts'

/** What is checked: a function as it runs now, and the tensors by which it is differentiated. */
export interface Problem {
  /** What errors begin with. */
  readonly where: string
  /** What errors call each input. */
  readonly names: readonly string[]
  /** Changed in place while differences are taken, and restored. */
  readonly inputs: readonly Tensor[]
  /** The float outputs for these inputs; with `createGraph` they can be differentiated. */
  evaluate(inputs: readonly Tensor[], createGraph: boolean): readonly Tensor[]
}

/** What is checked, whatever its arguments are. */
export type Checked = (...inputs: any[]) => object

/** The function itself. */
export function firstOrder(where: string, f: Checked, inputs: readonly Tensor[]): Problem {
  return {
    where,
    names: inputs.map((_, i) => `input ${i}`),
    inputs,
    evaluate: (xs) => outputsOf(where, f, xs),
  }
}

/**
 * The pullback of the function, as a function of inputs and cotangents.
 * @throws {GradientError} when no output depends on an input.
 */
export function secondOrder(
  where: string,
  f: Checked,
  inputs: readonly Tensor[],
  seed: number,
): Problem {
  const recorded = (xs: readonly Tensor[]): readonly Tensor[] =>
    outputsOf(where, f, xs).filter((y) => y.requiresGrad)
  const outputs = recorded(inputs)
  if (outputs.length === 0) throw offTheTape(where)
  const cotangents = randomTensors(outputs, seed + 1).map((ct) => ct.requiresGrad_())
  return {
    where,
    names: [
      ...inputs.map((_, i) => `input ${i}`),
      ...cotangents.map((_, i) => `cotangent of output ${i}`),
    ],
    inputs: [...inputs, ...cotangents],
    evaluate(given, createGraph) {
      const [xs, cts] = [given.slice(0, inputs.length), given.slice(inputs.length)]
      const options = { gradOutputs: cts, createGraph, retainGraph: true } as const
      return gradients(recorded(xs), xs, { ...options, allowUnused: true }).map(
        (gradient, i) => gradient ?? zerosLike(xs[i]!),
      )
    },
  }
}

export function offTheTape(where: string): GradientError {
  return new GradientError(
    `${where}: no output requires gradients: the function does not use the inputs, or detaches them`,
  )
}

function outputsOf(where: string, f: Checked, inputs: readonly Tensor[]): readonly Tensor[] {
  const result = enableGrad(() => f(...inputs))
  const outputs = treeLeaves(result).filter(({ dtype }) => dtype.startsWith('float'))
  if (outputs.length === 0) {
    throw new GradientError(
      `${where}: the function returned no float tensor; expected a tensor, or arrays and objects of them`,
    )
  }
  const doubles = inputs.every(({ dtype }) => dtype === 'float64')
  const single = outputs.find(({ dtype }) => dtype !== 'float64')
  if (doubles && single !== undefined) {
    throw new DTypeError(
      `${where}: an output of shape [${single.shape.join(', ')}] has dtype ${single.dtype} for inputs in float64; differences need its digits`,
    )
  }
  return outputs
}

/** @throws {DTypeError | GradientError} when an input can't be differentiated by. */
export function checkInputs(where: string, inputs: readonly Tensor[]): void {
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new GradientError(`${where}: expected an array of at least one input`)
  }
  inputs.forEach((x: unknown, i) => {
    if (!isTensor(x)) throw new DTypeError(`${where}: input ${i} is no tensor`)
    const what = `${where}: input ${i} of shape [${x.shape.join(', ')}]`
    if (x.dtype !== 'float64' && x.dtype !== 'float32') {
      throw new DTypeError(
        `${what} has dtype ${x.dtype}; derivatives are by float64 or float32 tensors: let the function use it from outside`,
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

/** Whether several elements of `x` lie in one place, so that none can be changed alone. */
export function sharesMemory(x: Tensor): boolean {
  const memory = x.detach()
  try {
    memory.copy_(memory)
    return false
  } catch (error) {
    if (error instanceof ShapeError) return true
    throw error
  }
}
