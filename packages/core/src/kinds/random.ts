import type { DType } from '../dtype.ts'
import { Layout } from '../layout.ts'
import { over, type Op } from '../op.ts'
import {
  blocksFor,
  fillGaussian,
  fillInteger,
  fillPermutation,
  fillUniform,
} from '../random/draws.ts'
import { host } from '../host.ts'
import type { RandomGenerator } from '../random/generator.ts'
import { numelOf, type Shape } from '../shape.ts'
import { Storage } from '../storage.ts'
import { Tensor } from '../tensor.ts'
import { made } from './creation.ts'

/** What is drawn. */
export type Distribution =
  | { readonly type: 'uniform' }
  | { readonly type: 'gaussian' }
  | { readonly type: 'permutation' }
  | { readonly type: 'integer'; readonly low: number; readonly high: number }

interface Draw {
  readonly distribution: Distribution
  readonly shape: Shape
  readonly dtype: DType
  readonly seed: number
  readonly offset: number
  readonly generator: RandomGenerator
}

/** Random elements: each a function of seed, offset and its own place. */
const random: Op<Draw> = {
  name: 'random',
  kind: 'random',
  forward(_, { distribution, shape, dtype, seed, offset }) {
    const layout = Layout.contiguous(shape)
    const storage = Storage.allocate(dtype, layout.numel)
    const array = storage.array as Float64Array
    const row = shape.at(-1)!
    switch (distribution.type) {
      case 'uniform':
        fillUniform(array, seed, offset)
        break
      case 'gaussian':
        fillGaussian(array, seed, offset)
        break
      case 'permutation':
        for (let from = 0, at = offset; from < array.length; from += row, at += blocksFor(row)) {
          fillPermutation(array.subarray(from, from + row), seed, at)
        }
        break
      case 'integer':
        fillInteger(array, seed, offset, distribution.low, distribution.high)
    }
    return new Tensor(storage, layout)
  },
  rule: () => null,
  push: () => null,
  // Every example has numbers of its own, from what follows the range of the first.
  batch: over(({ shape, generator, ...rest }, size) => {
    generator.reserve(blocksFor(numelOf(shape)) * (size - 1))
    return { ...rest, shape: [size, ...shape], generator }
  }),
}

/** Draws a tensor and moves the generator on. */
export function draw(
  distribution: Distribution,
  shape: Shape,
  dtype: DType,
  generator: RandomGenerator,
): Tensor {
  const seed = host(generator, 'seed')
  const offset = generator.reserve(blocksFor(numelOf(shape)))
  return made(random, { distribution, shape, dtype, seed, offset, generator })
}
