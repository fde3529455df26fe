import { isTensor, rand, ValueError } from '@gradtape/core'
import type { RandomGenerator, Tensor } from '@gradtape/core'
import { checkBoolean, checkOptions, checkPositive } from '../checks.ts'
import type { Sampler } from './sampler.ts'

/** How a `WeightedRandomSampler` draws. */
export interface WeightedRandomSamplerOptions {
  /** Whether a sample may come several times in a pass. Default: true. */
  replacement?: boolean
  /** Where draws come from. Default: the generator that `manualSeed` seeds. */
  generator?: RandomGenerator
}

/**
 * `numSamples` samples a pass, each drawn with a probability proportional to its weight: the way to
 * show rare classes as often as others. Weights need not sum to 1; samples of weight 0 never come.
 *
 * Without replacement, each draw is from the samples that are left (by exponential keys: Efraimidis
 * and Spirakis, "Weighted random sampling with a reservoir", 2006).
 *
 * @throws {ValueError} when weights are not one dimension of finite numbers of at least 0, are all 0, or
 * fewer than `numSamples` are above 0 and draws are without replacement.
 */
export class WeightedRandomSampler implements Sampler {
  readonly length: number
  readonly replacement: boolean
  readonly #weights: Float64Array
  readonly #generator: RandomGenerator | undefined

  constructor(
    weights: ArrayLike<number> | Tensor,
    numSamples: number,
    options: WeightedRandomSamplerOptions = {},
  ) {
    const where = 'WeightedRandomSampler'
    const { replacement = true, generator } = checkOptions(where, options)
    this.length = checkPositive(where, 'numSamples', numSamples)
    this.replacement = checkBoolean(where, 'replacement', replacement)
    if (isTensor(weights) && weights.ndim !== 1) {
      throw new ValueError(
        `${where}: weights must have one dimension, got [${weights.shape.join(', ')}]`,
      )
    }
    this.#weights = Float64Array.from(isTensor(weights) ? weights.data : weights)
    this.#generator = generator
    const wrong = this.#weights.findIndex((weight) => !(weight >= 0 && weight < Infinity))
    if (wrong >= 0) {
      throw new ValueError(
        `${where}: weights must be finite numbers of at least 0, but weight ${wrong} is ${this.#weights[wrong]}`,
      )
    }
    const possible = this.#weights.filter((weight) => weight > 0).length
    if (possible === 0 || (!replacement && possible < numSamples)) {
      throw new ValueError(
        `${where}: can't draw ${numSamples} samples ${replacement ? '' : 'without replacement '}where ${possible} weights are above 0`,
      )
    }
  }

  *[Symbol.iterator](): Generator<number, void, undefined> {
    yield* this.replacement ? this.#withReplacement() : this.#withoutReplacement()
  }

  *#withReplacement(): Generator<number, void, undefined> {
    const upTo = this.#weights.slice()
    for (let i = 1; i < upTo.length; i++) upTo[i]! += upTo[i - 1]!
    const total = upTo.at(-1)!
    const draws = this.#draw(this.length)
    for (const draw of draws) yield firstAbove(upTo, draw * total)
  }

  #withoutReplacement(): Iterable<number> {
    const keys = this.#draw(this.#weights.length)
    // 1 − u is in (0, 1]: its logarithm is finite. What weighs nothing comes last.
    const times = this.#weights.map((weight, i) => -Math.log1p(-keys[i]!) / weight)
    const order = Array.from(times.keys()).filter((i) => this.#weights[i]! > 0)
    return order.sort((a, b) => times[a]! - times[b]!).slice(0, this.length)
  }

  #draw(count: number): Iterable<number> & ArrayLike<number> {
    return rand([count], { dtype: 'float64', generator: this.#generator }).data
  }
}

/** The first position at which a sum is above `x`; the last that adds something, where rounding leaves none. */
function firstAbove(sums: Float64Array, x: number): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sums[middle]! > x) high = middle
    else low = middle + 1
  }
  while (low > 0 && sums[low] === sums[low - 1]) low--
  return low
}
