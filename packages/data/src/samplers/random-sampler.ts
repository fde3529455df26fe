import { randint, randperm, ValueError } from '@gradtape/core'
import type { RandomGenerator } from '@gradtape/core'
import { checkBoolean, checkOptions, checkPositive } from '../checks.ts'
import { lengthOf } from './sampler.ts'
import type { Sampler } from './sampler.ts'

/** How a `RandomSampler` draws. */
export interface RandomSamplerOptions {
  /** Whether each draw is from all samples, so that some come twice and others never. Default: false. */
  replacement?: boolean
  /** Draws in a pass. Default: the number of samples. */
  numSamples?: number
  /** Where draws come from. Default: the generator that `manualSeed` seeds. */
  generator?: RandomGenerator
}

/** Draws made at once with replacement. */
const BLOCK = 1024

/**
 * Samples in random order, a new one in each pass. Without replacement every sample comes once before
 * one comes again.
 *
 * @throws {ValueError} when the source has no length or `numSamples` is no positive integer; at a pass,
 * when it is to draw from nothing.
 */
export class RandomSampler implements Sampler {
  readonly replacement: boolean
  readonly #source: { readonly length: number }
  readonly #numSamples: number | undefined
  readonly #generator: RandomGenerator | undefined

  constructor(source: { readonly length: number }, options: RandomSamplerOptions = {}) {
    const { replacement = false, numSamples, generator } = checkOptions('RandomSampler', options)
    lengthOf('RandomSampler', source)
    if (numSamples !== undefined) checkPositive('RandomSampler', 'numSamples', numSamples)
    this.replacement = checkBoolean('RandomSampler', 'replacement', replacement)
    this.#source = source
    this.#numSamples = numSamples
    this.#generator = generator
  }

  get length(): number {
    return this.#numSamples ?? this.#source.length
  }

  *[Symbol.iterator](): Generator<number, void, undefined> {
    const { length } = this
    const samples = this.#source.length
    if (length > 0 && samples === 0) {
      throw new ValueError(`RandomSampler: can't draw ${length} samples of none`)
    }
    const generator = this.#generator
    for (let drawn = 0; drawn < length;) {
      const order = this.replacement
        ? randint(0, samples, [Math.min(BLOCK, length - drawn)], { generator })
        : randperm(samples, { generator })
      const { data } = order
      for (let i = 0; i < data.length && drawn < length; i++, drawn++) yield data[i]!
    }
  }
}
