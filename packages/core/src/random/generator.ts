import { ValueError } from '../errors.ts'
import { host, hostUpdate } from '../host.ts'

const SEED_LIMIT = 2 ** 53

/** What a `RandomGenerator` needs to go on from the same place. */
export interface RandomGeneratorState {
  seed: number
  offset: number
}

function checkCounter(where: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= SEED_LIMIT) {
    throw new ValueError(`${where}: ${name} must be an integer from 0 to 2^53 − 1, got ${value}`)
  }
}

/**
 * The source of random tensors: a seed and a position in the stream of Philox 4×32-10 blocks that
 * belongs to it. A random op takes a range of positions and computes its elements from
 * (seed, position, index) alone.
 *
 * Without a seed one is drawn from the platform's entropy.
 */
export class RandomGenerator {
  readonly seed: number
  /** The number of blocks taken so far. */
  readonly offset: number

  constructor(seed?: number) {
    if (seed !== undefined) checkCounter('RandomGenerator', 'seed', seed)
    this.seed = seed ?? Math.floor(Math.random() * SEED_LIMIT)
    this.offset = 0
  }

  /** Starts the stream of `seed` (an integer from 0 to 2^53 − 1) from its beginning; returns this. */
  manualSeed(seed: number): this {
    checkCounter('manualSeed', 'seed', seed)
    this.#moveTo(seed, 0)
    return this
  }

  /** Takes the next `count` blocks and returns the position of the first. */
  reserve(count: number): number {
    checkCounter('RandomGenerator.reserve', 'count', count)
    // The start is read before it moves: to a recorder it is an input, the move an effect.
    const start = host(this, 'offset')
    hostUpdate(this, 'offset', (offset) => offset + count)
    return start
  }

  getState(): RandomGeneratorState {
    return { seed: host(this, 'seed'), offset: host(this, 'offset') }
  }

  /** Goes on from a place that `getState` told. */
  setState(state: RandomGeneratorState): void {
    checkCounter('RandomGenerator.setState', 'seed', state.seed)
    checkCounter('RandomGenerator.setState', 'offset', state.offset)
    this.#moveTo(state.seed, state.offset)
  }

  #moveTo(seed: number, offset: number): void {
    hostUpdate(this, 'seed', () => seed)
    hostUpdate(this, 'offset', () => offset)
  }
}

/** The generator of every random op that is not given one. */
export const defaultGenerator: RandomGenerator = new RandomGenerator()

/** Seeds the default generator and returns it: what is drawn afterwards is the same in every run. */
export function manualSeed(seed: number): RandomGenerator {
  return defaultGenerator.manualSeed(seed)
}
