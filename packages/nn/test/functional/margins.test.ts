import { DTypeError, ShapeError, tensor, ValueError, zeros, type Tensor } from '@gradtape/core'
import { functional as F } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'

const rows = tensor([[3, 4], [1, 0]]) // prettier-ignore
const signs = tensor([1, -1])
const integers = zeros([2, 2], { dtype: 'int32' })
const bools = tensor([true, false])
const none = { reduction: 'none' } as const

describe('hingeEmbeddingLoss', () => {
  test('takes signs of floats or integers', () => {
    const input = tensor([0.25, 0.25])
    for (const dtype of ['float32', 'float64', 'int32', 'int64'] as const) {
      const losses = F.hingeEmbeddingLoss(input, signs.to(dtype), none)
      expect([losses.dtype, losses.toArray()]).toEqual(['float32', [0.25, 0.75]])
    }
  })

  test('refuses what does not fit', () => {
    const input = tensor([1, 2])
    expect(() => F.hingeEmbeddingLoss(input, tensor([1]))).toThrow(ShapeError)
    expect(() => F.hingeEmbeddingLoss(input, bools)).toThrow(DTypeError)
    expect(() => F.hingeEmbeddingLoss(input, [1, 1] as never)).toThrow(/^hingeEmbeddingLoss: /)
    expect(() => F.hingeEmbeddingLoss(integers, integers)).toThrow(DTypeError)
    for (const value of [0, 2, NaN]) {
      const call = (): unknown => F.hingeEmbeddingLoss(input, tensor([1, value]))
      expect(call).toThrow(ValueError)
      expect(call).toThrow(`got ${value} at element 1`)
    }
    expect(() => F.hingeEmbeddingLoss(input, signs, { margin: NaN })).toThrow(/margin/)
    expect(() => F.hingeEmbeddingLoss(input, signs, { p: 2 } as never)).toThrow(/no option 'p'/)
    expect(() => F.hingeEmbeddingLoss(input, signs, { reduction: 'max' as never })).toThrow(
      ValueError,
    )
  })
})

describe('cosineEmbeddingLoss', () => {
  test('is by the cosine between rows, which zeros have none of', () => {
    const other = tensor([[3, 4], [0.6, 0.8]]) // prettier-ignore
    const [same, apart] = F.cosineEmbeddingLoss(rows, other, signs, none).toArray() as number[]
    expect(same).toBeCloseTo(0, 6)
    expect(apart).toBeCloseTo(0.6, 6)
    const x = zeros([2], { requiresGrad: true })
    const loss = F.cosineEmbeddingLoss(x, rows.at(0), tensor(1))
    loss.backward()
    expect(loss.item()).toBe(1)
    expect(x.grad!.data.every(Number.isFinite)).toBe(true)
  })

  test('refuses what does not fit', () => {
    const call = (a: Tensor, b: Tensor, target: Tensor): (() => unknown) => {
      return () => F.cosineEmbeddingLoss(a, b, target)
    }
    expect(call(rows, zeros([2, 3]), signs)).toThrow(
      /^cosineEmbeddingLoss: .*\[2, 2\] and \[2, 3\]/,
    )
    expect(call(zeros([2, 2, 2]), zeros([2, 2, 2]), signs)).toThrow(ShapeError)
    expect(call(tensor(1), tensor(1), tensor(1))).toThrow(ShapeError)
    expect(call(rows, rows, tensor(1))).toThrow(/target of shape \[2\].*got \[\]/)
    expect(call(rows, rows, tensor([[1], [1]]))).toThrow(ShapeError)
    expect(call(integers, rows, signs)).toThrow(DTypeError)
    expect(call(rows, rows, bools)).toThrow(DTypeError)
    expect(call(rows, rows, tensor([1, 0]))).toThrow(/got 0 at element 1/)
    expect(() => F.cosineEmbeddingLoss(rows, rows, signs, { eps: 1 } as never)).toThrow(/'eps'/)
    for (const margin of [-1.5, 2, NaN]) {
      expect(() => F.cosineEmbeddingLoss(rows, rows, signs, { margin })).toThrow(/margin.*-1 to 1/)
    }
  })
})

describe('tripletMarginLoss', () => {
  test('is 0 where the negative is far enough', () => {
    const far = rows.add(10)
    expect(F.tripletMarginLoss(rows, rows, far, none).toArray()).toEqual([0, 0])
    const losses = F.tripletMarginLoss(rows, far, rows, { ...none, p: 1, eps: 0 })
    expect(losses.toArray()).toEqual([21, 21])
  })

  test('refuses what does not fit', () => {
    expect(() => F.tripletMarginLoss(rows, rows, zeros([2, 3]))).toThrow(/\[2, 2\] and \[2, 3\]/)
    expect(() => F.tripletMarginLoss(rows, zeros([2]), rows)).toThrow(ShapeError)
    const scalar = tensor(1)
    expect(() => F.tripletMarginLoss(scalar, scalar, scalar)).toThrow(ShapeError)
    expect(() => F.tripletMarginLoss(rows, integers, rows)).toThrow(/as the positive/)
    expect(() => F.tripletMarginLoss(rows, rows, rows, { P: 1 } as never)).toThrow(/'P'/)
    for (const options of [
      { margin: 0 },
      { margin: Infinity },
      { p: 0 },
      { p: NaN },
      { eps: -1 },
    ]) {
      const [option] = Object.keys(options)
      const call = (): unknown => F.tripletMarginLoss(rows, rows, rows, options)
      expect(call).toThrow(ValueError)
      expect(call).toThrow(`tripletMarginLoss: ${option} must`)
    }
  })
})
