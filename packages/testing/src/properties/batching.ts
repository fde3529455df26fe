import {
  isTensor,
  mapTree,
  ShapeError,
  stack,
  tensor,
  treeLeaves,
  ValueError,
  vjp,
  vmap,
  type Tensor,
} from '@gradtape/core'
import fc from 'fast-check'
import { direction } from './direction.ts'
import { atFiniteValues, awayFromKinks, expectEqual, type Law } from './laws.ts'
import type { Case } from './op-property.ts'
import type { TableEntry } from './table.ts'

/** Sums over a batch may run in another order. */
const RTOL = 1e-13

type Flat = (...tensors: readonly Tensor[]) => unknown

/** The op as a function of the tensors among its arguments, and of which of them a batch is made. */
interface Batch {
  readonly f: Flat
  /** For each tensor the examples of it, or the one that all share. */
  readonly examples: readonly (Tensor | readonly Tensor[])[]
  readonly size: number
}

function batchOf(fn: TableEntry, { args, drawn }: Case): Batch {
  const tensors = [...new Set(treeLeaves(args))]
  const size = drawn.int(1, 3)
  const shared = tensors.map(() => drawn.pick([true, false]))
  shared[drawn.int(0, tensors.length - 1)] = false
  return {
    f: (...given) => fn(...(mapTree(args, (x) => given[tensors.indexOf(x)]) as never as never[])),
    examples: tensors.map((x, k) =>
      shared[k] ? x : Array.from({ length: size }, (_, turn) => turned(x, turn)),
    ),
    size,
  }
}

/** The elements of `x` in another order, so that all are still where the op is defined. */
function turned(x: Tensor, by: number): Tensor {
  const { data, shape, dtype } = x
  const elements = Array.from(data, (_, i) => data[(i + by) % data.length]!)
  return tensor(elements, { dtype, shape })
}

function expectLoop({ f, examples, size }: Batch, drawn: Case['drawn']): void {
  const inDims = examples.map((x) => (isTensor(x) ? null : drawn.int(0, x[0]!.ndim)))
  const given = examples.map((x, k) => (isTensor(x) ? x : stack(x, inDims[k]!)))
  const outDims = drawn.pick([0, -1])
  const each = Array.from({ length: size }, (_, b) =>
    f(...examples.map((x) => (isTensor(x) ? x : x[b]!))),
  )
  const first = each[0]
  const loop = treeLeaves(first).map((_, k) =>
    stack(
      each.map((result) => treeLeaves(result)[k]!),
      outDims,
    ),
  )
  expectEqual(atOnce(f, inDims, outDims, given), loop, 'of vmap', 'of a loop', RTOL)
}

/** Discards what no batch can have: where a mask picks, the shapes of results depend on it. */
function atOnce(
  f: Flat,
  inDims: readonly (number | null)[],
  outDims: number,
  given: readonly Tensor[],
): unknown {
  try {
    return vmap(f as (...tensors: Tensor[]) => Tensor, { inDims, outDims })(...given)
  } catch (error) {
    const differs = given.some(({ dtype }, k) => dtype === 'bool' && inDims[k] !== null)
    fc.pre(!(error instanceof ValueError && error.message.includes('mask') && differs))
    // Examples that stand along another dim are strided, and not everything has a view.
    fc.pre(!(error instanceof ShapeError && error.message.includes('without a copy')))
    throw error
  }
}

/** What vmap makes of an op is what a loop over the examples makes. */
export const vmapEqualsLoop: Law = (fn) => (sample) => {
  expectLoop(batchOf(fn, sample), sample.drawn)
}

/** And so are the gradients of the examples. */
export const vmapOfGradients: Law = (fn) => (sample) => {
  awayFromKinks(fn, sample)
  atFiniteValues(sample)
  const batch = batchOf(fn, sample)
  const isReal = ({ dtype }: Tensor): boolean => dtype === 'float64'
  const pulled: Flat = (...tensors) => {
    const reals = tensors.filter(isReal)
    const of = (...primals: Tensor[]): Tensor[] => {
      const rest = primals.values()
      const all = tensors.map((x) => (isReal(x) ? rest.next().value! : x))
      return treeLeaves(batch.f(...all)).filter(isReal)
    }
    const [out, pullback] = vjp(of, ...reals)
    return pullback(out.map((y, k) => direction(y, k)))
  }
  expectLoop({ ...batch, f: pulled }, sample.drawn)
}
