import { computeDType } from '../dtype.ts'
import { DTypeError, GradientError, ShapeError, ValueError } from '../errors.ts'
import { apply, checkFunction, OUT, refusePromise, type Op } from '../op.ts'
import { sameShape, showShape, showValue } from '../shape.ts'
import { outsideOfPass } from '../storage.ts'
import { isTensor, type Tensor } from '../tensor.ts'
import { computed } from '../kinds/cast.ts'
import { fullOf } from '../kinds/creation.ts'
import { constantOf } from '../kinds/structural.ts'
import { isGradEnabled } from './modes.ts'

/** Arguments of a custom op: tensors, then at most one value that is none, its attributes. */
type Args = [Tensor, ...any[]] | Tensor[]

/** The tensors among the arguments of a custom op. */
export type InputsOf<A extends readonly unknown[]> = number extends A['length']
  ? readonly Tensor[]
  : A extends readonly [infer X extends Tensor, ...infer Rest]
    ? readonly [X, ...InputsOf<Rest>]
    : readonly []

/** What follows the tensors among the arguments of a custom op. */
export type AttributesOf<A extends readonly unknown[]> = number extends A['length']
  ? undefined
  : A extends readonly [Tensor, ...infer Rest]
    ? AttributesOf<Rest>
    : A[0]

/** A call of a custom op, as its derivatives see it. */
export interface CustomCall<A extends readonly unknown[]> {
  readonly inputs: InputsOf<A>
  readonly output: Tensor
  readonly attributes: AttributesOf<A>
}

/** What `customOp` makes an operation of. */
export interface CustomOp<A extends readonly unknown[]> {
  /** For errors. */
  readonly name?: string
  /** Computes the output from tensors and, if they are given, attributes; it is not recorded. */
  readonly forward: (...args: A) => Tensor
  /**
   * The cotangents of the inputs from the output's: one for each, of its shape and dtype, where null
   * stands for zeros; with one input, its cotangent alone will do. Written in tensor operations, it
   * can be differentiated again.
   */
  readonly vjp: (ct: Tensor, call: CustomCall<A>) => Tensor | null | readonly (Tensor | null)[]
  /**
   * The tangent of the output from the inputs', for forward mode. It must be linear in them: it is
   * called for one input at a time, with zeros for the others, and the results are added.
   */
  readonly jvp?: (tangents: InputsOf<A>, call: CustomCall<A>) => Tensor
}

interface Call {
  readonly count: number
  readonly attributes: unknown
}

/**
 * Makes a differentiable operation of a function and its derivative, for what is not made of
 * differentiable operations, or has a better derivative than theirs. The function may compute with
 * tensors or with raw data.
 *
 * @returns a function of the arguments of `forward`: tensors, then at most one value that is none,
 * the attributes.
 * @throws {ValueError} when `forward`, `vjp` or `jvp` is no function. The operation throws a
 * {@link GradientError} when `forward` returns no tensor, or a promise. Differentiating it throws,
 * before anything is accumulated, a {@link GradientError} when `vjp` returns another number of
 * cotangents than there are inputs, and a {@link ShapeError} or {@link DTypeError} when one does not
 * fit its input.
 *
 * @example
 * ```ts
 * import { customOp, tensor, type Tensor } from '@gradtape/core'
 *
 * // The identity, with its gradient turned round.
 * const reverse = customOp({ forward: (x: Tensor) => x, vjp: (ct) => ct.neg() })
 * const x = tensor([1, 2], { requiresGrad: true })
 * reverse(x).sum().backward()
 * console.log(x.grad) // → tensor([-1., -1.])
 * ```
 */
export function customOp<A extends Args>(definition: CustomOp<A>): (...args: A) => Tensor {
  const where = checkDefinition(definition)
  /** What `vjp` returned, by the visit of the sweep: one call serves all inputs. */
  const pulled = new WeakMap<object, readonly (Tensor | null)[]>()
  const callOf = (inputs: readonly Tensor[], output: Tensor, attributes: unknown): CustomCall<A> =>
    ({ inputs, output, attributes }) as never

  const op: Op<Call> = {
    name: definition.name ?? 'customOp',
    kind: 'custom',
    forward(inputs, { attributes }) {
      const args = attributes === undefined ? inputs : [...inputs, attributes]
      const out: unknown = definition.forward(...(args as A))
      // A tensor of its own, as the function may return an input.
      return constantOf(checkResult(where, 'forward', out))
    },
    rule: (i, { count }) => ({
      saves: [...Array(count).keys(), OUT],
      pull(ct, saved, { attributes, shape, dtype }, visit = {}) {
        let cts = pulled.get(visit)
        if (cts === undefined) {
          const inputs = saved.slice(0, count)
          const call = callOf(inputs, saved[count]!, attributes.attributes)
          // The function may keep it.
          ct.storage.given = true
          cts = checkCotangents(
            where,
            outsideOfPass(() => definition.vjp(ct, call)),
            inputs,
          )
          pulled.set(visit, cts)
        }
        return cts[i] ?? fullOf(shape, 0, dtype)
      },
    }),
    push(i, tangent, inputs, out, { attributes }) {
      if (definition.jvp === undefined) {
        throw new GradientError(
          `${where}: has no jvp, which forward mode needs; give one to customOp: (tangents, { inputs, output }) => the output's tangent`,
        )
      }
      const tangents = inputs.map((x, k) => (k === i ? tangent : fullOf(x.shape, 0, x.dtype)))
      const found: unknown = definition.jvp(tangents as never, callOf(inputs, out, attributes))
      const result = checkResult(where, 'jvp', found)
      checkLike(where, 'jvp returned a tangent', result, 'the output', out)
      return result
    },
    // The functions may compute with raw data, of one example each.
    batch: 'each',
  }

  return (...args) => {
    const first = args.findIndex((x) => !isTensor(x))
    const count = first < 0 ? args.length : first
    if (count === 0 || count + 1 < args.length) {
      throw new ValueError(
        `${where}: expected one tensor or more, then at most one value that is none, got ${args.map(showArgument).join(', ') || 'nothing'}`,
      )
    }
    return apply(op, (args.slice(0, count) as Tensor[]).map(computed), {
      count,
      attributes: args[count],
    })
  }
}

/** What errors call the op. */
function checkDefinition(definition: CustomOp<any>): string {
  if (typeof definition !== 'object' || definition === null) {
    throw new ValueError(
      `customOp: expected { forward, vjp } with optional name and jvp, got ${showValue(definition)}`,
    )
  }
  const { name, forward, vjp, jvp } = definition
  if (name !== undefined && typeof name !== 'string') {
    throw new ValueError(`customOp: name must be a string, got ${showValue(name)}`)
  }
  const where = name === undefined ? 'customOp' : `customOp ${name}`
  checkFunction(`${where}: forward`, forward)
  checkFunction(`${where}: vjp`, vjp)
  if (jvp !== undefined) checkFunction(`${where}: jvp`, jvp)
  return where
}

function showArgument(x: unknown): string {
  return isTensor(x) ? 'a tensor' : showValue(x)
}

function checkResult(where: string, what: string, result: unknown): Tensor {
  refusePromise(`${where}: ${what}`, result)
  if (!isTensor(result)) {
    throw new GradientError(`${where}: ${what} must return a tensor, got ${showValue(result)}`)
  }
  return result
}

function checkCotangents(
  where: string,
  result: unknown,
  inputs: readonly Tensor[],
): readonly (Tensor | null)[] {
  refusePromise(`${where}: vjp`, result)
  const alone = inputs.length === 1 && (result === null || isTensor(result))
  const cts: unknown = alone ? [result] : result
  if (!Array.isArray(cts) || cts.length !== inputs.length) {
    const seen = Array.isArray(cts) ? `${cts.length} of them` : showArgument(cts)
    throw new GradientError(
      `${where}: vjp must return a cotangent for each of ${inputs.length} inputs, in an array, with null for zeros; got ${seen}`,
    )
  }
  return cts.map((ct: unknown, i) => {
    if (ct === null) return null
    if (!isTensor(ct)) {
      throw new GradientError(
        `${where}: vjp must return tensors or null, got ${showValue(ct)} for input ${i}`,
      )
    }
    checkLike(where, 'vjp returned a cotangent', ct, `input ${i}`, inputs[i]!)
    // It may be memory that the user holds, an input itself say, which no gradient may share.
    ct.storage.given = true
    return isGradEnabled() ? ct : constantOf(ct)
  })
}

/** @throws when a derivative differs in shape or dtype from what it is the derivative of. */
function checkLike(where: string, what: string, x: Tensor, of: string, like: Tensor): void {
  if (!sameShape(x.shape, like.shape)) {
    throw new ShapeError(
      `${where}: ${what} of shape ${showShape(x.shape)} for ${of} of shape ${showShape(like.shape)}; they must be equal`,
    )
  }
  const dtype = computeDType(like.dtype)
  if (x.dtype !== dtype) {
    throw new DTypeError(
      `${where}: ${what} of dtype ${x.dtype} for ${of} of dtype ${like.dtype}; convert it with .to('${dtype}')`,
    )
  }
}
