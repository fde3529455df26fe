import { GradientError, jvp, vjp, type RandomGenerator, type Tensor } from '@gradtape/core'
import type { Problem } from './problem.ts'
import { randomNumbers } from './random.ts'
import { GradcheckError } from './report.ts'
import { dot, flatten, sizeOf, unflatten } from './vectors.ts'

/** What rounding may make of two orders of the same sums: in proportion to the products, and where all cancels. */
const RTOL = 1e-9
const ATOL = 1e-10

/** How many directions are tried. */
const DIRECTIONS = 2

/**
 * Forward mode is the adjoint of reverse mode, `⟨v, J u⟩ = ⟨Jᵀ v, u⟩`: an identity without any
 * differences. It holds for what the function takes as arguments; what it uses from outside is constant.
 *
 * @param required whether a function without forward mode throws, or goes unchecked.
 * @throws {GradcheckError} when the identity doesn't hold.
 */
export function checkForward(
  problem: Problem,
  outputs: readonly Tensor[],
  required: boolean,
  generator: RandomGenerator,
): void {
  const { where, inputs } = problem
  const f = (...xs: Tensor[]): Tensor[] => [...problem.evaluate(xs, true)]
  for (let n = 0; n < DIRECTIONS; n++) {
    const u = randomNumbers(sizeOf(inputs), generator)
    const v = randomNumbers(sizeOf(outputs), generator)
    let pushed: Float64Array
    try {
      pushed = flatten(jvp(f, [...inputs], unflatten(u, inputs))[1])
    } catch (error) {
      if (!required && error instanceof GradientError) return
      throw error
    }
    const pulled = flatten(vjp(f, ...inputs)[1](unflatten(v, outputs)))
    const [forward, reverse] = [dot(v, pushed), dot(pulled, u)]
    const size =
      dot(v.map(Math.abs), pushed.map(Math.abs)) + dot(u.map(Math.abs), pulled.map(Math.abs))
    if (Math.abs(forward - reverse) <= ATOL + RTOL * size) continue
    throw new GradcheckError(
      `${where}: forward mode is not the adjoint of reverse mode: for random u and v, ⟨v, J u⟩ is ${forward} by jvp, and ⟨Jᵀ v, u⟩ ${reverse} by the tape; ` +
        'where the gradients agree with differences, as they were seen to, the jvp is wrong',
      'forward',
    )
  }
}
