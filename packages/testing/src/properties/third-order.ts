import { add, grad, jvp, type Tensor } from '@gradtape/core'
import fc from 'fast-check'
import { sharesMemory } from '../gradcheck/problem.ts'
import { passedWith } from '../measure.ts'
import { direction } from './direction.ts'
import { atFiniteValues, awayFromKinks, type Law } from './laws.ts'
import { opFunction } from './op-function.ts'

type Flat<R> = (xs: Tensor[]) => R

/** What rounding may make of three nested passes, of the sizes of the terms, which are about 1. */
const RTOL = 1e-10
/** The step of the differences, and what they may be off by, as gradcheck's. */
const STEP = 1e-4
const DIFFERENCE_RTOL = 1e-7

/**
 * The gradient of the gradient of the gradient is that of the differences of the second, and what
 * three nested passes of forward mode and the ways between give.
 *
 * Checked is φ(x) = ⟨v, sin f(x)⟩: by the sine, linear and quadratic ops have a third derivative,
 * too, of the products of their first and second.
 */
export const thirdOrder: Law = (fn) => (sample) => {
  awayFromKinks(fn, sample)
  atFiniteValues(sample)
  const { f, at } = opFunction(fn, sample.args)
  // Elements in one place are equal, and to move them apart would break ties.
  fc.pre(!at.some(sharesMemory))
  const u = at.map((x, k) => direction(x, k + 1))
  const w = at.map((x, k) => direction(x, k + 50))
  const v = f(at).map((y, k) => direction(y, k + 100))
  const value: Flat<Tensor> = (xs) =>
    dot(
      v,
      f(xs).map((y) => y.sin()),
    )
  const along =
    (g: Flat<Tensor>): Flat<Tensor> =>
    (xs) =>
      dot(u, grad(g)(xs))
  const pushed =
    (g: Flat<Tensor>): Flat<Tensor> =>
    (xs) =>
      jvp(g, [xs], [u])[1]

  const second = along(along(value))
  const third = grad(second)(at)
  expectClose(
    { as: 'the gradient of the second derivative', terms: products(third, w) },
    { as: 'its differences', ...differenceAlong(second, at, w) },
    DIFFERENCE_RTOL,
  )
  const reverse = { as: 'reverse mode thrice', terms: products(third, u) }
  for (const [as, way] of [
    ['forward mode thrice', pushed(pushed(pushed(value)))],
    ['forward over reverse over reverse', pushed(along(along(value)))],
    ['reverse over forward over reverse', along(pushed(along(value)))],
  ] as const) {
    expectClose({ as, terms: [way(at).item()] }, reverse, RTOL)
  }
}

/** The derivative of `g` along `w` by central differences at two steps, extrapolated. */
function differenceAlong(
  g: Flat<Tensor>,
  at: readonly Tensor[],
  w: readonly Tensor[],
): { terms: number[]; uncertainty: number } {
  const moved = (h: number): number => g(at.map((x, k) => x.add(w[k]!.mul(h)) as Tensor)).item()
  const slope = (h: number): number => (moved(h) - moved(-h)) / (2 * h)
  const [wide, narrow] = [slope(STEP), slope(STEP / 2)]
  const extrapolated = (4 * narrow - wide) / 3
  return { terms: [extrapolated], uncertainty: Math.abs(extrapolated - narrow) }
}

interface Found {
  readonly as: string
  /** What adds up to it. */
  readonly terms: readonly number[]
  readonly uncertainty?: number
}

function expectClose(a: Found, b: Found, rtol: number): void {
  const sum = (terms: readonly number[]): number => terms.reduce((x, y) => x + y, 0)
  const size = sum([...a.terms, ...b.terms].map(Math.abs))
  const apart = Math.abs(sum(a.terms) - sum(b.terms))
  const off = Math.max(0, apart - (b.uncertainty ?? 0)) / (1 + size)
  if (off <= rtol) return passedWith(off)
  throw new Error(`third order: ${a.as} gives ${sum(a.terms)}, ${b.as} ${sum(b.terms)}`)
}

function dot(a: readonly Tensor[], b: readonly Tensor[]): Tensor {
  const [first, ...rest] = a.map((x, k): Tensor => x.mul(b[k]!).sum())
  return rest.reduce((sum, term) => add(sum, term), first!)
}

function products(a: readonly Tensor[], b: readonly Tensor[]): number[] {
  return a.flatMap((x, k) => [...x.mul(b[k]!).data])
}
