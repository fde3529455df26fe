import { tensor, type Tensor, type TypedArray } from '../../src/index.ts'

/** The dtypes that only keep elements. */
export const stored = ['uint8', 'int64', 'float16', 'bfloat16'] as const
export const halves = ['float16', 'bfloat16'] as const
/** What ops convert them to. */
export const computesIn = {
  uint8: 'int32',
  int64: 'int32',
  float16: 'float32',
  bfloat16: 'float32',
} as const

/** The elements as they stand in memory. */
export const raw = (x: Tensor): ArrayLike<number | bigint> =>
  x.toTypedArray<TypedArray | BigInt64Array>() as ArrayLike<number | bigint>

export const long = (...values: readonly bigint[]): Tensor => tensor(BigInt64Array.from(values))
