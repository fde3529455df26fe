import type { DType } from '@gradtape/core'
import fc from 'fast-check'

export interface DTypesConstraints {
  /** Only the dtypes that carry gradients; false unless given. */
  readonly floats?: boolean
}

/** The dtypes that ops compute in. */
export function dtypes({ floats = false }: DTypesConstraints = {}): fc.Arbitrary<DType> {
  return fc.constantFrom<DType[]>(
    'float64',
    'float32',
    ...(floats ? [] : (['int32', 'bool'] as const)),
  )
}
