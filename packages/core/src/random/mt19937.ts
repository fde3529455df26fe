import { preciseLog } from './log.ts'

const LENGTH = 624
const SHIFT = 397

/**
 * The Mersenne Twister MT19937 (M. Matsumoto and T. Nishimura, 1998) with the conversions of NumPy's
 * legacy `RandomState`: the same seed gives the same words, doubles, integers and orders, bit for
 * bit, and Gaussians that differ by at most a few units in the last place.
 */
export class MersenneTwister {
  readonly #state: Uint32Array = new Uint32Array(LENGTH)
  #position = LENGTH
  /** The second value of the last polar pair; undefined when it has been handed out. */
  #spareGaussian: number | undefined

  /** `seed`: an integer from 0 to 2^32 − 1, spread by Knuth's linear recurrence. */
  constructor(seed: number) {
    const state = this.#state
    state[0] = seed
    for (let i = 1; i < LENGTH; i++) {
      const previous = state[i - 1]
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i
    }
  }

  /** Another one at the same place of the same stream. */
  clone(): MersenneTwister {
    const copy = new MersenneTwister(0)
    copy.#state.set(this.#state)
    copy.#position = this.#position
    copy.#spareGaussian = this.#spareGaussian
    return copy
  }

  /** The next word: an integer from 0 to 2^32 − 1. */
  uint32(): number {
    if (this.#position === LENGTH) this.#twist()
    let y = this.#state[this.#position++]
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    y ^= y >>> 18
    return y >>> 0
  }

  /** A double in [0, 1) with 53 random bits, from two words. */
  double(): number {
    const high = this.uint32() >>> 5
    const low = this.uint32() >>> 6
    return (high * 67108864 + low) / 9007199254740992
  }

  /**
   * An integer from 0 to `max` (inclusive, at most 2^32 − 1), by masking and rejection.
   * `max = 0` consumes nothing.
   */
  integer(max: number): number {
    if (max === 0) return 0
    const mask = 0xffffffff >>> Math.clz32(max)
    let value = (this.uint32() & mask) >>> 0
    while (value > max) value = (this.uint32() & mask) >>> 0
    return value
  }

  /** A standard normal value, by Marsaglia's polar method; every second one comes from the spare. */
  gaussian(): number {
    if (this.#spareGaussian !== undefined) {
      const spare = this.#spareGaussian
      this.#spareGaussian = undefined
      return spare
    }
    for (;;) {
      const a = 2 * this.double() - 1
      const b = 2 * this.double() - 1
      const square = a * a + b * b
      if (square >= 1 || square === 0) continue
      const factor = Math.sqrt((-2 * preciseLog(square)) / square)
      this.#spareGaussian = factor * a
      return factor * b
    }
  }

  /** Calls `swap(i, j)` for each exchange of a Fisher–Yates shuffle of `length` things. */
  shuffle(length: number, swap: (i: number, j: number) => void): void {
    for (let i = length - 1; i > 0; i--) swap(i, this.integer(i))
  }

  /** The integers 0 … length − 1 in random order. */
  permutation(length: number): Int32Array {
    const order = Int32Array.from({ length }, (_, i) => i)
    this.shuffle(length, (i, j) => {
      const kept = order[i]
      order[i] = order[j]
      order[j] = kept
    })
    return order
  }

  #twist(): void {
    const state = this.#state
    for (let i = 0; i < LENGTH; i++) {
      const y = (state[i] & 0x80000000) | (state[(i + 1) % LENGTH] & 0x7fffffff)
      state[i] = state[(i + SHIFT) % LENGTH] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
    }
    this.#position = 0
  }
}
