import type { Tensor } from '@gradtape/core'

/** What a forgotten sum over broadcast dims comes to: of each dim the first element only. */
export function firstOf(x: Tensor, dims: readonly number[], keepdim: boolean): Tensor {
  if (dims.some((d) => x.shape[d] === 0)) return x.sum([...dims], { keepdim })
  const first = dims.reduce<Tensor>((y, d) => y.narrow(d, 0, 1), x)
  return keepdim ? first : first.reshape(x.shape.filter((_, d) => !dims.includes(d)))
}
