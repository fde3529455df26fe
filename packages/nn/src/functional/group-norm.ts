import { asCall, ShapeError, standardize, type ShapeOf, type Tensor } from '@gradtape/core'
import { checkEps, checkNames, checkSize } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { checkFloat } from './checks.ts'
import { affine, checkPerChannel } from './affine.ts'

export interface GroupNormCallOptions {
  /** What is added to the variance; 1e-5 unless given. */
  readonly eps?: number
}

/**
 * `(x - mean) / √(variance + eps) · weight + bias` for x `[N, C, …]`, mean and variance (divided by
 * n) being those of each example's channels in `groups` groups, one after the other (Wu, He 2018);
 * `weight` and `bias` `[C]` may be null or left out.
 *
 * @throws {ShapeError} when x has no channels, their number isn't divided by `groups`, or `weight` or
 * `bias` has another shape.
 * @throws {DTypeError} unless all are float tensors of one dtype.
 * @throws {ValueError} unless `groups` is an integer of at least 1, or when `eps` is negative.
 */
export function groupNorm<X extends Tensor>(
  x: X,
  groups: number,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options: GroupNormCallOptions = {},
): Tensor<ShapeOf<X>> {
  const name = 'groupNorm'
  const eps = checkEps(name, checkNames(name, options, ['eps']).eps ?? 1e-5)
  checkSize(name, 'groups', groups, 1)
  const input = checkFloat(name, 'input', x)
  const [count, channels, ...places] = input.shape
  if (channels === undefined) {
    throw new ShapeError(
      `${name}: expected an input [N, C, …], got shape ${showShape(input.shape)}; unsqueeze(0) adds a dim of one example`,
    )
  }
  if (channels % groups !== 0) {
    throw new ShapeError(
      `${name}: ${groups} groups don't divide the ${channels} channels of an input of shape ${showShape(input.shape)}`,
    )
  }
  checkPerChannel(name, 'weight', weight, channels, input)
  checkPerChannel(name, 'bias', bias, channels, input)
  const each = channels / groups
  const size = places.reduce((a, b) => a * b, 1)
  if (each * size === 0) {
    throw new ShapeError(
      `${name}: expected at least one element in each group, got an input of shape ${showShape(input.shape)}`,
    )
  }
  const wide = (t: Tensor): Tensor => t.reshape([groups, each, 1])
  return asCall(name, () => {
    const rows = standardize(input.reshape([count!, groups, each * size]), { eps })
    if (weight === null && bias === null) return rows.reshape(input.shape)
    const grouped = rows.reshape([count!, groups, each, size])
    const [scale, shift] = [weight ? wide(weight) : 1, bias ? wide(bias) : 0]
    return affine(grouped, scale, shift).reshape(input.shape)
  }) as never
}
