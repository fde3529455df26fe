import {
  asCall,
  elementwise,
  inspect,
  isTensor,
  scalar as s,
  ShapeError,
  ValueError,
  type Expr,
  type Shape,
  type Tensor,
} from '@gradtape/core'
import { checkNames } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { checkFloat, isInteger, sameShape } from './checks.ts'
import { checkReduction, reduce, type LossOptions } from './reduction.ts'

export interface MarginOptions extends LossOptions {
  /** How far apart the dissimilar are to be: 1 for distances and 0 for cosines unless given. */
  readonly margin?: number
}

const names = ['reduction', 'margin'] as const

/** `max(x, 0)`, with the slope 1 at 0. */
const held = (x: Expr): Expr => s.select(s.lt(x, 0), 0, x)

const hinge = /* @__PURE__ */ elementwise('hingeEmbeddingLoss', (x, y, margin) =>
  s.select(s.gt(y, 0), x, held(s.sub(margin, x))),
)

/**
 * The hinge loss of distances x: x itself where the target is 1, for similar pairs, and
 * `max(0, margin - x)` where it is -1.
 *
 * @throws {ValueError} when a target is neither 1 nor -1, or `margin` is no finite number.
 * @throws {ShapeError} when the target's shape is not the input's.
 * @throws {DTypeError} unless the input is float, and the target of numbers.
 */
export function hingeEmbeddingLoss(
  input: Tensor,
  target: Tensor,
  options: MarginOptions = {},
): Tensor {
  const name = 'hingeEmbeddingLoss'
  const { reduction = 'mean', margin = 1 } = checkNames(name, options, names)
  checkFloat(name, 'input', input)
  checkReduction(name, reduction)
  checkFinite(name, 'margin', margin)
  checkSigns(name, target, input.shape)
  return asCall(name, () => {
    inspectSigns(name, target)
    return reduce(hinge(input, target.to(input.dtype as 'float32'), margin), reduction)
  })
}

const ofCosine = /* @__PURE__ */ elementwise('cosineEmbeddingLoss', (cosine, y, margin) =>
  s.select(s.gt(y, 0), s.sub(1, cosine), held(s.sub(cosine, margin))),
)

/** Added to squared lengths, so that a vector of zeros has a cosine: 0. */
const SHORTEST = 1e-12

/**
 * The loss of pairs of vectors by the cosine c between them: `1 - c` where the target is 1, for similar
 * pairs, and `max(0, c - margin)` where it is -1. The inputs are `[N, D]` with targets `[N]`, or `[D]`
 * with a 0-d target.
 *
 * @throws {ValueError} when a target is neither 1 nor -1, or `margin` not from -1 to 1.
 * @throws {ShapeError} when the shapes don't fit.
 * @throws {DTypeError} unless the inputs are floats, and the target of numbers.
 */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: MarginOptions = {},
): Tensor {
  const name = 'cosineEmbeddingLoss'
  const { reduction = 'mean', margin = 0 } = checkNames(name, options, names)
  const { shape } = checkFloat(name, 'first input', input1)
  const other = checkFloat(name, 'second input', input2).shape
  if (!sameShape(shape, other) || shape.length < 1 || shape.length > 2) {
    throw new ShapeError(
      `${name}: expected two inputs of one shape, [N, D] or [D], got ${showShape(shape)} and ${showShape(other)}`,
    )
  }
  checkReduction(name, reduction)
  if (!(margin >= -1 && margin <= 1)) {
    throw new ValueError(`${name}: margin must be a cosine, from -1 to 1, got ${margin}`)
  }
  checkSigns(name, target, shape.slice(0, -1))
  return asCall(name, () => {
    inspectSigns(name, target)
    const [a, b] = [input1, input2].map((x) => x.square().sum(-1).add(SHORTEST))
    const cosine = input1.mul(input2).sum(-1).div(a!.mul(b!).sqrt())
    return reduce(ofCosine(cosine, target.to(cosine.dtype as 'float32'), margin), reduction)
  })
}

export interface TripletOptions extends MarginOptions {
  /** Which norm measures distances; 2 unless given, above 0. */
  readonly p?: number
  /** Added to each difference, so that the norm has a slope where vectors agree; 1e-6 unless given. */
  readonly eps?: number
  /**
   * Whether the negative is kept away from the positive, too, where it is nearer to that than to the
   * anchor; false unless given.
   */
  readonly swap?: boolean
}

const tripletNames = [...names, 'p', 'eps', 'swap'] as const

/**
 * The loss of triplets of vectors, in the last dimension: `max(0, d(a, p) - d(a, n) + margin)`, by which
 * an anchor a is to be nearer to the positive p than to the negative n (Schroff et al. 2015; `swap`:
 * Balntas et al. 2016). Inputs `[..., D]` give losses `[...]`.
 *
 * @throws {ValueError} unless `margin` and `p` are above 0 and `eps` is not below.
 * @throws {ShapeError} unless the three have one shape, of at least one dimension.
 * @throws {DTypeError} unless all are floats.
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletOptions = {},
): Tensor {
  const name = 'tripletMarginLoss'
  const { reduction = 'mean', margin = 1, ...rest } = checkNames(name, options, tripletNames)
  const { p = 2, eps = 1e-6, swap = false } = rest
  const { shape } = checkFloat(name, 'anchor', anchor)
  const near = checkFloat(name, 'positive', positive).shape
  const far = checkFloat(name, 'negative', negative).shape
  if (shape.length === 0 || !sameShape(shape, near) || !sameShape(shape, far)) {
    throw new ShapeError(
      `${name}: expected three inputs of one shape [..., D], got ${showShape(shape)}, ${showShape(near)} and ${showShape(far)}`,
    )
  }
  checkReduction(name, reduction)
  checkFinite(name, 'margin', margin)
  if (!(margin > 0)) throw new ValueError(`${name}: margin must be above 0, got ${margin}`)
  if (!(p > 0)) throw new ValueError(`${name}: p must be above 0, got ${p}`)
  if (!(eps >= 0)) throw new ValueError(`${name}: eps must not be below 0, got ${eps}`)
  const distance = (a: Tensor, b: Tensor): Tensor => a.sub(b).add(eps).norm(p, -1)
  return asCall(name, () => {
    const toAnchor = distance(anchor, negative)
    const away = swap ? toAnchor.minimum(distance(positive, negative)) : toAnchor
    const losses = distance(anchor, positive).sub(away).add(margin).clamp({ min: 0 })
    return reduce(losses, reduction)
  })
}

function checkFinite(name: string, what: string, x: unknown): void {
  if (Number.isFinite(x)) return
  throw new ValueError(`${name}: ${what} must be a finite number, got ${String(x)}`)
}

/** @throws {DTypeError | ShapeError} unless the target holds numbers and has the `shape` of the losses. */
function checkSigns(name: string, target: unknown, shape: Shape): void {
  if (!isTensor(target) || !isInteger(target)) checkFloat(name, 'target', target)
  const own = (target as Tensor).shape
  if (sameShape(own, shape)) return
  throw new ShapeError(
    `${name}: expected a target of shape ${showShape(shape)}, one for each loss, got ${showShape(own)}`,
  )
}

/** @throws {ValueError} naming the first target that is neither 1 nor -1. */
function inspectSigns(name: string, target: Tensor): void {
  inspect(target, (values) => {
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 1 || values[i] === -1) continue
      throw new ValueError(
        `${name}: the target must be 1 for similar and -1 for dissimilar, got ${values[i]} at element ${i}`,
      )
    }
  })
}
