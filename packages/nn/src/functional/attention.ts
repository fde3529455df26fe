import {
  asCall,
  DTypeError,
  isTensor,
  matrixProduct,
  ones,
  ShapeError,
  ValueError,
  where,
  type RandomGenerator,
  type Shape,
  type Tensor,
} from '@gradtape/core'
import { checkFlag, checkNames } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { checkFloat } from './checks.ts'
import { checkProbability, dropout } from './dropout.ts'

export interface AttentionOptions {
  /**
   * Which keys a query sees: true where it does, or floats that are added to the scores; broadcasts to
   * `[..., L, S]`.
   */
  readonly mask?: Tensor
  /** Whether query i sees the keys 0 to i only; false unless given. Not together with a mask. */
  readonly isCausal?: boolean
  /** How likely a weight is dropped; 0 unless given. It is not switched off by itself in evaluation. */
  readonly dropout?: number
  /** What scores are multiplied by; 1/√E unless given. */
  readonly scale?: number
  /** Where the choice of what is dropped comes from; the default generator unless given. */
  readonly generator?: RandomGenerator
}

const names = ['mask', 'isCausal', 'dropout', 'scale', 'generator'] as const

/**
 * Scaled dot-product attention (Vaswani et al. 2017): `softmax(q kᵀ / √E) v`, the mean of the values by
 * how well their keys agree with the query. The query is `[..., L, E]`, the key `[..., S, E]`, the value
 * `[..., S, Ev]`, and the result `[..., L, Ev]`; leading dims broadcast. A query that sees no key at all
 * gets zeros, as in PyTorch since 2.5.
 *
 * @throws {ShapeError} when the shapes don't fit.
 * @throws {DTypeError} unless all are floats, or the mask of bools.
 * @throws {ValueError} for options out of range, and for a mask together with `isCausal`.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { functional as F } from '@gradtape/nn'
 *
 * const [query, key] = [tensor([[1, 0]]), tensor([[9, 0], [0, 9]])]
 * const value = tensor([[1, 2, 3], [4, 5, 6]])
 * console.log(F.scaledDotProductAttention(query, key, value))
 * // → tensor([[1.0052, 2.0052, 3.0052]])
 * console.log(F.scaledDotProductAttention(query, key, value, { mask: tensor([false, true]) }))
 * // → tensor([[4., 5., 6.]])
 * ```
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions = {},
): Tensor {
  const name = 'scaledDotProductAttention'
  const { mask, isCausal = false, scale } = checkNames(name, options, names)
  const scores = checkTriple(name, query, key, value)
  checkFlag(name, 'isCausal', isCausal)
  checkProbability(name, options.dropout ?? 0, 'dropout')
  if (scale !== undefined && !Number.isFinite(scale)) {
    throw new ValueError(`${name}: scale must be a finite number, got ${String(scale)}`)
  }
  if (mask !== undefined) {
    checkMask(name, 'mask', mask, scores)
    if (isCausal) {
      throw new ValueError(
        `${name}: isCausal is a mask of its own; leave it out, or combine it with the mask: mask.logicalAnd(…tril())`,
      )
    }
  }
  return asCall(name, () => {
    const causal = isCausal ? causalBias(scores) : null
    const bias = mask === undefined ? causal : biasOf(seenAsBias(mask))
    return attend(query, key, value, bias, options).output
  })
}

/** What is added to scores, and which rows see any key; null where all do. */
export interface Bias {
  readonly added: Tensor
  readonly open: Tensor | null
}

export interface Attended {
  readonly output: Tensor
  readonly weights: Tensor
}

/** Attention of tensors that have been checked. */
export function attend(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  bias: Bias | null,
  { dropout: p = 0, scale, generator }: AttentionOptions,
): Attended {
  const scaled = query.mul(scale ?? 1 / Math.sqrt(query.shape.at(-1)!))
  const scores = matrixProduct('scaledDotProductAttention', scaled, key, true)
  let weights: Tensor = (bias === null ? scores : scores.add(bias.added)).softmax(-1)
  if (bias !== null && bias.open !== null) weights = where(bias.open, weights, 0)
  if (p > 0) weights = dropout(weights, { p, generator })
  return { output: weights.matmul(value), weights }
}

/** Bools that say what is seen, as floats to add; floats as they are. */
function seenAsBias(mask: Tensor): Tensor {
  return mask.dtype === 'bool' ? where(mask, 0, -Infinity) : mask
}

/**
 * The bias of floats that are added to scores. In rows of minus infinities alone they would leave a
 * softmax of nothing, NaN: there zeros are added, and the weights are cleared afterwards.
 */
export function biasOf(added: Tensor): Bias {
  const rows: Tensor = added.ndim === 0 ? added.reshape([1]) : added
  const open: Tensor = rows.ne(-Infinity).any(-1, { keepdim: true })
  return { added: where(open, rows, 0), open }
}

/** Query i sees the keys 0 to i. */
export function causalBias(scores: Shape): Bias {
  const seen = ones([scores.at(-2)!, scores.at(-1)!], { dtype: 'bool' }).tril()
  return { added: where(seen, 0, -Infinity), open: null }
}

/** The shape of the scores. @throws {ShapeError | DTypeError} unless the three fit. */
function checkTriple(name: string, query: unknown, key: unknown, value: unknown): Shape {
  const q = checkFloat(name, 'query', query).shape
  const k = checkFloat(name, 'key', key).shape
  const v = checkFloat(name, 'value', value).shape
  const batch = [q, k, v].map((shape) => shape.slice(0, -2)).reduce<Shape | null>(broadcast, [])
  const short = Math.min(q.length, k.length, v.length) < 2
  if (short || batch === null || q.at(-1) !== k.at(-1) || k.at(-2) !== v.at(-2)) {
    throw new ShapeError(
      `${name}: expected a query [..., L, E], a key [..., S, E] and a value [..., S, Ev], with leading dims that broadcast, ` +
        `got ${showShape(q)}, ${showShape(k)} and ${showShape(v)}`,
    )
  }
  return [...batch, q.at(-2)!, k.at(-2)!]
}

/** The shape that two broadcast to; null where they don't. */
function broadcast(a: Shape | null, b: Shape | null): Shape | null {
  if (a === null || b === null) return null
  const [long, short] = a.length < b.length ? [b, a] : [a, b]
  const added = long.length - short.length
  const sizes = long.map((size, d) => (size === 1 ? (short[d - added] ?? 1) : size))
  const fits = short.every((size, d) => size === 1 || size === sizes[d + added])
  return fits ? sizes : null
}

/**
 * @throws {DTypeError | ShapeError} unless the mask, the `what` of `where`, is of bools or floats and
 * broadcasts to the scores.
 */
function checkMask(name: string, what: string, mask: unknown, scores: Shape): void {
  const { shape } = checkMaskDtype(name, what, mask)
  const whole = broadcast(shape, scores)
  if (whole !== null && whole.length === scores.length && whole.every((n, d) => n === scores[d])) {
    return
  }
  throw new ShapeError(
    `${name}: the ${what} of shape ${showShape(shape)} does not broadcast to the scores, [..., L, S], of shape ${showShape(scores)}`,
  )
}

/** @throws {DTypeError} unless the mask is of bools or floats. */
export function checkMaskDtype(name: string, what: string, mask: unknown): Tensor {
  if (isTensor(mask) && (mask.dtype === 'bool' || mask.dtype.includes('float'))) return mask
  throw new DTypeError(
    `${name}: expected a tensor of bools, or of floats to add to the scores, as the ${what}, got ${isTensor(mask) ? `dtype ${mask.dtype}; convert it with .to('bool')` : typeof mask}`,
  )
}
