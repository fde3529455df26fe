import type { DType, TypedArray } from './dtype.ts'
import { Layout } from './layout.ts'
import type { TensorMethods } from './methods.ts'
import { walk } from './backends/odometer.ts'
import { allocateArray } from './dtype.ts'
import { encodings } from './encoding.ts'
import type { Shape } from './shape.ts'
import { Storage, supply } from './storage.ts'
import type { Node } from './tape.ts'

/** Marks tensors; a brand, because `instanceof` fails between realms. */
const brand: unique symbol = Symbol.for('gradtape.Tensor') as never

/**
 * An n-dimensional array of numbers that can be differentiated through. `S` is its shape as far as
 * the compiler knows it; plain `Tensor` is usable everywhere.
 */
export class Tensor<out S extends Shape = Shape> {
  /** @internal */ readonly storage: Storage
  /** @internal */ readonly layout: Layout
  /** @internal The place on the tape; null when no gradient is required. */
  node: Node<Tensor> | null = null
  /** @internal The same, for those who don't hold on to it. */
  gradient: Tensor<S> | null = null

  /** @internal Use `tensor`, `zeros` and the like. */
  constructor(storage: Storage, layout: Layout) {
    this.storage = storage
    this.layout = layout
  }

  /**
   * The gradient that `backward` accumulated into this leaf, or null. Set it to null to clear it.
   */
  get grad(): Tensor<S> | null {
    const { gradient } = this
    supply?.show(gradient)
    // Of what the user has set there nothing is known.
    if (isTensor(gradient)) gradient.storage.own()
    return gradient
  }

  set grad(next: Tensor<S> | null) {
    supply?.replace(this.gradient, next)
    this.gradient = next
  }

  /** The sizes of the dimensions. */
  get shape(): Readonly<S> {
    return this.layout.shape as S
  }

  /** The type of the elements. */
  get dtype(): DType {
    return this.storage.dtype
  }

  /** The number of dimensions. */
  get ndim(): number {
    return this.layout.shape.length
  }

  /** The number of elements. */
  get numel(): number {
    return this.layout.numel
  }

  /** Whether gradients flow to or through this tensor. */
  get requiresGrad(): boolean {
    return this.node !== null
  }

  /** Whether this tensor was made by the user rather than by a recorded operation. */
  get isLeaf(): boolean {
    return this.node === null || this.node.edges === null
  }

  /**
   * The elements in row-major order, read-only: the live memory where the tensor is contiguous,
   * else a copy. bool elements are 0 and 1; int64, float16 and bfloat16 are copied, as
   * numbers, each time.
   */
  get data(): ReadonlyData {
    return elements(this)
  }
}

/** One array type for all dtypes, so that `map` and `reduce` compile. */
export type ReadonlyData = Readonly<
  Omit<Float64Array, 'copyWithin' | 'fill' | 'reverse' | 'set' | 'sort'>
>

export interface Tensor<out S extends Shape = Shape> extends TensorMethods<S> {}

Object.defineProperty(Tensor.prototype, brand, { value: true })

export function isTensor(x: unknown): x is Tensor {
  return x instanceof Tensor || (typeof x === 'object' && x !== null && brand in x)
}

/** A tensor for an op to write its result into, all of it: whatever stands in it until then. */
export function emptyOf(dtype: DType, shape: Shape): Tensor {
  const layout = Layout.contiguous(shape)
  return new Tensor(Storage.empty(dtype, layout.numel), layout)
}

/** A tensor of zeros, for an op to add its result to, or to write parts of. */
export function zerosOf(dtype: DType, shape: Shape): Tensor {
  const layout = Layout.contiguous(shape)
  return new Tensor(Storage.forResult(dtype, layout.numel), layout)
}

/** The elements in row-major order, as numbers: the live memory where that will do, else a copy. */
export function elements({ storage, layout }: Tensor): TypedArray & Float64Array {
  const { dtype } = storage
  storage.own()
  const { array } = storage
  const start = layout.offset
  const encoding = encodings[dtype]
  if (layout.isContiguous && encoding === undefined) {
    const whole = array.length === layout.numel
    return (whole ? array : array.subarray(start, start + layout.numel)) as never
  }
  const numbers = encoding === undefined ? dtype : dtype === 'int64' ? 'float64' : 'float32'
  const copy = allocateArray(numbers, layout.numel)
  let to = 0
  walk(layout.shape, [{ strides: layout.strides, offset: start }], ([from]) => {
    const element = array[from!]!
    copy[to++] = encoding === undefined ? element : encoding.read(element)
  })
  return copy as never
}
