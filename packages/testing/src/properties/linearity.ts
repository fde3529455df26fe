import { add, treeLeaves, vjp, zerosLike, type Tensor } from '@gradtape/core'
import { expectEqual, largestOf, type Law } from './laws.ts'
import { opFunction } from './op-function.ts'
import type { Case } from './op-property.ts'

/** What rounding may make of the same sum in another order, of the largest of its terms. */
const RTOL = 1e-13

/** The pullback of a·u + b·v is a times that of u and b times that of v, whatever layouts they have. */
export const linearPullback: Law =
  (fn) =>
  ({ args, drawn }) => {
    const { f, at } = opFunction(fn, args)
    const [out, pullback] = vjp(f, at)
    const [u, v] = [cotangents(out, drawn), cotangents(out, drawn)]
    const [a, b] = [drawn.number(), drawn.number()]
    const weighted = (ofU: readonly Tensor[], ofV: readonly Tensor[]): Tensor[] =>
      ofU.map((part, k) => add(part.mul(a), ofV[k]!.mul(b)))
    const [[ofU], [ofV]] = [pullback(u), pullback(v)]
    expectEqual(
      pullback(weighted(u, v))[0],
      weighted(ofU, ofV),
      'of the pullback of a·u + b·v',
      'of a times that of u and b times that of v',
      0,
      // Of what cancels within, cotangents tell the size.
      RTOL * (Math.abs(a) * largestOf([...u, ...ofU]) + Math.abs(b) * largestOf([...v, ...ofV])),
    )
  }

/** Two backward passes leave in `grad` what the pass of the sum leaves there. */
export const accumulation: Law =
  () =>
  ({ drawn, call }) => {
    const leaves = drawn.leaves.slice()
    const outputs = (): Tensor[] => treeLeaves(call()).filter(({ requiresGrad }) => requiresGrad)
    const like = outputs()
    const [u, v] = [cotangents(like, drawn), cotangents(like, drawn)]
    const loss = (cts: readonly Tensor[]): Tensor =>
      outputs()
        .map((y, k): Tensor => y.mul(cts[k]!).sum())
        .reduce((sum, term) => add(sum, term))
    const run = (...losses: readonly Tensor[]): Tensor[] => {
      for (const x of leaves) x.grad = null
      // The views among the arguments are on the tapes of all passes.
      for (const one of losses) one.backward(undefined, { retainGraph: true })
      return leaves.map((x) => x.grad?.clone() ?? zerosLike(x))
    }
    const [one, other] = [run(loss(u)), run(loss(v))]
    expectEqual(
      run(loss(u), loss(v)),
      run(add(loss(u), loss(v))),
      'of two passes',
      'of the pass of the sum',
      0,
      RTOL * (largestOf([...u, ...one]) + largestOf([...v, ...other])),
    )
  }

/** One for each result, in any layout. */
function cotangents(out: readonly Tensor[], drawn: Case['drawn']): Tensor[] {
  return out.map(({ shape }) => drawn.real(shape).detach())
}
