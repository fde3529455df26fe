import { rand, RandomGenerator, type Tensor } from '@gradtape/core'

/** Numbers away from 0 (from 1 to 1.5) and of both signs, so that nothing is overlooked and little cancels. */
export function randomNumbers(count: number, generator: RandomGenerator): Float64Array {
  const drawn = rand([count], { dtype: 'float64', generator }).data
  return Float64Array.from(drawn, (u) => (u < 0.5 ? u - 1.5 : u + 0.5))
}

/** Such numbers as tensors of these shapes and dtypes. */
export function randomTensors(like: readonly Tensor[], seed: number): Tensor[] {
  const generator = new RandomGenerator(seed)
  return like.map(({ shape, dtype }) => {
    const u = rand(shape, { dtype: 'float64', generator }).sub(0.5)
    return u.add(u.sign()).to(dtype) as Tensor
  })
}
