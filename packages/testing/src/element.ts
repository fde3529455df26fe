import type { Tensor } from '@gradtape/core'

/** The index of the i-th element in row-major order. */
export function indexOf(i: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length)
  let rest = i
  for (let d = shape.length - 1; d >= 0; d--) {
    index[d] = rest % shape[d]!
    rest = Math.floor(rest / shape[d]!)
  }
  return index
}

/** One element, as a view of 0 dims. */
export function atIndex(x: Tensor, index: readonly number[]): Tensor {
  return index.length === 0 ? x : x.at(...index)
}
