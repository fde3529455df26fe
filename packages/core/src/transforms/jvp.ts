import { computeDType, isReal } from '../dtype.ts'
import { GradientError } from '../errors.ts'
import { clone } from '../kinds/cast.ts'
import { fullOf } from '../kinds/creation.ts'
import { aliasOf, constantOf } from '../kinds/structural.ts'
import { apply, checkFunction, withHandler, type Handler, type Op } from '../op.ts'
import { add } from '../ops/arithmetic.ts'
import { withKeeper } from '../record.ts'
import { showShape, showValue } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { valueAndGradFor } from './grad.ts'
import type { Synchronous } from './modes.ts'
import { leavesLike, mapTree, treeLeaves, withLeaves } from './tree.ts'
import { checkFloats, checkOutput } from './vjp.ts'

/**
 * One level of forward mode: gives every value computed from one with a tangent a tangent of its
 * own. What it applies passes the handlers below only, so nested levels never meet their own.
 */
class Level implements Handler {
  readonly #tangents = new WeakMap<Tensor, Tensor>()
  readonly #where: string

  constructor(where: string) {
    this.#where = where
  }

  handle<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
    const pushed = inputs.map((x) => this.#tangents.get(x))
    if (pushed.every((t) => t === undefined)) return apply(op, inputs, attributes)
    if (op.kind === 'update') {
      throw new GradientError(
        `${op.name}: cannot change a tensor of shape ${showShape(inputs[0]!.shape)} in place while ${this.#where} pushes tangents ` +
          'through it or into it; use the op that makes a new tensor, or detach() what is written',
      )
    }
    const out = apply(op, inputs, attributes)
    if (!isReal(out.dtype)) return out
    let sum: Tensor | null = null
    for (const [i, t] of pushed.entries()) {
      const part = t === undefined ? null : op.push(i, t, inputs, out, attributes)
      if (part !== null) sum = sum === null ? part : add(sum, part)
    }
    if (sum !== null) this.#tangents.set(out, sum)
    return out
  }

  give(x: Tensor, tangent: Tensor): void {
    this.#tangents.set(x, tangent)
  }

  /** In memory of its own, as rules hand on what they are given. */
  take(x: Tensor): Tensor {
    const found = this.#tangents.get(x)
    return found === undefined ? fullOf(x.shape, 0, computeDType(x.dtype)) : clone(found)
  }
}

/** Calls `f` with `leaves` while those of them that have tangents push them on. */
export function pushAt<R>(
  where: string,
  f: (leaves: readonly Tensor[]) => R,
  leaves: readonly Tensor[],
  tangents: readonly (Tensor | undefined)[],
): [out: R, tangentOut: R] {
  const level = new Level(where)
  // Aliases, as `f` may close over the tensors themselves, which there are constants.
  const primals = leaves.map((x) => aliasOf(x))
  primals.forEach((x, i) => tangents[i] && level.give(x, tangents[i]))
  // The tape keeps the values themselves: computed again, they would be others, without tangents.
  const out = withKeeper(null, () => withHandler(level, () => checkOutput(where, f(primals))))
  return [out, mapTree(out, (y) => level.take(y))]
}

function pushList<A extends any[], R>(
  where: string,
  f: (...primals: A) => R,
  primals: A,
  tangents: A,
): [out: R, tangentOut: R] {
  if (!Array.isArray(primals)) {
    throw new GradientError(
      `${where}: expected a list of primals and one of ${where === 'jvp' ? 'tangents' : 'vectors'}, as in ${where}(f, [x], [v]), got ${showValue(primals)}`,
    )
  }
  checkFloats(`${where}: the primals hold`, primals)
  const given = leavesLike(
    `${where}: ${where === 'jvp' ? 'tangents' : 'vectors'}`,
    primals,
    tangents,
  )
  return pushAt(where, (leaves) => f(...withLeaves(primals, leaves)), treeLeaves(primals), given)
}

/**
 * The value of `f` at `primals`, and its tangent `J v` along `tangents`, in the form of the value:
 * true forward mode, in one run of `f`. Primals, tangents and value may be tensors, or arrays and
 * plain objects of them; what does not depend on the primals has a tangent of zeros. It nests with
 * itself and with gradients. As in PyTorch, noGrad does not hold up tangents; detach and
 * stopGradient do.
 *
 * @param primals the list of arguments of `f`.
 * @param tangents in their form: tensors of the same shapes and dtypes.
 * @throws {GradientError} when a primal is no float, the tangents are of another form, `f` returns
 * no tensor, or a promise, or it changes in place a tensor with a tangent.
 * @throws {ShapeError | DTypeError} when a tangent is not of its primal's shape or dtype.
 *
 * @example
 * ```ts
 * import { jvp, tensor, type Tensor } from '@gradtape/core'
 *
 * const [y, t] = jvp((x: Tensor) => x.square(), [tensor([1, 2])], [tensor([1, 10])])
 * console.log(y) // → tensor([1., 4.])
 * console.log(t) // → tensor([ 2., 40.])
 * ```
 */
export function jvp<A extends any[], R>(
  f: ((...primals: A) => R) & ((...primals: A) => Synchronous<R>),
  primals: NoInfer<A>,
  tangents: NoInfer<A>,
): [out: R, tangentOut: R] {
  checkFunction('jvp', f)
  return pushList<A, R>('jvp', f, primals, tangents)
}

/**
 * The Hessian of `f`, which returns a tensor of one element, times `vectors`: one product for each
 * primal, in its form. Forward mode over the gradient; the Hessian itself is never made.
 *
 * @throws as `jvp` and `grad` do.
 *
 * @example
 * ```ts
 * import { hvp, tensor, type Tensor } from '@gradtape/core'
 *
 * const f = (x: Tensor) => x.pow(3).sum()
 * const [product] = hvp(f, [tensor([1, 2])], [tensor([1, 10])])
 * console.log(product) // → tensor([  6., 120.])
 * ```
 */
export function hvp<A extends any[]>(
  f: (...primals: A) => Tensor,
  primals: NoInfer<A>,
  vectors: NoInfer<A>,
): A {
  checkFunction('hvp', f)
  const atAll = valueAndGradFor('hvp', (args: A) => f(...args))
  const slopes = (...args: A): A => atAll(args)[1]
  return pushList('hvp', slopes, primals, vectors)[1]
}

/**
 * The same values as constants: neither gradients nor tangents flow through them. Takes tensors, or
 * arrays and plain objects of them, and shares their memory.
 */
export function stopGradient<T>(tree: T): T {
  return mapTree(tree, constantOf)
}
