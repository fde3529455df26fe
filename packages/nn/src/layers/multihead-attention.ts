import {
  asCall,
  host,
  ShapeError,
  ValueError,
  where,
  zeros,
  type Shape,
  type Tensor,
} from '@gradtape/core'
import {
  attend,
  biasOf,
  causalBias,
  checkMaskDtype,
  type Attended,
  type Bias,
} from '../functional/attention.ts'
import { checkFloat, sameShape } from '../functional/checks.ts'
import { checkProbability } from '../functional/dropout.ts'
import { linear } from '../functional/linear.ts'
import { xavierUniform_, zeros_ } from '../init.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'
import { checkFlag, checkNames, checkSize, type ParameterStart } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { Dense } from './dense.ts'

export interface MultiheadAttentionOptions extends ParameterStart {
  /** How likely a weight is dropped in training; 0 unless given. */
  readonly dropout?: number
  /** Whether the projections add biases; true unless given. */
  readonly bias?: boolean
  /** Whether the batch is the first dimension, and time the second; false unless given. */
  readonly batchFirst?: boolean
  /** The size of the keys; `embedDim` unless given. */
  readonly kdim?: number
  /** The size of the values; `embedDim` unless given. */
  readonly vdim?: number
}

const optionNames = ['dropout', 'bias', 'batchFirst', 'kdim', 'vdim', 'dtype', 'generator'] as const

export interface MultiheadAttentionCallOptions {
  /** Which keys are padding, `[batch, S]`: true where they are **not** seen, or floats to add. */
  readonly keyPaddingMask?: Tensor
  /** Whether the weights are given back, too; true unless given. */
  readonly needWeights?: boolean
  /**
   * Which keys a query does **not** see, where true, or floats to add: `[L, S]` for all, or
   * `[batch · numHeads, L, S]`.
   */
  readonly attnMask?: Tensor
  /** Whether the weights are those of all heads on average; true unless given. */
  readonly averageAttnWeights?: boolean
  /** Whether query i sees the keys 0 to i only, of those that masks leave; false unless given. */
  readonly isCausal?: boolean
}

const callNames = [
  'keyPaddingMask',
  'needWeights',
  'attnMask',
  'averageAttnWeights',
  'isCausal',
] as const

/** How many of what a call has. */
interface Counts {
  readonly batch: number
  readonly queries: number
  readonly keys: number
  readonly unbatched: boolean
}

/**
 * Attention by several heads (Vaswani et al. 2017): query, key and value are projected, each head
 * computes `functional.scaledDotProductAttention` of its `embedDim / numHeads` features, and what
 * the heads found is projected once more.
 *
 * The query is `[L, batch, embedDim]`, key and value `[S, batch, kdim]` and `[S, batch, vdim]`
 * (`batchFirst`: with the batch in front; one sequence: without it). The result is `[output, weights]`:
 * of the query's shape, and `[batch, L, S]` (each head's by itself: `[batch, numHeads, L, S]`) or null.
 * A query that sees no key at all gets zeros from its heads, where PyTorch gives NaN.
 *
 * Parameters: `inProjWeight` `[3 · embedDim, embedDim]`, the projections of query, key and value below
 * each other (with `kdim` or `vdim` `qProjWeight`, `kProjWeight` and `vProjWeight` in its place),
 * `inProjBias` `[3 · embedDim]`, and `outProj`, a Dense.
 *
 * @throws {ValueError} in the constructor when `embedDim` is no multiple of `numHeads`, or an option out
 * of range.
 *
 * @example
 * ```ts
 * import { randn } from '@gradtape/core'
 * import { MultiheadAttention } from '@gradtape/nn'
 *
 * const attention = new MultiheadAttention(8, 2, { batchFirst: true })
 * const x = randn([4, 5, 8])
 * const [output, weights] = attention.forward(x, x, x)
 * console.log(output.shape, weights!.shape) // → [ 4, 5, 8 ] [ 4, 5, 5 ]
 * ```
 */
export class MultiheadAttention extends Module {
  readonly embedDim: number
  readonly numHeads: number
  readonly kdim: number
  readonly vdim: number
  readonly dropout: number
  readonly batchFirst: boolean
  readonly generator: MultiheadAttentionOptions['generator']
  readonly inProjWeight: Parameter | null = null
  readonly qProjWeight: Parameter | null = null
  readonly kProjWeight: Parameter | null = null
  readonly vProjWeight: Parameter | null = null
  readonly inProjBias: Parameter | null = null
  readonly outProj: Dense<number, number>

  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    super()
    const name = 'MultiheadAttention'
    const { dtype, generator, ...rest } = checkNames(name, options, optionNames)
    const { dropout = 0, bias = true, batchFirst = false, kdim = embedDim, vdim = embedDim } = rest
    this.embedDim = checkSize(name, 'embedDim', embedDim, 1)
    this.numHeads = checkSize(name, 'numHeads', numHeads, 1)
    if (embedDim % numHeads !== 0) {
      throw new ValueError(
        `${name}: embedDim ${embedDim} must be a multiple of numHeads ${numHeads}, as each head takes an equal part of the features`,
      )
    }
    this.kdim = checkSize(name, 'kdim', kdim, 1)
    this.vdim = checkSize(name, 'vdim', vdim, 1)
    this.dropout = checkProbability(name, dropout, 'dropout')
    this.batchFirst = checkFlag(name, 'batchFirst', batchFirst)
    checkFlag(name, 'bias', bias)
    this.generator = generator
    const projection = (...shape: number[]): Parameter =>
      new Parameter(xavierUniform_(zeros(shape, { dtype }), { generator }))
    if (kdim === embedDim && vdim === embedDim) {
      this.inProjWeight = projection(3 * embedDim, embedDim)
    } else {
      this.qProjWeight = projection(embedDim, embedDim)
      this.kProjWeight = projection(embedDim, kdim)
      this.vProjWeight = projection(embedDim, vdim)
    }
    if (bias) this.inProjBias = new Parameter(zeros([3 * embedDim], { dtype }) as Tensor)
    this.outProj = new Dense(embedDim, embedDim, { bias, dtype, generator })
    if (this.outProj.bias !== null) zeros_(this.outProj.bias)
  }

  /**
   * @throws {ShapeError} when the three or a mask don't fit.
   * @throws {DTypeError} unless the three are floats, and masks of bools or floats.
   */
  forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: MultiheadAttentionCallOptions = {},
  ): [output: Tensor, weights: Tensor | null] {
    const name = 'MultiheadAttention'
    const { needWeights = true, averageAttnWeights = true } = checkNames(name, options, callNames)
    checkFlag(name, 'needWeights', needWeights)
    checkFlag(name, 'averageAttnWeights', averageAttnWeights)
    checkFlag(name, 'isCausal', options.isCausal ?? false)
    const counts = this.#count(query, key, value)
    const { batch, queries, keys, unbatched } = counts
    this.#checkMasks(options, counts)
    const p = host(this, 'training') ? this.dropout : 0
    // A single sequence is taken as a batch of one behind time.
    const batchFirst = this.batchFirst && !unbatched
    const toHeads: number[] = batchFirst ? [0, 2, 1, 3] : [1, 2, 0, 3]
    const fromHeads: number[] = batchFirst ? [0, 2, 1, 3] : [2, 0, 1, 3]
    const { joined, weights } = asCall(name, () => {
      const heads = this.#project(query, key, value).map((x) => {
        const rows = unbatched ? [x.shape[0]!, 1] : x.shape.slice(0, 2)
        const split = x.reshape([...rows, this.numHeads, this.embedDim / this.numHeads])
        return split.permute(toHeads)
      })
      const [q, k, v] = heads as [Tensor, Tensor, Tensor]
      const bias = this.#biasOf(options, counts)
      const found: Attended = attend(q, k, v, bias, { dropout: p, generator: this.generator })
      const back: Tensor = found.output.permute(fromHeads)
      return {
        joined: back.reshape([...query.shape.slice(0, -1), this.embedDim]),
        weights: found.weights,
      }
    })
    const output: Tensor = this.outProj.forward(joined)
    if (!needWeights) return [output, null]
    const shown: Tensor = averageAttnWeights ? weights.mean(1) : weights
    const shape = [...(averageAttnWeights ? [] : [this.numHeads]), queries, keys]
    return [output, unbatched ? shown.reshape(shape) : shown.reshape([batch, ...shape])]
  }

  /** Query, key and value after their projections. What is one tensor takes one product. */
  #project(query: Tensor, key: Tensor, value: Tensor): Tensor[] {
    const { embedDim, inProjWeight, inProjBias } = this
    const part = (x: Tensor | null, from: number, count: number): Tensor | null =>
      x && (count === 3 ? x : x.narrow(0, from * embedDim, count * embedDim))
    const times = (x: Tensor, from: number, count: number): Tensor[] => {
      const own = [this.qProjWeight, this.kProjWeight, this.vProjWeight][from]!
      const weight = own ?? part(inProjWeight, from, count)!
      return linear(x, weight, part(inProjBias, from, count)).split(embedDim, -1)
    }
    if (inProjWeight !== null && key === value) {
      return query === key ? times(query, 0, 3) : [...times(query, 0, 1), ...times(key, 1, 2)]
    }
    return [query, key, value].flatMap((x, i) => times(x, i, 1))
  }

  /** All masks as one, which broadcasts to the scores, `[batch, numHeads, L, S]`. */
  #biasOf(
    { attnMask, keyPaddingMask, isCausal = false }: MultiheadAttentionCallOptions,
    { batch, queries, keys }: Counts,
  ): Bias | null {
    const causal = isCausal ? causalBias([queries, keys]) : null
    const parts: Tensor[] = causal === null ? [] : [causal.added]
    if (attnMask !== undefined) {
      const shape = attnMask.ndim === 2 ? [queries, keys] : [batch, this.numHeads, queries, keys]
      parts.push(hiddenAsBias(attnMask).reshape(shape))
    }
    if (keyPaddingMask !== undefined) {
      const ofKeys: number[] = [batch, 1, 1, keys]
      parts.push(hiddenAsBias(keyPaddingMask).reshape(ofKeys))
    }
    if (parts.length === 1 && causal !== null) return causal
    return parts.length === 0 ? null : biasOf(parts.reduce((a, b) => a.add(b)))
  }

  /** @throws {ShapeError | DTypeError} unless query, key and value fit the layer and each other. */
  #count(query: unknown, key: unknown, value: unknown): Counts {
    const name = 'MultiheadAttention'
    const { embedDim, kdim, vdim } = this
    const q = checkFloat(name, 'query', query).shape
    const k = checkFloat(name, 'key', key).shape
    const v = checkFloat(name, 'value', value).shape
    const ndim = q.length
    const batched = ndim === 3
    const [time, batch] = this.batchFirst && batched ? [1, 0] : [0, 1]
    if (
      (ndim !== 2 && !batched) ||
      k.length !== ndim ||
      q[ndim - 1] !== embedDim ||
      k[ndim - 1] !== kdim ||
      !sameShape(v, k.with(ndim - 1, vdim)) ||
      (batched && q[batch] !== k[batch])
    ) {
      const shape = (count: string, size: number): string =>
        this.batchFirst ? `[batch, ${count}, ${size}]` : `[${count}, batch, ${size}]`
      throw new ShapeError(
        `${name}: expected a query ${shape('L', embedDim)}, a key ${shape('S', kdim)} and a value ${shape('S', vdim)}, ` +
          `or all of them without a batch, got ${showShape(q)}, ${showShape(k)} and ${showShape(v)}`,
      )
    }
    return {
      batch: batched ? q[batch]! : 1,
      queries: q[time]!,
      keys: k[time]!,
      unbatched: !batched,
    }
  }

  /** @throws {ShapeError | DTypeError} unless the masks fit. */
  #checkMasks(
    { attnMask, keyPaddingMask }: MultiheadAttentionCallOptions,
    { batch, queries, keys, unbatched }: Counts,
  ): void {
    const scores = [queries, keys]
    const byHead = [batch * this.numHeads, ...scores]
    checkMaskShape('attnMask', attnMask, [scores, byHead])
    checkMaskShape('keyPaddingMask', keyPaddingMask, [unbatched ? [keys] : [batch, keys]])
  }

  override extraRepr(): string {
    return `${this.embedDim}, numHeads=${this.numHeads}`
  }
}

/** Bools that say what is not seen, as floats to add; floats as they are. */
function hiddenAsBias(mask: Tensor): Tensor {
  return mask.dtype === 'bool' ? where(mask, -Infinity, 0) : mask
}

function checkMaskShape(what: string, mask: unknown, shapes: readonly Shape[]): void {
  if (mask === undefined) return
  const { shape } = checkMaskDtype('MultiheadAttention', what, mask)
  if (shapes.some((one) => sameShape(one, shape))) return
  throw new ShapeError(
    `MultiheadAttention: expected ${what} of shape ${shapes.map(showShape).join(' or ')}, got ${showShape(shape)}`,
  )
}
