import {
  asCall,
  elementwise,
  inspect,
  scalar as s,
  ShapeError,
  stopGradient,
  ValueError,
  type Shape,
  type Tensor,
} from '@gradtape/core'
import { checkNames } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { checkFloat, checkPair, sameShape } from './checks.ts'
import { checkReduction, reduce, type LossOptions } from './reduction.ts'

export interface KlDivOptions {
  /**
   * `'batchmean'`, the sum divided by the size of the first dimension, is the divergence of its
   * definition; `'mean'`, unless given, divides by the number of elements instead.
   */
  readonly reduction?: LossOptions['reduction'] | 'batchmean'
  /** Whether the target holds log-probabilities, too; false unless given. */
  readonly logTarget?: boolean
}

const reductions: readonly unknown[] = ['mean', 'sum', 'none']

// 0 · log 0 is 0; the select leaves out its slope as well.
const divergence = /* @__PURE__ */ elementwise('klDiv', (x, y) =>
  s.select(s.eq(y, 0), 0, s.mul(y, s.sub(s.log(y), x))),
)
const divergenceOfLogs = /* @__PURE__ */ elementwise('klDiv', (x, y) =>
  s.mul(s.exp(y), s.sub(y, x)),
)

/**
 * The Kullback-Leibler divergence of log-probabilities x from target probabilities y, each element's
 * part of it: `y · (log y - x)`, and 0 where y is 0 (Kullback, Leibler 1951).
 *
 * @throws {ShapeError} when the target's shape is not the input's, or `'batchmean'` is asked of 0-d
 * tensors.
 * @throws {DTypeError} unless both are floats.
 */
export function klDiv(input: Tensor, target: Tensor, options: KlDivOptions = {}): Tensor {
  const names = ['reduction', 'logTarget'] as const
  const { reduction = 'mean', logTarget = false } = checkNames('klDiv', options, names)
  checkPair('klDiv', input, target)
  const byBatch = reduction === 'batchmean'
  if (!byBatch && !reductions.includes(reduction)) {
    throw new ValueError(
      `klDiv: reduction must be 'mean', 'batchmean', 'sum' or 'none', got '${String(reduction)}'`,
    )
  }
  const rows = input.shape[0]
  if (byBatch && rows === undefined) {
    throw new ShapeError("klDiv: 'batchmean' needs a first dimension, got 0-d tensors; use 'sum'")
  }
  return asCall('klDiv', () => {
    const parts = logTarget ? divergenceOfLogs(input, target) : divergence(input, target)
    return byBatch ? parts.sum().div(rows!) : reduce(parts, reduction)
  })
}

export interface PoissonNllOptions extends LossOptions {
  /** Whether the input is the logarithm of the rate (true unless given) or the rate itself. */
  readonly logInput?: boolean
  /** Whether Stirling's approximation of `log y!` is added; false unless given. */
  readonly full?: boolean
  /** Added to a rate before its logarithm is taken; 1e-8 unless given, not below 0. */
  readonly eps?: number
}

const ofLogRate = /* @__PURE__ */ elementwise('poissonNllLoss', (x, y) =>
  s.sub(s.exp(x), s.mul(y, x)),
)
const ofRate = /* @__PURE__ */ elementwise('poissonNllLoss', (x, y, eps) =>
  s.sub(x, s.mul(y, s.log(s.add(x, eps)))),
)
const stirling = /* @__PURE__ */ elementwise('poissonNllLoss', (y) => {
  const log = s.add(s.sub(s.mul(y, s.log(y)), y), s.mul(0.5, s.log(s.mul(2 * Math.PI, y))))
  return s.select(s.gt(y, 1), log, 0)
})

/**
 * Negative log-likelihood of counts y from a Poisson law whose rate has the logarithm x:
 * `eˣ - y · x`, up to `log y!`. With `logInput: false` x is the rate, and the loss
 * `x - y · log(x + eps)`. With `full`, `y log y - y + log(2πy)/2` is added where y is above 1.
 *
 * @throws {ValueError} when `eps` is below 0.
 * @throws {ShapeError} when the target's shape is not the input's.
 * @throws {DTypeError} unless both are floats.
 */
export function poissonNllLoss(
  input: Tensor,
  target: Tensor,
  options: PoissonNllOptions = {},
): Tensor {
  const name = 'poissonNllLoss'
  const names = ['reduction', 'logInput', 'full', 'eps'] as const
  const {
    reduction = 'mean',
    logInput = true,
    full = false,
    eps = 1e-8,
  } = checkNames(name, options, names)
  checkPair(name, input, target)
  checkReduction(name, reduction)
  if (!(eps >= 0)) throw new ValueError(`${name}: eps must not be below 0, got ${eps}`)
  return asCall(name, () => {
    const losses = logInput ? ofLogRate(input, target) : ofRate(input, target, eps)
    return reduce(full ? losses.add(stirling(target)) : losses, reduction)
  })
}

export interface GaussianNllOptions extends LossOptions {
  /** Whether the constant `log(2π)/2` is added; false unless given. */
  readonly full?: boolean
  /** What a variance is raised to at least; 1e-6 unless given, above 0. */
  readonly eps?: number
}

const ofNormal = /* @__PURE__ */ elementwise('gaussianNllLoss', (x, y, variance) => {
  const error = s.sub(x, y)
  return s.mul(0.5, s.add(s.log(variance), s.div(s.mul(error, error), variance)))
})

/**
 * Negative log-likelihood of targets y from normal laws of means x and variances v:
 * `(log v + (x - y)² / v) / 2` (Nix, Weigend 1994). The variance has the input's shape, or lacks its
 * last dimension, or has size 1 there, or is a number. Below `eps` it counts as `eps`, while its
 * gradient is passed on as if it did not, so that it can grow again.
 *
 * @throws {ValueError} when a variance is below 0, or `eps` not above 0.
 * @throws {ShapeError} when the target's shape is not the input's, or the variance's doesn't fit it.
 * @throws {DTypeError} unless all are floats.
 */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor | number,
  options: GaussianNllOptions = {},
): Tensor {
  const name = 'gaussianNllLoss'
  const names = ['reduction', 'full', 'eps'] as const
  const { reduction = 'mean', full = false, eps = 1e-6 } = checkNames(name, options, names)
  checkPair(name, input, target)
  checkReduction(name, reduction)
  if (!(eps > 0)) throw new ValueError(`${name}: eps must be above 0, got ${eps}`)
  if (typeof variance === 'number') checkVariances([variance])
  const shape = typeof variance === 'number' ? null : varianceShape(variance, input.shape)
  return asCall(name, () => {
    const held =
      shape === null ? Math.max(variance as number, eps) : raised(variance as Tensor, shape, eps)
    const losses = ofNormal(input, target, held)
    return reduce(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction)
  })
}

/** The shape under which a variance broadcasts to the input's. */
function varianceShape(variance: unknown, input: Shape): Shape {
  const { shape } = checkFloat('gaussianNllLoss', 'variance', variance)
  const rest = input.slice(0, -1)
  if (sameShape(shape, input) || (input.length > 0 && sameShape(shape, [...rest, 1]))) return shape
  if (input.length > 0 && sameShape(shape, rest)) return [...rest, 1]
  throw new ShapeError(
    `gaussianNllLoss: the variance of shape ${showShape(shape)} does not fit the input's ${showShape(input)}; ` +
      `expected ${showShape(input)}, or one for each row: ${showShape(rest)} or ${showShape([...rest, 1])}`,
  )
}

/** At least `eps`, with the slope 1 everywhere. */
function raised(variance: Tensor, shape: Shape, eps: number): Tensor {
  inspect(variance, checkVariances)
  const column: Tensor = variance.reshape(shape)
  const missing = stopGradient(column.neg().add(eps).clamp({ min: 0 }))
  return column.add(missing)
}

function checkVariances(values: ArrayLike<number | bigint | boolean>): void {
  for (let i = 0; i < values.length; i++) {
    // Asked so that NaN fails too.
    if (Number(values[i]) >= 0) continue
    throw new ValueError(
      `gaussianNllLoss: the variance must not be below 0, got ${values[i]} at element ${i}; for a network's output take exp or softplus of it`,
    )
  }
}
