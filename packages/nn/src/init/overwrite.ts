import { DTypeError, isTensor, noGrad, type RandomGenerator, type Tensor } from '@gradtape/core'

export interface GeneratorOptions {
  /** Where the numbers come from; the default generator unless given. */
  readonly generator?: RandomGenerator
}

/** Writes `values` over a float tensor in place, off the tape, and returns it. */
export function overwrite<X extends Tensor>(name: string, x: X, values: (like: X) => Tensor): X {
  checkFloat(name, x)
  noGrad(() => {
    x.copy_(values(x))
  })
  return x
}

/** @throws {DTypeError} naming `name` unless x is of a dtype that is computed in. */
export function checkFloat(name: string, x: unknown): Tensor {
  if (isTensor(x) && (x.dtype === 'float32' || x.dtype === 'float64')) return x
  throw new DTypeError(
    `${name}: expected a float tensor, got ${isTensor(x) ? `dtype ${x.dtype}` : typeof x}`,
  )
}
