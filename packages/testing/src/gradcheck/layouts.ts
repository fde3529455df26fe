import { ShapeError, stack, type RandomGenerator, type Tensor } from '@gradtape/core'
import type { Problem } from './problem.ts'
import { randomNumbers } from './random.ts'
import { expectSame } from './same.ts'
import { flatten, pull, sizeOf, unflatten } from './vectors.ts'

/** The same values in another layout: dims in reverse order, every second element, not from the first on. */
export function strided(x: Tensor): Tensor {
  const reversed = x.shape.map((_, d) => x.ndim - 1 - d)
  const turned = x.detach().permute(reversed)
  return stack([turned, turned], x.ndim).at('...', 1).permute(reversed)
}

/**
 * @throws {GradcheckError} unless inputs in another layout give the same outputs and gradients as
 * contiguous ones. A function that refuses them, as one that uses `view` does, is right to.
 */
export function checkLayouts(
  problem: Problem,
  outputs: readonly Tensor[],
  nondetTol: number,
  generator: RandomGenerator,
): void {
  const run = (layout: (x: Tensor) => Tensor): readonly [Float64Array, Float64Array] => {
    const inputs = problem.inputs.map((x) => layout(x).requiresGrad_())
    const ys = problem.evaluate(inputs, true)
    return [flatten(ys), pull(problem, ys, inputs, v)]
  }
  const v = unflatten(randomNumbers(sizeOf(outputs), generator), outputs)
  let ofStrided: readonly [Float64Array, Float64Array]
  try {
    ofStrided = run(strided)
  } catch (error) {
    if (error instanceof ShapeError) return
    throw error
  }
  const ofCopies = run((x) => x.detach().clone())
  const must = 'it must read tensors by their layout, as .data does'
  expectSame(
    { ...problem, inputs: outputs, names: outputs.map((_, k) => `output ${k}`) },
    'strided',
    ofStrided[0],
    ofCopies[0],
    (name, a, b) =>
      `for strided inputs, ${name} is ${a}, for their contiguous copies ${b}; ${must}`,
    nondetTol,
  )
  expectSame(
    problem,
    'strided',
    ofStrided[1],
    ofCopies[1],
    (name, a, b) =>
      `for strided inputs, the gradient of ${name} is ${a}, for their contiguous copies ${b}; ${must}`,
    nondetTol,
  )
}
