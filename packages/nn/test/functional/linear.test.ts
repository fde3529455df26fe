import { DTypeError, ShapeError, tensor, zeros } from '@gradtape/core'
import { functional as F } from '@gradtape/nn'
import { expect, test } from 'vitest'

const weight = tensor([[1, 2], [3, 4], [5, 6]]) // prettier-ignore

test('linear is x Wᵀ + b', () => {
  const x = tensor([[1, 0], [0, 1]]) // prettier-ignore
  expect(F.linear(x, weight).toArray()).toEqual([[1, 3, 5], [2, 4, 6]]) // prettier-ignore
  expect(F.linear(x, weight, tensor([10, 20, 30])).toArray()).toEqual([[11, 23, 35], [12, 24, 36]]) // prettier-ignore
  expect(F.linear(tensor([1, 1]), weight, null).toArray()).toEqual([3, 7, 11])
})

test('linear refuses what does not fit', () => {
  expect(() => F.linear(zeros([4, 3]), weight)).toThrow(/linear: .*\[4, 3\].*\[3, 2\]/)
  expect(() => F.linear(zeros([]), weight)).toThrow(ShapeError)
  expect(() => F.linear(zeros([2]), zeros([2]))).toThrow(ShapeError)
  expect(() => F.linear(zeros([2]), zeros([1, 3, 2]))).toThrow(ShapeError)
  expect(() => F.linear(zeros([2]), weight, zeros([1]))).toThrow(/bias of shape \[3\]/)
  expect(() => F.linear(zeros([2], { dtype: 'int32' }), weight)).toThrow(DTypeError)
  expect(() => F.linear(zeros([2]), weight, 1 as never)).toThrow(DTypeError)
})
