import { lengthOf } from './sampler.ts'
import type { Sampler } from './sampler.ts'

/**
 * Every sample once, in order.
 * @throws {ValueError} when the source has no length.
 */
export class SequentialSampler implements Sampler {
  readonly #source: { readonly length: number }

  constructor(source: { readonly length: number }) {
    lengthOf('SequentialSampler', source)
    this.#source = source
  }

  get length(): number {
    return this.#source.length
  }

  *[Symbol.iterator](): Generator<number, void, undefined> {
    for (let i = 0; i < this.length; i++) yield i
  }
}
