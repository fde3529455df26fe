import { computeDType } from '../dtype.ts'
import { ValueError } from '../errors.ts'
import { fullOf, generated } from '../kinds/creation.ts'
import { checkOptions } from '../kinds/entry.ts'
import { reshapeTo } from '../kinds/structural.ts'
import { checkFunction } from '../op.ts'
import { stack } from '../ops/joining.ts'
import { showValue } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { checkArguments, valueAndGradFor, type GradOptions, type GradsOf } from './grad.ts'
import { pushAt } from './jvp.ts'
import type { Synchronous } from './modes.ts'
import { mapTree, treeLeaves, withLeaves } from './tree.ts'
import { checkFloats, recordAt } from './vjp.ts'

export interface JacobianOptions<N extends number | readonly number[] = 0> extends GradOptions<N> {
  /**
   * `'reverse'` takes one backward pass for each element of the value, `'forward'` one run of `f` for
   * each element of the arguments: the better where these are fewer. Reverse unless given.
   */
  readonly mode?: 'forward' | 'reverse'
}

/** In place of each tensor of `R`, of shape S, the form of `X` with tensors of shape [...S, ...its own]. */
export type JacobianOf<R, X> =
  R extends Tensor<infer S>
    ? X extends Tensor<infer D>
      ? Tensor<[...S, ...D]>
      : X extends object
        ? { -readonly [K in keyof X]: JacobianOf<R, X[K]> }
        : X
    : R extends object
      ? { -readonly [K in keyof R]: JacobianOf<R[K], X> }
      : R

/**
 * Makes of `f` the function that returns its Jacobian: for a value of shape S and an argument of
 * shape D the tensor of shape [...S, ...D] of `∂f[s] / ∂x[d]`. Arguments and value may be tensors, or
 * arrays and plain objects of them: in place of each tensor of the value stands the form of the
 * argument. It nests with itself and every other transform.
 *
 * @throws {GradientError} when an argument or the value holds no float tensors only, or `f` returns a
 * promise.
 * @throws {ValueError} for an unknown mode.
 *
 * @example
 * ```ts
 * import { jacobian, tensor, type Tensor } from '@gradtape/core'
 *
 * console.log(jacobian((x: Tensor) => x.square())(tensor([1, 2])))
 * // → tensor([[2., 0.],
 * //           [0., 4.]])
 * ```
 */
export function jacobian<A extends any[], R, const N extends number | readonly number[] = 0>(
  f: ((...args: A) => R) & ((...args: A) => Synchronous<R>),
  options: JacobianOptions<N> = {},
): (...args: A) => JacobianOf<R, GradsOf<A, N>> {
  return jacobianOf<A, R, N>('jacobian', f, options)
}

/**
 * Makes of `f`, which returns a tensor of one element, the function that returns its Hessian: for an
 * argument of shape D the tensor of shape [...D, ...D] of second derivatives; for several, or for
 * arrays and plain objects, such a block for each pair. Forward mode over the gradient.
 *
 * @throws as `jacobian` and `grad` do.
 */
export function hessian<A extends any[], const N extends number | readonly number[] = 0>(
  f: (...args: A) => Tensor,
  options: GradOptions<N> = {},
): (...args: A) => JacobianOf<GradsOf<A, N>, GradsOf<A, N>> {
  const both = valueAndGradFor('hessian', f, options)
  const slopes = (...args: A): GradsOf<A, N> => both(...args)[1]
  return jacobianOf('hessian', slopes, { ...options, mode: 'forward' })
}

function jacobianOf<A extends any[], R, const N extends number | readonly number[] = 0>(
  where: string,
  f: (...args: A) => R,
  options: JacobianOptions<N>,
): (...args: A) => JacobianOf<R, GradsOf<A, N>> {
  checkFunction(where, f)
  const { argnums, mode = 'reverse' } = checkOptions(where, options)
  if (mode !== 'forward' && mode !== 'reverse') {
    throw new ValueError(`${where}: expected mode 'forward' or 'reverse', got ${showValue(mode)}`)
  }
  const list: readonly number[] = argnums === undefined ? [0] : [argnums].flat()
  const compute = mode === 'forward' ? forward : reverse
  return (...args) => {
    checkArguments(where, args, list)
    const chosen = list.map((i) => args[i])
    const leaves = treeLeaves(chosen)
    const { out, blocks } = compute(where, f, args, list, leaves)
    let next = 0
    return mapTree(out, (y) => {
      const row = blocks[next++]!.map((parts, l) => {
        const x = leaves[l]!
        const shape = [...y.shape, ...x.shape]
        if (parts.length === 0) return fullOf(shape, 0, computeDType(y.dtype))
        return reshapeTo(stack(parts, mode === 'forward' ? y.ndim : 0), shape)
      })
      const found = withLeaves(chosen, row)
      return Array.isArray(argnums) ? found : found[0]
    }) as JacobianOf<R, GradsOf<A, N>>
  }
}

/** For each tensor of the value and of the arguments: what to stack into their block. */
interface Blocks<R> {
  readonly out: R
  readonly blocks: readonly (readonly Tensor[][])[]
}

function reverse<A extends any[], R>(
  where: string,
  f: (...args: A) => R,
  args: A,
  list: readonly number[],
  leaves: readonly Tensor[],
): Blocks<R> {
  const { out, pull } = recordAt(where, f, args, list)
  checkFloats(`${where}: the value of the function holds`, out)
  const blocks = treeLeaves(out).map((y, k) => {
    const rows = units(y).map((unit) => pull(Object.assign([], { [k]: unit }), true))
    return leaves.map((_, l) => rows.map((row) => row[l]!))
  })
  return { out, blocks }
}

function forward<A extends any[], R>(
  where: string,
  f: (...args: A) => R,
  args: A,
  list: readonly number[],
  leaves: readonly Tensor[],
): Blocks<R> {
  const at = (primals: readonly Tensor[]): R => {
    const all = args.slice() as A
    withLeaves(
      list.map((i) => args[i]),
      primals,
    ).forEach((arg, k) => (all[list[k]!] = arg))
    return f(...all)
  }
  const [out] = pushAt(where, at, leaves, [])
  checkFloats(`${where}: the value of the function holds`, out)
  const columns = leaves.map((x, l) =>
    units(x).map((unit) =>
      treeLeaves(pushAt(where, at, leaves, Object.assign([], { [l]: unit }))[1]),
    ),
  )
  return {
    out,
    blocks: treeLeaves(out).map((_, k) => columns.map((parts) => parts.map((part) => part[k]!))),
  }
}

/** For each element of `x`, a tensor like it of zeros but for a one in that place. */
function units(x: Tensor): Tensor[] {
  return Array.from({ length: x.numel }, (_, at) =>
    generated(x.shape, computeDType(x.dtype), (i) => (i === at ? 1 : 0)),
  )
}
