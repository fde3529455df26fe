import { zeros, type Shape, type Tensor } from '@gradtape/core'
import { uniform_ } from '../init.ts'
import { Parameter } from '../module/parameter.ts'
import type { ParameterStart } from '../options.ts'

/**
 * A parameter that starts uniform in ±1/√fan, where `fan` is how many numbers each output is a sum of.
 */
export function uniformParameter<const S extends Shape>(
  shape: S,
  fan: number,
  { dtype, generator }: ParameterStart,
): Parameter<S> {
  const bound = fan === 0 ? 0 : 1 / Math.sqrt(fan)
  const start = uniform_(zeros([...shape], { dtype }), { a: -bound, b: bound, generator })
  return new Parameter(start as Tensor as Tensor<S>)
}
