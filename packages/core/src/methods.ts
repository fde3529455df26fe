import { DTypeError, ShapeError, ValueError } from './errors.ts'
import type { TypedArray } from './dtype.ts'
import { encodings } from './encoding.ts'
import { backward, type BackwardOptions } from './gradients.ts'
import { registerHook, retainGrad, type GradientHook, type HookHandle } from './hooks.ts'
import { entries, type Entry } from './kinds/entry.ts'
import { constantOf, matrixTranspose, permuteBy, reshapeTo, sliceOf } from './kinds/structural.ts'
import { castTo, copyOf } from './kinds/cast.ts'
import { setRequiresGrad } from './leaf.ts'
import './ops/with-methods.ts'
import type * as table from './ops/with-methods.ts'
import { format } from './print.ts'
import { normalizeDim, showShape, type Shape } from './shape.ts'
import { elements, Tensor } from './tensor.ts'
import type { Backwards, Exchanged, Transposed } from './types/dims.ts'
import type { ShapeOf } from './types/shape.ts'

type Table = typeof table

type MethodOf<E> = E extends Entry<infer M> ? M : never

/** The entries of the op table as methods; those whose first argument is no tensor have none. */
export type TableMethods = {
  readonly [N in Exclude<keyof Table, 'variance'>]: MethodOf<Table[N]>
}

/** Nested arrays of numbers; for 0-d tensors a number. bool elements are booleans. */
export type NestedArray = number | boolean | NestedArray[]

/** The methods of a tensor that are no ops. */
export interface TensorMethods<S extends Shape> extends TableMethods {
  /** Variance: as a function, where JavaScript reserves the name, {@link variance}. */
  readonly var: MethodOf<Table['variance']>
  /** The dims in reverse order; a view. */
  readonly T: Tensor<Backwards<S>>
  /** The last two dims exchanged; a view. @throws {ShapeError} below two dims. */
  readonly mT: Tensor<Exchanged<S>>
  /** The transpose of a matrix; vectors and 0-d tensors as they are. @throws {ShapeError} above two dims. */
  t<T extends Tensor>(this: T): Tensor<Transposed<ShapeOf<T>>>
  /** The size of a dim. @throws {ShapeError} when there is no such dim. */
  size(dim: number): number
  /** The only element, as a number. @throws {ValueError} when there are several or none. */
  item(): number
  /** The elements as nested arrays; of a 0-d tensor its number. bool elements become booleans. */
  toArray(): NestedArray
  /**
   * A copy of the elements in row-major order, as they stand in memory: a typed array of the dtype;
   * bools as bytes, float16 and bfloat16 as their bits in a Uint16Array, and int64 as what has to be
   * asked for by name, `x.toTypedArray<BigInt64Array>()`. `data` gives numbers for every dtype.
   */
  toTypedArray<A extends TypedArray | BigInt64Array = TypedArray>(): A
  /** What `console.log` prints, as NumPy and PyTorch would. */
  toString(): string
  /** The nested arrays, for `JSON.stringify`. */
  toJSON(): NestedArray
  /** x in float32. */
  float(): Tensor<S>
  /** x in float64. */
  double(): Tensor<S>
  /** The same values off the tape, in the same memory. */
  detach(): Tensor<S>
  /** Makes this leaf require gradients, or not. @throws {GradientError} for integers and bools. */
  requiresGrad_(requiresGrad?: boolean): this
  /**
   * Pulls a cotangent back from this tensor and adds what arrives at the leaves that require
   * gradients to their `grad`. Without `gradient` the tensor must have one element; its cotangent
   * is 1. What the tape saved is freed as the sweep passes, unless `retainGraph` is given.
   *
   * @throws {GradientError} when the tensor is off the tape, has several elements and no gradient is
   * given, the tape was freed, or a saved value was changed in place. No `grad` has changed then.
   * @throws {ShapeError | DTypeError} when the gradient's shape or dtype is not the tensor's.
   *
   * @example
   * ```ts
   * import { tensor } from '@gradtape/core'
   *
   * const w = tensor([1, 2], { requiresGrad: true })
   * w.square().sum().backward()
   * console.log(w.grad) // → tensor([2., 4.])
   * ```
   */
  backward(gradient?: Tensor, options?: BackwardOptions): void
  /**
   * Calls `hook` with the gradient of this tensor in each backward pass, once it is complete and
   * before it goes on; what the hook returns, if it returns a tensor, goes on in its place. Hooks are
   * called in the order in which they came. What they are given must not be changed in place.
   *
   * @returns a handle whose `remove()` takes the hook off.
   * @throws {GradientError} when the tensor requires no gradient. The backward pass throws, before any
   * `grad` has changed, when the hook returns a promise, or a tensor of another shape or dtype.
   *
   * @example
   * ```ts
   * import { tensor } from '@gradtape/core'
   *
   * const x = tensor([1, 2], { requiresGrad: true })
   * const y = x.mul(3)
   * y.registerHook((gradient) => gradient.clamp({ max: 1 }))
   * y.square().sum().backward()
   * console.log(x.grad) // → tensor([3., 3.])
   * ```
   */
  registerHook(hook: GradientHook): HookHandle
  /**
   * Has backward passes keep the gradient of this tensor in its `grad`, as they do for leaves.
   * @throws {GradientError} when it requires no gradient.
   */
  retainGrad(): void
  /** The slices along dimension 0. @throws {ShapeError} for 0-d tensors. */
  [Symbol.iterator](): Generator<Tensor, void, undefined>
  /** Prints in templates; throws in arithmetic. */
  [Symbol.toPrimitive](hint: string): string
}

const own: Omit<TensorMethods<Shape>, keyof TableMethods | 'var'> & ThisType<Tensor> = {
  get T() {
    const x = this as unknown as Tensor
    return permuteBy(
      x,
      x.shape.map((_, d) => x.ndim - 1 - d),
    )
  },
  get mT() {
    const x = this as unknown as Tensor
    if (x.ndim < 2) {
      throw new ShapeError(`mT: expected at least two dims, got shape ${showShape(x.shape)}`)
    }
    return matrixTranspose(x)
  },
  t() {
    if (this.ndim > 2) {
      throw new ShapeError(
        `t: expected at most two dims, got shape ${showShape(this.shape)}; use mT or transpose(a, b)`,
      )
    }
    return (this.ndim < 2 ? this : matrixTranspose(this)) as never
  },
  size(dim) {
    const size = this.shape[normalizeDim('size', dim, this.ndim)]
    if (size === undefined) throw new ShapeError('size: a 0-d tensor has no dims')
    return size
  },
  item() {
    if (this.numel !== 1) {
      throw new ValueError(
        `item: expected a tensor of one element, got shape ${showShape(this.shape)}; reduce it first, or use toArray()`,
      )
    }
    const { dtype, array, offset } = this.storage
    const element = array[offset + this.layout.offset]!
    return encodings[dtype]?.read(element) ?? element
  },
  toArray() {
    const data = elements(this)
    const { shape, dtype } = this
    let next = 0
    const build = (d: number): NestedArray =>
      d === shape.length
        ? dtype === 'bool'
          ? data[next++] !== 0
          : data[next++]!
        : Array.from({ length: shape[d]! }, () => build(d + 1))
    return build(0)
  },
  toTypedArray() {
    return copyOf(this).storage.array as never
  },
  toString() {
    return format(this)
  },
  toJSON() {
    return this.toArray()
  },
  float() {
    return castTo(this, 'float32')
  },
  double() {
    return castTo(this, 'float64')
  },
  detach() {
    return constantOf(this)
  },
  requiresGrad_(requiresGrad = true) {
    return setRequiresGrad(this, requiresGrad) as never
  },
  backward(gradient, options) {
    backward(this, gradient, options)
  },
  registerHook(hook) {
    return registerHook(this, hook)
  },
  retainGrad() {
    retainGrad(this)
  },
  *[Symbol.iterator]() {
    const [size, ...rest] = this.shape
    if (size === undefined) {
      throw new ShapeError(
        'a 0-d tensor has no rows to iterate over; use item() for its number, and toArray() to compare tensors in a test',
      )
    }
    for (let start = 0; start < size; start++) {
      yield reshapeTo(sliceOf(this, { dim: 0, start, length: 1, step: 1 }), rest)
    }
  },
  [Symbol.toPrimitive](hint) {
    if (hint === 'string') return format(this)
    throw new DTypeError(
      `a tensor of shape ${showShape(this.shape)} can't be used with operators: write x.add(y), sub, mul, div, pow, neg, ` +
        'lt, gt, eq … instead of + - * / < > ==, and x.item() for the number of a tensor of one element',
    )
  },
}

type Call = (...args: unknown[]) => unknown

/** A method whose tensor is the function's first argument. */
function first(call: Call): Call {
  // The usual numbers of arguments without a list of them: this runs for every op.
  return function (this: Tensor, a, ...rest) {
    return rest.length > 0
      ? call(this, a, ...rest)
      : arguments.length === 0
        ? call(this)
        : call(this, a)
  }
}

/** A method whose tensor is another argument of the function. */
function standing(receiver: number, call: Call): Call {
  return function (this: Tensor, ...args) {
    return call(...args.toSpliced(receiver, 0, this))
  }
}

Object.defineProperties(Tensor.prototype, Object.getOwnPropertyDescriptors(own))
Object.defineProperty(Tensor.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: Tensor): string {
    return format(this)
  },
})
for (const fn of entries) {
  const info = fn.entry
  if (info.method === null) continue
  const { name = info.name, receiver = 0 } = info.method ?? {}
  Object.defineProperty(Tensor.prototype, name, {
    configurable: true,
    writable: true,
    value: receiver === 0 ? first(fn) : standing(receiver, fn),
  })
}
