import { computeDType, isReal } from '../dtype.ts'
import { GradientError } from '../errors.ts'
import { fullOf } from '../kinds/creation.ts'
import { checkOptions } from '../kinds/entry.ts'
import { checkFunction, refusePromise } from '../op.ts'
import { showShape } from '../shape.ts'
import { isTensor, type Tensor } from '../tensor.ts'
import { withLeaves } from './tree.ts'
import { checkFloats, recordAt, showResult } from './vjp.ts'

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
  return valueAndGradFor('valueAndGrad', f, options)
}

/** {@link valueAndGrad} for a function that errors name `where`. */
export function valueAndGradFor<A extends any[], const N extends number | readonly number[] = 0>(
  where: string,
  f: (...args: A) => Tensor,
  options: GradOptions<N> = {},
): (...args: A) => [value: Tensor, grad: GradsOf<A, N>] {
  checkFunction(where, f)
  const { argnums } = checkOptions(where, options)
  const list: readonly number[] = argnums === undefined ? [0] : [argnums].flat()
  const scalar = (...args: A): Tensor => checkValue(where, f(...args))
  return (...args) => {
    checkArguments(where, args, list)
    const { out, pull } = recordAt(where, scalar, args, list)
    const found = pull([fullOf(out.shape, 1, computeDType(out.dtype))])
    const grads = withLeaves(
      list.map((i) => args[i]),
      found,
    )
    return [out, (Array.isArray(argnums) ? grads : grads[0]) as GradsOf<A, N>]
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
  const both = valueAndGradFor('grad', f, options)
  return (...args) => both(...args)[1]
}

/** @throws {GradientError} naming `where` when an argument in `list` has no gradient. */
export function checkArguments(where: string, args: unknown[], list: readonly number[]): void {
  for (const i of list) {
    checkFloats(`${where}: argument ${i} holds`, args[i], 'choose the arguments with { argnums }')
  }
}

function checkValue(where: string, value: unknown): Tensor {
  refusePromise(where, value)
  if (!isTensor(value) || value.numel !== 1 || !isReal(value.dtype)) {
    const seen = isTensor(value)
      ? `one of shape ${showShape(value.shape)} and dtype ${value.dtype}; ` +
        (value.numel !== 1 ? 'take .sum() or .mean() of it' : 'expected float32 or float64')
      : showResult(value)
    throw new GradientError(
      `${where}: the function must return a float tensor of one element, got ${seen}`,
    )
  }
  return value
}
