import { isReal } from '../dtype.ts'
import { GradientError } from '../errors.ts'
import { gradients } from '../gradients.ts'
import { fullOf } from '../kinds/creation.ts'
import { aliasOf } from '../kinds/structural.ts'
import { setRequiresGrad } from '../leaf.ts'
import { checkFunction, lifted, refusePromise, withoutHandler } from '../op.ts'
import { recorder } from '../record.ts'
import { showValue } from '../shape.ts'
import { ancestors } from '../tape.ts'
import type { Tensor } from '../tensor.ts'
import { enableGrad, type Synchronous } from './modes.ts'
import { leavesLike, mapTree, treeLeaves, withLeaves } from './tree.ts'

/**
 * The value of `f` at `primals`, and its pullback: the function that takes a cotangent `v`, of the
 * form of the value, to `vᵀ J`, one gradient for each primal, in its form; it may be called again.
 * Primals and value may be tensors, or arrays and plain objects of them.
 *
 * @throws {GradientError} when a primal holds a tensor that is no float, `f` returns no tensor, or
 * a promise, or the cotangent is not of the value's form.
 * @throws {ShapeError | DTypeError} when a cotangent is not of its value's shape or dtype.
 *
 * @example
 * ```ts
 * import { tensor, vjp, type Tensor } from '@gradtape/core'
 *
 * const [y, pullback] = vjp((x: Tensor) => x.square(), tensor([1, 2]))
 * console.log(y) // → tensor([1., 4.])
 * const [g] = pullback(tensor([1, 10]))
 * console.log(g) // → tensor([ 2., 40.])
 * ```
 */
export function vjp<A extends any[], R>(
  f: ((...primals: A) => R) & ((...primals: A) => Synchronous<R>),
  ...primals: A
): [out: R, pullback: (cotangent: R) => A] {
  checkFunction('vjp', f)
  checkFloats('vjp: the primals hold', primals)
  const { out, pull } = recordAt<A, R>('vjp', f, primals, Object.keys(primals).map(Number))
  return [
    out,
    (cotangent) =>
      withLeaves(primals, pull(leavesLike('vjp: the cotangent', out, cotangent), true)),
  ]
}

/** What {@link recordAt} recorded. */
export interface Recorded<R> {
  readonly out: R
  /** The gradients of the leaves of the arguments, from cotangents of the leaves of `out`. */
  readonly pull: (cts: readonly (Tensor | null)[], retainGraph?: boolean) => Tensor[]
}

/** Calls `f` with what it does by the arguments in `list` recorded. */
export function recordAt<A extends any[], R>(
  where: string,
  f: (...args: A) => R,
  args: A,
  list: readonly number[],
): Recorded<R> {
  const primals = args.slice() as A
  for (const i of list) primals[i] = mapTree(args[i], fresh)
  const leaves = list.flatMap((i) => treeLeaves(primals[i]))
  const value = enableGrad((): any => checkOutput(where, f(...primals)))
  const outs = treeLeaves(value)
  // Only where something else than our own arguments requires gradients is the result to be
  // differentiated again, and the backward pass worth recording.
  const ours = new Set(leaves.map((x) => x.node))
  const outer = [...ancestors(outs.flatMap((y) => y.node ?? []))].some(
    (node) => node.edges === null && !ours.has(node),
  )
  return {
    out: outer ? value : mapTree(value, (y) => withoutHandler(recorder, () => aliasOf(y), 'above')),
    pull(cts, retain) {
      const reached = outs.map((y, i) => ({ y, ct: cts[i] ?? null }))
      const seeds = reached.filter(({ y, ct }) => y.node !== null && ct !== null)
      const createGraph = outer || seeds.some(({ ct }) => ct!.node !== null)
      const ys = seeds.map(({ y }) => y)
      const gradOutputs = seeds.map(({ ct }) => ct)
      const retainGraph = retain ?? createGraph
      const options = { gradOutputs, createGraph, retainGraph, allowUnused: true } as const
      const found = seeds.length === 0 ? [] : gradients(ys, leaves, options)
      return leaves.map((x, i) => found[i] ?? fullOf(x.shape, 0, x.dtype))
    },
  }
}

/** The same value, as an inner value of its own where it requires gradients, else as a leaf. */
function fresh(given: Tensor): Tensor {
  const x = lifted(given)
  return x.node === null ? setRequiresGrad(aliasOf(x), true) : enableGrad(() => aliasOf(x))
}

/** @throws {GradientError} beginning with `what` when `tree` holds no tensors, or not only floats. */
export function checkFloats(what: string, tree: unknown, hint = 'close over what is none'): void {
  const leaves = treeLeaves(tree)
  const wrong = leaves.find((x) => !isReal(x.dtype))
  if (leaves.length === 0 || wrong !== undefined) {
    throw new GradientError(
      `${what} ${wrong === undefined ? 'no tensor' : `a tensor of dtype ${wrong.dtype}, which has no gradient`}; ` +
        `expected a float tensor, or an array or plain object of them; ${hint}`,
    )
  }
}

/** @throws {GradientError} when a function returned a promise, or nothing to differentiate. */
export function checkOutput<R>(where: string, out: R): R {
  refusePromise(where, out)
  if (treeLeaves(out).length === 0) {
    throw new GradientError(
      `${where}: the function must return a tensor, or an array or plain object of them, got ${showResult(out)}`,
    )
  }
  return out
}

/** What a function returned in place of a tensor, for errors. */
export function showResult(value: unknown): string {
  return `${showValue(value)}${value === undefined ? '; is its return statement missing?' : ''}`
}
