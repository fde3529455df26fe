import { jvp, vjp, type Tensor } from '@gradtape/core'
import { passedWith } from '../measure.ts'
import { atFiniteValues, awayFromKinks, type Law } from './laws.ts'
import { direction } from './direction.ts'
import { opFunction } from './op-function.ts'

/**
 * What rounding may make of two orders of the same sums, of the sizes of the products, and of the
 * numbers drawn, which are about 1.
 */
const RTOL = 1e-12

/** Forward mode is the adjoint of reverse mode: ⟨v, J u⟩ = ⟨Jᵀ v, u⟩. */
export const adjoint: Law = (fn) => (sample) => {
  awayFromKinks(fn, sample)
  atFiniteValues(sample)
  const { f, at } = opFunction(fn, sample.args)
  const u = at.map((x, k) => direction(x, k + 1))
  const [out, pushed] = jvp(f, [at], [u])
  const v = out.map((y, k) => direction(y, k + 100))
  const pulled = vjp(f, at)[1](v)[0]
  const [forward, reverse] = [products(v, pushed), products(pulled, u)]
  const sum = (terms: readonly number[]): number => terms.reduce((a, b) => a + b, 0)
  const size = sum([...forward, ...reverse].map(Math.abs))
  const error = Math.abs(sum(forward) - sum(reverse)) / (1 + size)
  if (error <= RTOL) return passedWith(error)
  throw new Error(
    `forward mode gives ⟨v, J u⟩ = ${sum(forward)}, reverse ⟨Jᵀ v, u⟩ = ${sum(reverse)}`,
  )
}

function products(a: readonly Tensor[], b: readonly Tensor[]): number[] {
  return a.flatMap((x, k) => [...x.mul(b[k]!).data])
}
