import { checkDType, getDefaultDtype, type DType } from '../dtype.ts'
import { setRequiresGrad } from '../leaf.ts'
import type { RandomGenerator } from '../random/generator.ts'
import { checkShape, type Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'

export interface CreationOptions {
  /** The default float dtype unless given. */
  readonly dtype?: DType
  /** Whether the tensor is a leaf whose gradient is wanted; false unless given. float32 and float64 only. */
  readonly requiresGrad?: boolean
}

export interface RandomOptions extends CreationOptions {
  /** Where randomness comes from; the default generator unless given. */
  readonly generator?: RandomGenerator
}

/** The dtype to create, the default float dtype unless one is given. */
export function dtypeOr(where: string, dtype: DType | undefined): DType {
  return dtype === undefined ? getDefaultDtype() : checkDType(where, dtype)
}

/** A shape of our own: what the caller does to the array later must not reach the tensor. */
export function ownShape(where: string, shape: Shape): Shape {
  return checkShape(where, shape).slice()
}

/** A fresh tensor, made a leaf if that is asked for. */
export function finish(x: Tensor, requiresGrad: boolean | undefined): Tensor {
  return requiresGrad === true ? setRequiresGrad(x, true) : x
}
