import { tensor, type Tensor } from '@gradtape/core'

/** Numbers from -1 to 1 without a pattern, of the form of `x`. */
export function direction(x: Tensor, k: number): Tensor {
  const data = Float64Array.from({ length: x.numel }, (_, i) => Math.sin(k * 12.9898 + i * 78.233))
  return tensor(data).reshape(x.shape)
}
