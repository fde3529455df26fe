import {
  asCall,
  elementwise,
  isTensor,
  noGrad,
  scalar as s,
  ShapeError,
  ValueError,
  type ShapeOf,
  type Tensor,
} from '@gradtape/core'
import { checkEps, checkFlag, checkNames } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { checkFloat } from './checks.ts'
import { affine, checkPerChannel } from './affine.ts'

export interface BatchNormCallOptions {
  /** The means to normalise by, `[C]`; in training, they are moved towards the batch's in place. */
  readonly runningMean?: Tensor | null
  /** The variances to normalise by, `[C]`; in training, they are moved in the same way. */
  readonly runningVar?: Tensor | null
  /** A factor for each channel, `[C]`; 1 unless given. */
  readonly weight?: Tensor | null
  /** What is added to each channel, `[C]`; 0 unless given. */
  readonly bias?: Tensor | null
  /** Whether the batch's own mean and variance are taken; false unless given. */
  readonly training?: boolean
  /** How far the running statistics are moved, from 0 to 1, or a 0-d tensor of that; 0.1 unless given. */
  readonly momentum?: number | Tensor
  /** What is added to the variance; 1e-5 unless given. */
  readonly eps?: number
}

const names = [
  'runningMean',
  'runningVar',
  'weight',
  'bias',
  'training',
  'momentum',
  'eps',
] as const

/** `(x - mean) · scale + shift`. */
const normalised = elementwise('batchNorm', (x, mean, scale, shift) =>
  s.add(s.mul(s.sub(x, mean), scale), shift),
)

/**
 * `(x - mean) / √(variance + eps) · weight + bias` for each channel of x `[N, C, …]` (Ioffe, Szegedy
 * 2015). In training mean and variance (divided by n) are those of the batch, and the running ones
 * become `(1 - momentum) · running + momentum · batch`, with the batch's variance divided by n - 1,
 * off the tape; else they are the running ones.
 *
 * @throws {ShapeError} when x has no channels, or a tensor of another shape than `[C]` is given.
 * @throws {DTypeError} unless all are float tensors of one dtype.
 * @throws {ValueError} in training with one value per channel, which has no variance; without
 * training unless both running statistics are given; for options out of range.
 */
export function batchNorm<X extends Tensor>(
  x: X,
  options: BatchNormCallOptions = {},
): Tensor<ShapeOf<X>> {
  const name = 'batchNorm'
  const {
    runningMean = null,
    runningVar = null,
    weight = null,
    bias = null,
    training = false,
    momentum = 0.1,
    eps = 1e-5,
  } = checkNames(name, options, names)
  checkFlag(name, 'training', training)
  checkEps(name, eps)
  if (!isTensor(momentum)) checkMomentum(name, momentum)
  else if (momentum.ndim !== 0) {
    throw new ShapeError(
      `${name}: momentum must be a number or a 0-d tensor, got shape ${showShape(momentum.shape)}`,
    )
  }
  const input = checkFloat(name, 'input', x)
  const { shape } = input
  const channels = shape[1]
  if (channels === undefined) {
    throw new ShapeError(`${name}: expected an input [N, C, …], got shape ${showShape(shape)}`)
  }
  checkPerChannel(name, 'runningMean', runningMean, channels, input)
  checkPerChannel(name, 'runningVar', runningVar, channels, input)
  checkPerChannel(name, 'weight', weight, channels, input)
  checkPerChannel(name, 'bias', bias, channels, input)
  const wide = (t: Tensor): Tensor => t.reshape([channels, ...shape.slice(2).map(() => 1)])
  const shift = bias === null ? 0 : wide(bias)
  const scaled = (inverse: Tensor): Tensor =>
    weight === null ? inverse : inverse.mul(wide(weight))
  if (!training) {
    if (runningMean === null || runningVar === null) {
      throw new ValueError(
        `${name}: runningMean and runningVar are needed unless it is training: give them, or training: true`,
      )
    }
    return asCall(name, () => {
      const scale = scaled(inverseDeviation(wide(runningVar), eps))
      return normalised(input, wide(runningMean), scale, shift)
    }) as never
  }
  const count = input.numel / channels
  if (!(count > 1)) {
    throw new ValueError(
      `${name}: training takes more than one value for each channel, got an input of shape ${showShape(shape)}; use larger batches, or leave out the last (dropLast)`,
    )
  }
  return asCall(name, () => {
    const { mean, centred, variance } = moments(
      input,
      shape.flatMap((_, d) => (d === 1 ? [] : [d])),
    )
    const out = affine(centred, scaled(inverseDeviation(variance, eps)), shift)
    noGrad(() => {
      move(runningMean, mean, momentum)
      move(runningVar, variance.mul(count / (count - 1)), momentum)
    })
    return out
  }) as never
}

interface Moments {
  readonly mean: Tensor
  /** x less its mean. */
  readonly centred: Tensor
  /** The mean square of that. */
  readonly variance: Tensor
}

/** Mean and variance over dims, which stay with size 1. */
function moments(x: Tensor, dims: readonly number[]): Moments {
  const mean = x.mean(dims, { keepdim: true })
  const centred = x.sub(mean)
  return { mean, centred, variance: centred.square().mean(dims, { keepdim: true }) }
}

/** `1 / √(variance + eps)`. */
const inverseDeviation: (variance: Tensor, eps: number) => Tensor = elementwise(
  'inverseDeviation',
  (variance, eps) => s.div(1, s.sqrt(s.add(variance, eps))),
)

/** @throws {ValueError} naming `where` unless `momentum` is a number from 0 to 1. */
export function checkMomentum(where: string, momentum: unknown): void {
  if (typeof momentum === 'number' && momentum >= 0 && momentum <= 1) return
  throw new ValueError(`${where}: momentum must be a number from 0 to 1, got ${String(momentum)}`)
}

/** Moves running statistics, if there are any, in place. */
function move(running: Tensor | null, batch: Tensor, momentum: number | Tensor): void {
  running?.add_(batch.reshape(running.shape).sub(running).mul(momentum))
}
