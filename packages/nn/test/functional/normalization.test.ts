import {
  DTypeError,
  ones,
  RandomState,
  ShapeError,
  stack,
  tensor,
  ValueError,
  vmap,
  zeros,
  type Tensor,
} from '@gradtape/core'
import { functional as F } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'

const random = new RandomState(5)
const x = random.randn(3, 4)
const one = ones([4])

describe('batchNorm', () => {
  test('moves running statistics in place, by a number or a tensor', () => {
    for (const momentum of [0.25, tensor(0.25)]) {
      const [runningMean, runningVar] = [zeros([1]), ones([1])]
      const batch = tensor([[2], [4], [6]])
      F.batchNorm(batch, { runningMean, runningVar, training: true, momentum })
      expect(runningMean.toArray()).toEqual([1])
      expect(runningVar.toArray()).toEqual([0.75 + 0.25 * 4])
    }
  })

  test('refuses what does not fit', () => {
    const call =
      (options: F.BatchNormCallOptions, input: Tensor = zeros([3, 4])) =>
      (): unknown =>
        F.batchNorm(input, { runningMean: zeros([4]), runningVar: one, ...options })
    expect(call({}, zeros([4]))).toThrow(/batchNorm: expected an input \[N, C, …\].*\[4\]/)
    expect(call({ runningMean: zeros([3]) })).toThrow(ShapeError)
    expect(call({ weight: zeros([3]) })).toThrow(
      /batchNorm: expected a weight of shape \[4\].*\[3\]/,
    )
    expect(call({ bias: zeros([4], { dtype: 'float64' }) })).toThrow(DTypeError)
    expect(call({ bias: 1 as never })).toThrow(DTypeError)
    expect(call({ runningVar: null })).toThrow(/batchNorm: runningMean and runningVar are needed/)
    expect(call({ training: true }, zeros([1, 4]))).toThrow(ValueError)
    expect(call({ training: 1 as never })).toThrow(/batchNorm: training/)
    expect(call({ momentum: 2 })).toThrow(/batchNorm: momentum/)
    expect(call({ momentum: ones([4]) })).toThrow(/batchNorm: momentum .*\[4\]/)
    expect(call({ eps: -1 })).toThrow(/batchNorm: eps/)
    expect(call({ gamma: one } as never)).toThrow(/batchNorm: there is no option 'gamma'/)
    expect(() => F.batchNorm(zeros([3, 4], { dtype: 'int32' }))).toThrow(DTypeError)
  })
})

describe('layerNorm', () => {
  test('takes one size for the last dim', () => {
    expect(F.layerNorm(x, 4).toArray()).toEqual(F.layerNorm(x, [4]).toArray())
  })

  test('of equal elements is the bias', () => {
    expect(F.layerNorm(ones([2, 4]), 4, one, one.mul(3)).toArray()).toEqual([
      [3, 3, 3, 3],
      [3, 3, 3, 3],
    ])
  })

  test('refuses what does not fit', () => {
    expect(() => F.layerNorm(zeros([3, 4]), [3])).toThrow(/layerNorm: .*\[3, 4\].*\[3\]/)
    expect(() => F.layerNorm(zeros([4]), [3, 4])).toThrow(ShapeError)
    expect(() => F.layerNorm(zeros([4]), [])).toThrow(ValueError)
    expect(() => F.layerNorm(zeros([4]), [4], zeros([1]))).toThrow(/weight of shape \[4\].*\[1\]/)
    expect(() => F.layerNorm(zeros([4]), [4], null, zeros([2, 4]))).toThrow(ShapeError)
    expect(() => F.layerNorm(x, [4], one)).toThrow(/the input is float64, the weight float32/)
    expect(() => F.layerNorm(zeros([4], { dtype: 'bool' }), [4])).toThrow(DTypeError)
    expect(() => F.layerNorm(zeros([4]), [4], null, null, { eps: -1 })).toThrow(/layerNorm: eps/)
    expect(() => F.layerNorm(zeros([4]), [4], null, null, { e: 1 } as never)).toThrow(/option 'e'/)
  })
})

describe('groupNorm', () => {
  test('adds a bias without a weight', () => {
    const bias = tensor([1, 2, 3, 4], { dtype: 'float64' })
    const difference = F.groupNorm(x, 2, null, bias).sub(F.groupNorm(x, 2).add(bias))
    expect(difference.abs().max().item()).toBeLessThan(1e-15)
  })

  test('refuses what does not fit', () => {
    expect(() => F.groupNorm(zeros([3, 4]), 3)).toThrow(/groupNorm: 3 groups .* 4 channels/)
    expect(() => F.groupNorm(zeros([4]), 1)).toThrow(ShapeError)
    expect(() => F.groupNorm(zeros([3, 4]), 0)).toThrow(/groupNorm: groups/)
    expect(() => F.groupNorm(zeros([3, 4]), 2, zeros([2]))).toThrow(/weight of shape \[4\]/)
    expect(() => F.groupNorm(zeros([3, 4]), 2, null, x as never)).toThrow(ShapeError)
    expect(() => F.groupNorm(zeros([3, 4], { dtype: 'int32' }), 2)).toThrow(DTypeError)
    expect(() => F.groupNorm(zeros([3, 4]), 2, null, null, { eps: -1 })).toThrow(ValueError)
    expect(() => F.groupNorm(zeros([3, 4]), 2, null, null, { e: 1 } as never)).toThrow(/option 'e'/)
  })
})

describe('normalize', () => {
  test('gives vectors of norm 1, and zeros for zeros', () => {
    const y = F.normalize(tensor([[3, 4], [0, 0]], { dtype: 'float64' })) // prettier-ignore
    expect(y.toArray()).toEqual([[0.6, 0.8], [0, 0]]) // prettier-ignore
    expect(F.normalize(tensor([3, 1]), { p: 1, dim: 0 }).toArray()).toEqual([0.75, 0.25])
  })

  test('refuses what does not fit', () => {
    expect(() => F.normalize(zeros([3]))).toThrow(/normalize: there is no dim 1 in shape \[3\]/)
    expect(() => F.normalize(zeros([3, 4]), { dim: 0.5 })).toThrow(ShapeError)
    expect(() => F.normalize(zeros([3, 4]), { p: NaN })).toThrow(/normalize: p/)
    expect(() => F.normalize(zeros([3, 4]), { eps: -1 })).toThrow(/normalize: eps/)
    expect(() => F.normalize(zeros([3, 4]), { order: 2 } as never)).toThrow(/no option 'order'/)
    expect(() => F.normalize(zeros([3, 4], { dtype: 'int32' }))).toThrow(DTypeError)
  })
})

describe('cosineSimilarity', () => {
  test('is 1 of one direction, -1 of opposite ones, 0 of what is 0', () => {
    const a = tensor([[1, 2], [1, 2], [0, 0]]) // prettier-ignore
    const b = tensor([[2, 4], [-3, -6], [1, 1]]) // prettier-ignore
    const [same, opposite, none] = F.cosineSimilarity(a, b).data as unknown as number[]
    expect(same).toBeCloseTo(1, 6)
    expect(opposite).toBeCloseTo(-1, 6)
    expect(none).toBe(0)
  })

  test('takes each norm to be at least eps', () => {
    const [a, b] = [tensor([0.1, 0], { dtype: 'float64' }), tensor([3, 4], { dtype: 'float64' })]
    expect(F.cosineSimilarity(a, b, { dim: 0, eps: 0.5 }).item()).toBeCloseTo(0.3 / (0.5 * 5), 15)
  })

  test('refuses what does not fit', () => {
    const [a, b]: Tensor[] = [zeros([3, 4]), zeros([3, 5])]
    expect(() => F.cosineSimilarity(a!, b!)).toThrow(/cosineSimilarity: .*\[3, 4\] and \[3, 5\]/)
    expect(() => F.cosineSimilarity(a!, a!, { dim: 2 })).toThrow(/cosineSimilarity: .*dim 2/)
    expect(() => F.cosineSimilarity(zeros([3]), zeros([3]))).toThrow(ShapeError)
    expect(() => F.cosineSimilarity(a!, a!, { eps: -1 })).toThrow(ValueError)
    expect(() => F.cosineSimilarity(a!, a!, { p: 1 } as never)).toThrow(/no option 'p'/)
    expect(() => F.cosineSimilarity(a!, zeros([3, 4], { dtype: 'bool' }))).toThrow(
      /cosineSimilarity: .*second input/,
    )
  })
})

test('under vmap each is the loop over examples', () => {
  const batch = random.randn(3, 2, 4)
  const weight = random.randn(4)
  const calls: Record<string, (x: Tensor) => Tensor> = {
    layerNorm: (y) => F.layerNorm(y, 4, weight),
    groupNorm: (y) => F.groupNorm(y, 2, weight),
    batchNorm: (y) => F.batchNorm(y, { training: true, weight }),
    normalize: (y) => F.normalize(y),
    cosineSimilarity: (y) => F.cosineSimilarity(y, weight),
  }
  for (const [name, call] of Object.entries(calls)) {
    const looped = stack([0, 1, 2].map((i) => call(batch.at(i))))
    const off = vmap(call)(batch).sub(looped).abs().max().item()
    expect([name, off < 1e-14]).toEqual([name, true])
  }
})
