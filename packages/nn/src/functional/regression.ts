import { asCall, ValueError, type Tensor } from '@gradtape/core'
import { checkPair } from './checks.ts'
import { checkReduction, reduce, type LossOptions } from './reduction.ts'

// Of all losses here: float tensors of one shape, else a ShapeError or a DTypeError.

/** The squared error, `(x - y)²`. */
export function mseLoss(
  input: Tensor,
  target: Tensor,
  { reduction = 'mean' }: LossOptions = {},
): Tensor {
  checkPair('mseLoss', input, target)
  checkReduction('mseLoss', reduction)
  return asCall('mseLoss', () => reduce(input.sub(target).square(), reduction))
}

/** The absolute error, `|x - y|`; its gradient where they are equal is 0. */
export function l1Loss(
  input: Tensor,
  target: Tensor,
  { reduction = 'mean' }: LossOptions = {},
): Tensor {
  checkPair('l1Loss', input, target)
  checkReduction('l1Loss', reduction)
  return asCall('l1Loss', () => reduce(input.sub(target).abs(), reduction))
}

export interface HuberOptions extends LossOptions {
  /** Up to which error the loss is quadratic; 1 unless given, above 0. */
  readonly delta?: number
}

/**
 * The Huber loss of the error e = x - y (Huber 1964): `e²/2` where `|e| ≤ delta`, else
 * `delta · (|e| - delta/2)`.
 * @throws {ValueError} unless `delta` is above 0.
 */
export function huberLoss(
  input: Tensor,
  target: Tensor,
  { reduction = 'mean', delta = 1 }: HuberOptions = {},
): Tensor {
  checkPair('huberLoss', input, target)
  checkReduction('huberLoss', reduction)
  if (!(delta > 0)) throw new ValueError(`huberLoss: delta must be above 0, got ${delta}`)
  return asCall('huberLoss', () => reduce(huber(input.sub(target), delta), reduction))
}

export interface SmoothL1Options extends LossOptions {
  /** Up to which error the loss is quadratic; 1 unless given, not below 0. */
  readonly beta?: number
}

/**
 * The Huber loss by `beta` divided by it (Girshick 2015): `e²/(2 beta)` where `|e| < beta`, else
 * `|e| - beta/2`. With `beta` 0 it is the absolute error.
 * @throws {ValueError} when `beta` is below 0.
 */
export function smoothL1Loss(
  input: Tensor,
  target: Tensor,
  { reduction = 'mean', beta = 1 }: SmoothL1Options = {},
): Tensor {
  checkPair('smoothL1Loss', input, target)
  checkReduction('smoothL1Loss', reduction)
  if (!(beta >= 0)) throw new ValueError(`smoothL1Loss: beta must not be below 0, got ${beta}`)
  return asCall('smoothL1Loss', () => {
    const error = input.sub(target)
    return reduce(beta === 0 ? error.abs() : huber(error, beta).div(beta), reduction)
  })
}

/** With m the error moved into [-delta, delta], both branches are `m · (e - m/2)`. */
function huber(error: Tensor, delta: number): Tensor {
  const moved = error.clamp({ min: -delta, max: delta })
  return moved.mul(error.sub(moved.mul(0.5)))
}
