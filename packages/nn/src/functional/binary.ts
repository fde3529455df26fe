import { asCall, elementwise, inspect, scalar as s, ValueError, type Tensor } from '@gradtape/core'
import { checkBroadcasts, checkPair } from './checks.ts'
import { checkReduction, reduce, type LossOptions } from './reduction.ts'

export interface BinaryOptions extends LossOptions {
  /** What each element's loss is multiplied by; broadcasts to the input. The mean does not divide by it. */
  readonly weight?: Tensor
}

/** Where a logarithm is held, so that a certain mistake costs no infinity. */
const LOWEST_LOG = -100

/** What a target 1 costs, and a target 0. Where a logarithm is held, the select leaves out its slope. */
const ofProbabilities = /* @__PURE__ */ elementwise('binaryCrossEntropy', (x, y) => {
  const one = s.select(s.lt(x, Math.exp(LOWEST_LOG)), -LOWEST_LOG, s.neg(s.log(x)))
  const zero = s.select(s.eq(x, 1), -LOWEST_LOG, s.neg(s.log1p(s.neg(x))))
  return s.add(s.mul(s.sub(1, y), zero), s.mul(y, one))
})

/**
 * Binary cross-entropy of probabilities x with targets y, both from 0 to 1:
 * `-(y · log x + (1-y) · log(1-x))`. The logarithms are held at -100 from below, and have the gradient
 * 0 there. {@link binaryCrossEntropyWithLogits} is the more exact one, and can't stick.
 *
 * @throws {ValueError} when an element of input or target is not from 0 to 1.
 * @throws {ShapeError} when the target's shape is not the input's, or the weight doesn't broadcast to it.
 * @throws {DTypeError} unless all are floats.
 */
export function binaryCrossEntropy(
  input: Tensor,
  target: Tensor,
  { weight, reduction = 'mean' }: BinaryOptions = {},
): Tensor {
  const name = 'binaryCrossEntropy'
  checkPair(name, input, target)
  checkReduction(name, reduction)
  if (weight !== undefined) checkBroadcasts(name, 'weight', weight, input.shape)
  return asCall(name, () => {
    checkProbabilities(
      name,
      'input',
      input,
      'apply sigmoid first, or use binaryCrossEntropyWithLogits',
    )
    checkProbabilities(name, 'target', target, 'expected labels 0 and 1, or probabilities')
    const losses = ofProbabilities(input, target)
    return reduce(weight === undefined ? losses : losses.mul(weight), reduction)
  })
}

/** @throws {ValueError} naming the first element that is not from 0 to 1. */
function checkProbabilities(where: string, what: string, x: Tensor, hint: string): void {
  inspect(x, (values) => {
    for (let i = 0; i < values.length; i++) {
      // Asked so that NaN fails too.
      if (values[i]! >= 0 && values[i]! <= 1) continue
      throw new ValueError(
        `${where}: the ${what} must lie from 0 to 1, got ${values[i]} at element ${i}; ${hint}`,
      )
    }
  })
}

// log(1 - σ(x)) is log σ(x) - x.
const ofLogits = /* @__PURE__ */ elementwise('binaryCrossEntropyWithLogits', (x, y, posWeight) => {
  const log = s.neg(s.softplus(s.neg(x)))
  const counted = s.mul(log, s.add(s.mul(y, s.sub(posWeight, 1)), 1))
  return s.sub(s.mul(s.sub(1, y), x), counted)
})

export interface LogitsOptions extends BinaryOptions {
  /** What the loss of a target 1 is multiplied by, to weigh rare positives; broadcasts to the input. */
  readonly posWeight?: Tensor
}

/**
 * Binary cross-entropy of logits x, that is of the probabilities `σ(x)`, with targets y:
 * `-(posWeight · y · log σ(x) + (1-y) · log(1-σ(x)))`. Never overflows. Targets may be any floats, as
 * in PyTorch, but are meant to lie from 0 to 1.
 *
 * @throws {ShapeError} when the target's shape is not the input's, or a weight doesn't broadcast to it.
 * @throws {DTypeError} unless all are floats.
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  { weight, posWeight, reduction = 'mean' }: LogitsOptions = {},
): Tensor {
  const name = 'binaryCrossEntropyWithLogits'
  checkPair(name, input, target)
  checkReduction(name, reduction)
  if (weight !== undefined) checkBroadcasts(name, 'weight', weight, input.shape)
  if (posWeight !== undefined) checkBroadcasts(name, 'posWeight', posWeight, input.shape)
  return asCall(name, () => {
    const losses = ofLogits(input, target, posWeight ?? 1)
    return reduce(weight === undefined ? losses : losses.mul(weight), reduction)
  })
}
