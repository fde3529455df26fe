import { fullLike, tensor, treeLeaves, type Tensor } from '@gradtape/core'
import fc from 'fast-check'
import type { Law } from './laws.ts'
import { opFunction, valuesAndGradients, withTensors } from './op-function.ts'
import type { Case } from './op-property.ts'

/**
 * Where the table draws arguments from, results and gradients are finite: a pole outside of that is
 * declared by it. At kinks and ties, too, and where a tensor is all zeros: half of the cases are
 * rounded to whole numbers, and a quarter are made all alike.
 */
export const finite: Law =
  (fn) =>
  ({ args, drawn }) => {
    const round = drawn.pick([asDrawn, whole, whole, alike])
    const given = withTensors(args, (x) => round(x, drawn))
    // Nothing at all may have no mean.
    const nothing = treeLeaves(given).some((x) => x.numel === 0)
    const expectFinite = (what: string, tensors: readonly Tensor[]): void => {
      if (tensors.every((y) => y.data.every(Number.isFinite))) return
      fc.pre(!nothing)
      throw new Error(
        `${what} ${tensors.join(', ')} of ${given.map(String).join(', ')} are not finite`,
      )
    }
    expectFinite('the results', treeLeaves(fn(...(given as never[]))))
    if (!fn.entry.differentiable) return
    expectFinite('the gradients', valuesAndGradients(opFunction(fn, given)).gradients)
  }

type Rounding = (x: Tensor, drawn: Case['drawn']) => Tensor

const asDrawn: Rounding = (x) => x

/** To whole numbers of the domain that `x` was drawn from, if there are any. */
const whole: Rounding = (x, drawn) => {
  const domain = drawn.domainOf(x)
  if (domain === undefined) return x
  const [low, high] = [Math.ceil(domain[0]), Math.floor(domain[1])]
  if (low > high) return x
  const round = (value: number): number => Math.min(high, Math.max(low, Math.round(value)))
  return tensor(Float64Array.from(x.data, round), { shape: [...x.shape] })
}

/** The same number everywhere. */
const alike: Rounding = (x, drawn) =>
  drawn.domainOf(x) === undefined || x.numel === 0 ? x : fullLike(x, whole(x, drawn).data[0]!)
