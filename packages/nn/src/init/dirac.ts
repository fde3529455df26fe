import { ShapeError, tensor, ValueError, type Tensor } from '@gradtape/core'
import { showShape } from '../show-shape.ts'
import { overwrite } from './overwrite.ts'

export interface DiracOptions {
  /** How many groups the convolution has; 1 unless given. */
  readonly groups?: number
}

/**
 * The weight `[out, in, ...kernel]` of a convolution that passes on its channels as they are, as many as
 * it can: ones in the middle of the kernel, zeros elsewhere.
 *
 * @throws {ShapeError} unless x has three to five dims, and groups divide the first.
 * @throws {ValueError} unless `groups` is an integer of at least 1.
 */
export function dirac_<X extends Tensor>(x: X, { groups = 1 }: DiracOptions = {}): X {
  const name = 'dirac_'
  if (!Number.isSafeInteger(groups) || groups < 1) {
    throw new ValueError(`${name}: groups must be an integer of at least 1, got ${String(groups)}`)
  }
  return overwrite(name, x, ({ shape, ndim, numel, dtype }) => {
    const [out, into, ...kernel] = shape as [number, number, ...number[]]
    if (ndim < 3 || ndim > 5 || out % groups !== 0) {
      throw new ShapeError(
        `${name}: expected a weight [out, in, ...kernel] of one to three spatial dims, with out a multiple of groups ${groups}, got shape ${showShape(shape)}`,
      )
    }
    const values = new Float64Array(numel)
    const size = kernel.reduce((a, b) => a * b, 1)
    const middle = kernel.reduce((place, n) => place * n + Math.floor(n / 2), 0)
    const ofGroup = out / groups
    for (let o = 0; o < out; o++) {
      const channel = o % ofGroup
      if (channel < into) values[(o * into + channel) * size + middle] = 1
    }
    return tensor(values, { shape: [...shape], dtype: dtype as 'float32' })
  })
}
