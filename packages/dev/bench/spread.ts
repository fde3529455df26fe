import { arange, type Tensor } from '@gradtape/core'

const GOLDEN_RATIO = 0.6180339887498949

/**
 * Numbers spread evenly over [-1, 1): the fractions of multiples of the golden ratio. Every language
 * with IEEE doubles gets the same ones.
 */
export function spread(shape: readonly number[], offset: number): Tensor {
  const count = shape.reduce((product, size) => product * size, 1)
  const fractions = arange(count, { dtype: 'float64' }).add(offset).mul(GOLDEN_RATIO).remainder(1)
  return fractions.mul(2).sub(1).reshape(shape).float()
}
