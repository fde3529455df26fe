import {
  asCall,
  DTypeError,
  inspect,
  isTensor,
  notice,
  ShapeError,
  ValueError,
  where,
  type Shape,
  type Tensor,
} from '@gradtape/core'
import { showShape } from '../show-shape.ts'
import { checkFloat, isInteger, sameShape } from './checks.ts'
import { checkReduction, reduce, type LossOptions, type Reduction } from './reduction.ts'

export interface NllOptions extends LossOptions {
  /** A weight for each class, `[C]`. The mean divides by the sum of the weights that took part. */
  readonly weight?: Tensor
  /** A label whose places cost nothing and are not counted; -100 unless given. */
  readonly ignoreIndex?: number
}

export interface CrossEntropyOptions extends NllOptions {
  /** The share of the target, from 0 to 1, that is spread evenly over all classes; 0 unless given. */
  readonly labelSmoothing?: number
}

/**
 * Negative log-likelihood of labels: `-weight[y] · x[y]` for log-probabilities x and the class y of
 * each place. The input is `[C]`, `[N, C]` or `[N, C, d1, …]`; the labels (int32, int64 or uint8) have its shape
 * without C.
 *
 * @throws {ValueError} when a label is neither a class nor `ignoreIndex`.
 * @throws {ShapeError} when the shapes don't fit.
 * @throws {DTypeError} unless the labels are integers and the rest is float.
 */
export function nllLoss(
  input: Tensor,
  target: Tensor,
  { weight, ignoreIndex = -100, reduction = 'mean' }: NllOptions = {},
): Tensor {
  const classes = checkClasses('nllLoss', input, weight)
  checkReduction('nllLoss', reduction)
  return asCall('nllLoss', () => {
    checkLabels('nllLoss', classes, target, ignoreIndex)
    const labels = labelsOf(classes, target, weight, ignoreIndex)
    return settle(labelLoss(input, classes, labels), labels, reduction)
  })
}

/**
 * Cross-entropy of logits with classes: {@link nllLoss} of their `logSoftmax`, without overflow. The
 * target is either labels (int32, int64 or uint8, of the input's shape without C) or, as floats of the input's shape,
 * a probability for each class; then the loss of a place is `-Σ weight · y · log softmax(x)`, and the
 * mean is over places.
 *
 * With `labelSmoothing` s, a label becomes `1 - s` of it and `s / C` of every class (Szegedy et al. 2016).
 *
 * @throws {ValueError} when a label is neither a class nor `ignoreIndex`, when `labelSmoothing` is not
 * from 0 to 1, or when `ignoreIndex` is given with probabilities.
 * @throws {ShapeError} when the shapes don't fit.
 * @throws {DTypeError} when the target is neither of integers nor of floats, or the rest is not float.
 */
export function crossEntropy(
  input: Tensor,
  target: Tensor,
  options: CrossEntropyOptions = {},
): Tensor {
  const name = 'crossEntropy'
  const { weight, ignoreIndex = -100, labelSmoothing = 0, reduction = 'mean' } = options
  const classes = checkClasses(name, input, weight)
  checkReduction(name, reduction)
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ValueError(`${name}: labelSmoothing must be from 0 to 1, got ${labelSmoothing}`)
  }
  if (isTensor(target) && !isInteger(target) && sameShape(target.shape, input.shape)) {
    checkFloat(name, 'target of probabilities', target)
    if (options.ignoreIndex !== undefined) {
      throw new ValueError(`${name}: ignoreIndex goes with labels, not with probabilities`)
    }
    return asCall(name, () => {
      const shares = smoothed(target, labelSmoothing, classes)
      return reduce(spreadLoss(input.logSoftmax(classes.dim), shares, classes, weight), reduction)
    })
  }
  return asCall(name, () => {
    checkLabels(name, classes, target, ignoreIndex)
    noticeProbabilities(input, classes)
    const labels = labelsOf(classes, target, weight, ignoreIndex)
    const logs = input.logSoftmax(classes.dim)
    const sharp = settle(labelLoss(logs, classes, labels), labels, reduction)
    if (labelSmoothing === 0) return sharp
    const even = settle(spreadLoss(logs, null, classes, weight), labels, reduction)
    return sharp.mul(1 - labelSmoothing).add(even.mul(labelSmoothing / classes.count))
  })
}

/** How many inputs are looked at. */
let looks = 3

/** Says so when what should be logits looks like the probabilities that softmax makes of them. */
function noticeProbabilities(input: Tensor, { dim, count }: Classes): void {
  if (looks === 0 || count < 2 || input.numel === 0) return
  looks--
  const step = input.shape.slice(dim + 1).reduce((a, b) => a * b, 1)
  inspect(input, (values) => {
    for (let i = 0; i < values.length; i++) {
      if (Math.floor(i / step) % count !== 0) continue
      let sum = 0
      for (let k = 0; k < count; k++) {
        const value = values[i + k * step]!
        if (!(value >= 0)) return
        sum += value
      }
      if (Math.abs(sum - 1) > 1e-4) return
    }
    notice(
      'probabilities',
      () =>
        'the input of crossEntropy is never negative and sums to 1 over the classes, as after softmax; give it the logits, as it takes the softmax itself',
    )
  })
}

/** Where the classes lie in an input, and the places that have one each. */
interface Classes {
  readonly dim: number
  readonly count: number
  readonly places: Shape
}

function checkClasses(name: string, input: unknown, weight: Tensor | undefined): Classes {
  const { shape, ndim } = checkFloat(name, 'input', input)
  if (ndim === 0) {
    throw new ShapeError(
      `${name}: expected an input [C], [N, C] or [N, C, d1, …], got a 0-d tensor`,
    )
  }
  const dim = ndim === 1 ? 0 : 1
  const count = shape[dim]!
  if (weight !== undefined && !sameShape(checkFloat(name, 'weight', weight).shape, [count])) {
    throw new ShapeError(
      `${name}: expected a weight for each of ${count} classes, shape [${count}], got ${showShape(weight.shape)}`,
    )
  }
  return { dim, count, places: shape.toSpliced(dim, 1) }
}

function checkLabels(
  name: string,
  { count, places }: Classes,
  target: unknown,
  ignoreIndex: number,
): void {
  const expected = `int32 labels of shape ${showShape(places)}`
  if (!isTensor(target) || !isInteger(target)) {
    const seen = isTensor(target)
      ? `dtype ${target.dtype} and shape ${showShape(target.shape)}`
      : typeof target
    const other = name === 'crossEntropy' ? ", or float probabilities of the input's shape" : ''
    throw new DTypeError(
      `${name}: expected ${expected}${other} as the target, got ${seen}; convert labels with .to('int32')`,
    )
  }
  if (!sameShape(target.shape, places)) {
    throw new ShapeError(
      `${name}: expected ${expected}, got shape ${showShape(target.shape)}; the input's shape without its dimension of ${count} classes`,
    )
  }
  inspect(target, (labels) => {
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i]!
      if ((label >= 0 && label < count) || label === ignoreIndex) continue
      throw new ValueError(
        `${name}: label ${label} at element ${i} is no class; expected 0 to ${count - 1}, or ${ignoreIndex} for what is ignored`,
      )
    }
  })
}

interface Labels {
  /** Which places are not ignored. */
  readonly kept: Tensor
  /** Their classes; any class where ignored. */
  readonly index: Tensor
  /** Their classes' weights, if there are weights. */
  readonly weights: Tensor | null
}

// What is ignored is found by ops, not while the labels are checked: a recorded step must find it anew.
function labelsOf(
  { places }: Classes,
  target: Tensor,
  weight: Tensor | undefined,
  ignoreIndex: number,
): Labels {
  const kept = target.ne(ignoreIndex)
  const index = where(kept, target, 0)
  const weights = weight?.indexSelect(0, index.flatten()).reshape(places) ?? null
  return { kept, index, weights }
}

/** The loss of each place by its label. */
function labelLoss(logs: Tensor, { dim }: Classes, { index, weights }: Labels): Tensor {
  const picked = logs.gather(dim, index.unsqueeze(dim)).squeeze(dim).neg()
  return weights === null ? picked : picked.mul(weights)
}

/** The loss of each place by shares of all classes; null for shares of 1. */
function spreadLoss(
  logs: Tensor,
  shares: Tensor | null,
  { dim, count }: Classes,
  weight: Tensor | undefined,
): Tensor {
  let terms = shares === null ? logs : logs.mul(shares)
  if (weight !== undefined) {
    const behind = logs.shape.slice(dim + 1)
    terms = terms.mul(weight.reshape([count, ...behind.map(() => 1)]))
  }
  return terms.sum(dim).neg()
}

function smoothed(shares: Tensor, labelSmoothing: number, { count }: Classes): Tensor {
  if (labelSmoothing === 0) return shares
  return shares.mul(1 - labelSmoothing).add(labelSmoothing / count)
}

/** Reduces the losses of places that are not ignored; the mean is by weights where there are any. */
function settle(losses: Tensor, { kept, weights }: Labels, reduction: Reduction): Tensor {
  const counted = where(kept, losses, 0)
  if (reduction !== 'mean') return reduce(counted, reduction)
  const total = weights === null ? kept : where(kept, weights, 0)
  return counted.sum().div(total.sum())
}
