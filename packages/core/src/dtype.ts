import { DTypeError } from './errors.ts'

/** The dtypes that ops compute in. */
export type ComputeDType = 'bool' | 'int32' | 'float32' | 'float64'

/** The dtypes that only keep elements: ops that compute convert them on use. */
export type StorageDType = 'uint8' | 'int64' | 'float16' | 'bfloat16'

/** The types of elements. */
export type DType = ComputeDType | StorageDType

/** The dtypes that carry gradients. */
export type FloatDType = 'float32' | 'float64'

/**
 * The array that holds a tensor's elements: bools as bytes 0 and 1, float16 and bfloat16 as their
 * bits. Only int64 has another, of bigints, which loops that move elements need not tell apart.
 */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array | Uint16Array

/** Numbers of the dtypes. Those that ops compute in come first, and each of these holds what stands before it. */
export const codes: Readonly<Record<DType, number>> = {
  bool: 0,
  int32: 1,
  float32: 2,
  float64: 3,
  uint8: 4,
  int64: 5,
  float16: 6,
  bfloat16: 7,
}
const computes: Readonly<Record<StorageDType, ComputeDType>> = {
  uint8: 'int32',
  int64: 'int32',
  float16: 'float32',
  bfloat16: 'float32',
}

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

/** Whether tensors of this dtype are computed with only after a conversion. */
export function isStored(dtype: DType): dtype is StorageDType {
  return !isFloat(dtype) && codes[dtype] > codes.float64
}

/** The dtype in which ops compute with elements of `dtype`, and in which gradients of them live. */
export function computeDType(dtype: DType): ComputeDType {
  return isStored(dtype) ? computes[dtype] : dtype
}

/**
 * PyTorch's promotion: the smallest dtype that both convert to without changing category. Dtypes
 * that are only for keeping elements count, unless they are equal, as what they are converted to.
 */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a
  const [to, from] = [computeDType(a), computeDType(b)]
  return codes[to] > codes[from] ? to : from
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
  return Math.min(codes[computeDType(dtype)], 2)
}

/** Whether tensors of this dtype can stand on the tape: floats, also those that only keep elements. */
export function isReal(dtype: DType): boolean {
  return isFloat(dtype) || category(dtype) === 2
}

/** Whether a number has a value in `dtype`; floats round, and to bools all but 0 is true. */
export function holds(dtype: DType, value: number): boolean {
  switch (dtype) {
    case 'int32':
      return (value | 0) === value
    case 'uint8':
      return (value & 255) === value
    case 'int64':
      return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63
    default:
      return true
  }
}

/** @throws {DTypeError} naming `where` when `dtype` is none of ours. */
export function checkDType(where: string, dtype: unknown): DType {
  const all: readonly unknown[] = Object.keys(codes)
  if (!all.includes(dtype)) {
    throw new DTypeError(
      `${where}: there is no dtype ${JSON.stringify(dtype) ?? String(dtype)}; use one of ${all.map((name) => `'${name}'`).join(', ')}`,
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
    case 'uint8':
      return new Uint8Array(length)
    case 'int64':
      return new BigInt64Array(length) as never
    default:
      return new Uint16Array(length)
  }
}

/** Memory as elements of a dtype. */
export function arrayOn(dtype: DType, buffer: ArrayBuffer): TypedArray {
  const type = allocateArray(dtype, 0).constructor as Float32ArrayConstructor
  return new type(buffer)
}

/** The dtype that a typed array keeps when a tensor is made of it, or null when none does. */
export function dtypeOfArray(array: unknown): DType | null {
  for (const [dtype, type] of arrays) if (array instanceof type) return dtype
  return null
}

const arrays = [
  ['float32', Float32Array],
  ['float64', Float64Array],
  ['int32', Int32Array],
  ['uint8', Uint8Array],
  ['uint8', Uint8ClampedArray],
  ['int64', BigInt64Array],
] as const
