import type { DType } from '../dtype.ts'
import { Layout } from '../layout.ts'
import { apply, type Op } from '../op.ts'
import {
  blocksFor,
  fillGaussian,
  fillInteger,
  fillPermutation,
  fillUniform,
} from '../random/draws.ts'
import { host } from '../host.ts'
import type { RandomGenerator } from '../random/generator.ts'
import type { Shape } from '../shape.ts'
import { Storage } from '../storage.ts'
import { Tensor } from '../tensor.ts'

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
}

/** Random elements: each a function of seed, offset and its own place. */
const random: Op<Draw> = {
  name: 'random',
  kind: 'random',
  forward(_, { distribution, shape, dtype, seed, offset }) {
    const layout = Layout.contiguous(shape)
    const storage = Storage.allocate(dtype, layout.numel)
    const array = storage.array as Float64Array
    switch (distribution.type) {
      case 'uniform':
        fillUniform(array, seed, offset)
        break
      case 'gaussian':
        fillGaussian(array, seed, offset)
        break
      case 'permutation':
        fillPermutation(array, seed, offset)
        break
      case 'integer':
        fillInteger(array, seed, offset, distribution.low, distribution.high)
    }
    return new Tensor(storage, layout)
  },
  rule: () => null,
  push: () => null,
}

/** Draws a tensor and moves the generator on. */
export function draw(
  distribution: Distribution,
  shape: Shape,
  dtype: DType,
  generator: RandomGenerator,
): Tensor {
  const { numel } = Layout.contiguous(shape)
  const seed = host(generator, 'seed')
  const offset = generator.reserve(blocksFor(numel))
  return apply(random, [], { distribution, shape, dtype, seed, offset })
}
