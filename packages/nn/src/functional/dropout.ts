import {
  asCall,
  rand,
  ValueError,
  where,
  type RandomGenerator,
  type ShapeOf,
  type Tensor,
} from '@gradtape/core'
import { checkFloat } from './checks.ts'

export interface DropoutCallOptions {
  /** How likely each element is dropped, from 0 to 1; 0.5 unless given. */
  readonly p?: number
  /** Whether anything is dropped at all; true unless given. */
  readonly training?: boolean
  /** Where the choice comes from; the default generator unless given. */
  readonly generator?: RandomGenerator
}

/**
 * Zeroes each element with probability `p` and multiplies the others by `1/(1-p)`, so that the
 * expected value stays (Hinton et al. 2012). Without `training` gives back x.
 *
 * @throws {ValueError} when `p` is not from 0 to 1.
 * @throws {DTypeError} for tensors of integers or bools.
 */
export function dropout<X extends Tensor>(
  x: X,
  { p = 0.5, training = true, generator }: DropoutCallOptions = {},
): Tensor<ShapeOf<X>> {
  checkProbability('dropout', p)
  const { shape, dtype } = checkFloat('dropout', 'input', x)
  if (!training) return x as never
  return asCall('dropout', () => {
    const kept = rand(shape, { dtype: dtype === 'float64' ? dtype : 'float32', generator }).ge(p)
    // With p = 1 nothing is kept, and any scale does.
    const scale = p === 1 ? 0 : 1 / (1 - p)
    return where(kept, (x as Tensor).mul(scale), 0) as never
  })
}

/** @throws {ValueError} naming `name` and the option unless `p` is from 0 to 1. */
export function checkProbability(name: string, p: number, option = 'p'): number {
  if (typeof p === 'number' && p >= 0 && p <= 1) return p
  throw new ValueError(`${name}: ${option} must be a probability from 0 to 1, got ${String(p)}`)
}
