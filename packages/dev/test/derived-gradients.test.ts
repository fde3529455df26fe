import { describe, expect, test } from 'vitest'
import { arange, elementwise, matrixProduct, scalar as s, vmap, type Tensor } from '@gradtape/core'
import { functional as F } from '@gradtape/nn'
import { gradcheck, gradgradcheck } from '@gradtape/testing'

/** Numbers from `low` to `high`, none of them close to an end. */
function between(low: number, high: number, ...shape: number[]): Tensor {
  const count = shape.reduce((a, b) => a * b, 1)
  const fractions = arange(count, { dtype: 'float64' }).mul(0.618).remainder(0.9).add(0.05)
  return fractions
    .mul(high - low)
    .add(low)
    .reshape(shape)
    .requiresGrad_()
}

const slope = elementwise('slope', (x, y, scale) =>
  s.select(s.lt(x, 0), s.mul(scale, s.mul(x, y)), s.mul(x, s.exp(y))),
)
const times = (a: Tensor, b: Tensor): Tensor => matrixProduct('times', a, b, true)

const cases: Record<string, [f: (...inputs: Tensor[]) => Tensor, inputs: Tensor[]]> = {
  'a formula of one’s own': [slope, [between(-1, 1, 3, 1), between(-1, 1, 4), between(1, 2)]],
  'with a number': [(x, y) => slope(x, y, 3), [between(-1, 1, 3, 1), between(-1, 1, 4)]],
  'a product with a transposed matrix': [times, [between(-1, 1, 4, 3), between(-1, 1, 5, 3)]],
  'of a batch': [times, [between(-1, 1, 2, 4, 3), between(-1, 1, 5, 3)]],
  'of single examples': [
    (x, w) => vmap((row: Tensor) => times(row, w))(x),
    [between(-1, 1, 4, 3), between(-1, 1, 5, 3)],
  ],
  mean: [(x) => x.mean(1), [between(-1, 1, 3, 4)]],
  binaryCrossEntropy: [(x, y) => F.binaryCrossEntropy(x, y), [between(0, 1, 6), between(0, 1, 6)]],
  'binaryCrossEntropy, weighted': [
    (x, y, weight) => F.binaryCrossEntropy(x, y, { weight }),
    [between(0, 1, 2, 3), between(0.1, 1, 2, 3), between(1, 2, 3)],
  ],
  binaryCrossEntropyWithLogits: [
    (x, y) => F.binaryCrossEntropyWithLogits(x, y),
    [between(-9, 9, 6), between(0, 1, 6)],
  ],
  'binaryCrossEntropyWithLogits, weighted': [
    (x, y, posWeight) => F.binaryCrossEntropyWithLogits(x, y, { posWeight, reduction: 'none' }),
    [between(-9, 9, 2, 3), between(0, 1, 2, 3), between(1, 2, 3)],
  ],
}

describe.each(Object.entries(cases))('%s', (_, [f, inputs]) => {
  test('has right gradients', () => expect(gradcheck(f, inputs)).toBe(true))
  test('and second ones', () => expect(gradgradcheck(f, inputs)).toBe(true))
})
