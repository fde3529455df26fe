import { tensor, type DType, type Key, type Sampler, type Shape, type Tensor } from '@gradtape/core'
import { drawKeys } from '@gradtape/testing'

type Domain = readonly [low: number, high: number]

/** Draws the arguments of the op table, their real tensors of one dtype, none of them empty. */
export class Samples implements Sampler {
  readonly #dtype: DType
  #state: number

  constructor(dtype: DType, seed: number) {
    this.#dtype = dtype
    this.#state = seed
  }

  /** From 0 to 1, by Weyl's sequence and a finaliser that mixes its bits (Steele et al. 2014). */
  #next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    let bits = Math.imul(this.#state ^ (this.#state >>> 16), 0x85ebca6b)
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32
  }

  shape(least = 0, most: number = Math.max(3, least)): Shape {
    return Array.from({ length: this.int(least, most) }, () => this.int(1, 3))
  }

  filled(least?: number, most?: number): Shape {
    return this.shape(least, most)
  }

  broadcastable(shape: Shape): Shape {
    return shape.map((size) => this.pick([size, 1]))
  }

  int(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high + 1 - low))
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)]!
  }

  number([low, high]: Domain = [-3, 3]): number {
    switch (this.#dtype) {
      case 'bool':
        return this.int(0, 1)
      case 'uint8':
        return this.int(Math.max(0, Math.ceil(low)), Math.floor(high))
      case 'int32':
      case 'int64':
        return this.int(Math.ceil(low), Math.max(Math.ceil(low), Math.floor(high)))
      default:
        return low + this.#next() * (high - low)
    }
  }

  real(shape: Shape, domain?: Domain): Tensor {
    return this.#tensor(shape, this.#dtype, () => this.number(domain))
  }

  index(shape: Shape, below: number): Tensor {
    return this.#tensor(shape, 'int32', () => this.int(0, below - 1))
  }

  keys(shape: Shape): readonly Key[] {
    return drawKeys(this, shape)
  }

  mask(shape: Shape): Tensor {
    return this.#tensor(shape, 'bool', () => this.int(0, 1))
  }

  #tensor(shape: Shape, dtype: DType, draw: () => number): Tensor {
    const length = shape.reduce((all, size) => all * size, 1)
    return tensor(Float64Array.from({ length }, draw)).reshape(shape).to(dtype)
  }
}
