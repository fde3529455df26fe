import { DTypeError } from './errors.ts'

/** The types of elements. Order is promotion order: each holds what stands before it. */
export type DType = 'bool' | 'int32' | 'float32' | 'float64'

/** The dtypes that carry gradients. */
export type FloatDType = 'float32' | 'float64'

/** The array that holds a tensor's elements; bool is kept as bytes 0 and 1. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array

const order: readonly DType[] = ['bool', 'int32', 'float32', 'float64']
const arrays = {
  bool: Uint8Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const

let defaultFloat: FloatDType = 'float32'

/** The float dtype of tensors made from numbers: `float32` unless {@link setDefaultDtype} changed it. */
export function getDefaultDtype(): FloatDType {
  return defaultFloat
}

/**
 * Sets the float dtype of tensors that are made from numbers.
 * @throws {DTypeError} when `dtype` is no float dtype.
 */
export function setDefaultDtype(dtype: FloatDType): void {
  if (!isFloat(checkDType('setDefaultDtype', dtype))) {
    throw new DTypeError(
      `setDefaultDtype: expected 'float32' or 'float64', got '${dtype}': only floats can be the default`,
    )
  }
  defaultFloat = dtype
}

export function isFloat(dtype: DType): dtype is FloatDType {
  return dtype === 'float32' || dtype === 'float64'
}

/** PyTorch's promotion: the smallest dtype that both convert to without changing category. */
export function promote(a: DType, b: DType): DType {
  return a === b || order.indexOf(a) > order.indexOf(b) ? a : b
}

/** What {@link resultType} looks at: a tensor. */
interface Typed {
  readonly dtype: DType
  readonly ndim: number
}

/**
 * The dtype in which tensors meet, by PyTorch's rule: 0-d tensors, like numbers, only count where
 * their category (bool, integer, float) is above that of all tensors with dimensions.
 */
export function resultType(tensors: readonly Typed[]): DType {
  const meet = (some: readonly Typed[]): DType | undefined =>
    some.length === 0 ? undefined : some.map(({ dtype }) => dtype).reduce(promote)
  const dimensioned = meet(tensors.filter(({ ndim }) => ndim > 0))
  const scalar = meet(tensors.filter(({ ndim }) => ndim === 0))
  if (dimensioned === undefined || scalar === undefined) return (dimensioned ?? scalar)!
  return category(scalar) > category(dimensioned) ? promote(dimensioned, scalar) : dimensioned
}

/** 0 for bool, 1 for integers, 2 for floats. */
export function category(dtype: DType): number {
  return dtype === 'bool' ? 0 : isFloat(dtype) ? 2 : 1
}

/** @throws {DTypeError} naming `where` when `dtype` is none of ours. */
export function checkDType(where: string, dtype: unknown): DType {
  if (!order.includes(dtype as DType)) {
    throw new DTypeError(
      `${where}: there is no dtype ${JSON.stringify(dtype) ?? String(dtype)}; use one of ${order.map((name) => `'${name}'`).join(', ')}`,
    )
  }
  return dtype as DType
}

export function allocateArray(dtype: DType, length: number): TypedArray {
  // One branch per constructor keeps each `new` monomorphic: this runs for every result.
  switch (dtype) {
    case 'float32':
      return new Float32Array(length)
    case 'float64':
      return new Float64Array(length)
    case 'int32':
      return new Int32Array(length)
    case 'bool':
      return new Uint8Array(length)
  }
}

/** The dtype that a typed array keeps when a tensor is made of it, or null when none does. */
export function dtypeOfArray(array: unknown): DType | null {
  for (const dtype of ['float32', 'float64', 'int32'] as const) {
    if (array instanceof arrays[dtype]) return dtype
  }
  return null
}
