import { isFloat } from '../dtype.ts'
import { GradientError } from '../errors.ts'
import { gradients } from '../gradients.ts'
import { fullOf } from '../kinds/creation.ts'
import { checkOptions } from '../kinds/entry.ts'
import { constantOf } from '../kinds/structural.ts'
import { apply, checkFunction, refusePromise, using, type Op } from '../op.ts'
import { setRequiresGrad } from '../leaf.ts'
import { showShape } from '../shape.ts'
import { ancestors } from '../tape.ts'
import { isTensor, type Tensor } from '../tensor.ts'
import { enableGrad } from './modes.ts'
import { mapTree, treeLeaves } from './tree.ts'

export interface GradOptions<N extends number | readonly number[] = 0> {
  /** Which arguments to differentiate by: one, or several; the first unless given. */
  readonly argnums?: N
}

/** The gradients by the arguments that `argnums` names. */
export type GradsOf<A extends readonly unknown[], N> = N extends readonly number[]
  ? { -readonly [I in keyof N]: A[N[I] & keyof A] }
  : N extends number
    ? A[N]
    : never

/**
 * Makes of `f`, which returns a tensor of one element, the function that returns its value and its
 * gradient. Arguments may be tensors, or arrays and plain objects of them; the gradient has the
 * form of the argument. `f` may use other tensors that require gradients: the results then do, too,
 * and so gradients nest to any order.
 *
 * @throws {GradientError} when `f` returns no tensor of one float element, or a promise, or when an
 * argument holds no float tensors.
 */
export function valueAndGrad<A extends any[], const N extends number | readonly number[] = 0>(
  f: (...args: A) => Tensor,
  options: GradOptions<N> = {},
): (...args: A) => [value: Tensor, grad: GradsOf<A, N>] {
  checkFunction('grad', f)
  const { argnums } = checkOptions('grad', options)
  const list: readonly number[] = argnums === undefined ? [0] : [argnums].flat()
  return (...args) => {
    const primals = args.slice() as A
    for (const i of list) primals[i] = mapTree(checkArgument(args[i], i), fresh)
    const leaves = list.flatMap((i) => treeLeaves(primals[i]))
    const value = enableGrad(() => checkValue(f(...primals)))
    // Only where something else than our own arguments requires gradients is the result to be
    // differentiated again, and the backward pass worth recording.
    const ours = new Set(leaves.map((x) => x.node))
    const outer =
      value.node !== null &&
      [...ancestors([value.node])].some((node) => node.inputs.length === 0 && !ours.has(node))
    const found = pullBack(value, leaves, outer)
    let next = 0
    const grads = list.map((i) => mapTree(primals[i], () => found[next++]!))
    return [
      outer ? value : constantOf(value),
      (Array.isArray(argnums) ? grads : grads[0]) as GradsOf<A, N>,
    ]
  }
}

/**
 * Makes of `f`, which returns a tensor of one element, the function that returns its gradient: see
 * {@link valueAndGrad}.
 *
 * @example
 * ```ts
 * import { grad, tensor, type Tensor } from '@gradtape/core'
 *
 * const f = (x: Tensor) => x.pow(3)
 * console.log(grad(f)(tensor(2))) // → tensor(12.)
 * console.log(grad(grad(f))(tensor(2))) // → tensor(12.)
 * ```
 */
export function grad<A extends any[], const N extends number | readonly number[] = 0>(
  f: (...args: A) => Tensor,
  options: GradOptions<N> = {},
): (...args: A) => GradsOf<A, N> {
  const both = valueAndGrad(f, options)
  return (...args) => both(...args)[1]
}

/** The same value, as an inner value of its own where it requires gradients, else as a leaf. */
const alias: Op<null> = {
  name: 'alias',
  kind: 'structural',
  forward: ([x]) => constantOf(x!),
  rule: () => using([], (ct) => ct),
}

function fresh(x: Tensor): Tensor {
  return x.node === null
    ? setRequiresGrad(constantOf(x), true)
    : enableGrad(() => apply(alias, [x], null))
}

function pullBack(value: Tensor, leaves: readonly Tensor[], createGraph: boolean): Tensor[] {
  const zeros = (x: Tensor): Tensor => fullOf(x.shape, 0, x.dtype)
  if (value.node === null) return leaves.map(zeros)
  const found = gradients(value, leaves, { createGraph, allowUnused: true })
  return found.map((ct, i) => ct ?? zeros(leaves[i]!))
}

function checkArgument<T>(argument: T, i: number): T {
  const leaves = treeLeaves(argument)
  const wrong = leaves.find((x) => !isFloat(x.dtype))
  if (leaves.length === 0 || wrong !== undefined) {
    throw new GradientError(
      `grad: argument ${i} ${wrong === undefined ? 'holds no tensor' : `holds a tensor of dtype ${wrong.dtype}, which has no gradient`}; ` +
        'expected a float tensor, or an array or plain object of them; choose the arguments with { argnums }',
    )
  }
  return argument
}

function checkValue(value: unknown): Tensor {
  refusePromise('grad', value)
  if (!isTensor(value) || value.numel !== 1 || !isFloat(value.dtype)) {
    const seen = isTensor(value)
      ? `a tensor of shape ${showShape(value.shape)} and dtype ${value.dtype}`
      : String(value)
    throw new GradientError(
      `grad: the function must return a float tensor of one element, got ${seen}; take .sum() or .mean() of its result`,
    )
  }
  return value
}
