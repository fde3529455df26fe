import { arange, ShapeError, tensor, ValueError, zeros } from '@gradtape/core'
import { TensorDataset } from '@gradtape/data'
import { describe, expect, it } from 'vitest'

describe('TensorDataset', () => {
  const data = new TensorDataset(arange(6).reshape([3, 2]), tensor([7, 8, 9], { dtype: 'int32' }))

  it('gives the rows of its tensors', () => {
    expect(data.length).toBe(3)
    const [x, y] = data.at(1)
    expect([x.toArray(), y.item(), y.dtype]).toEqual([[2, 3], 8, 'int32'])
  })

  it('gives many rows at once', () => {
    const [x, y] = data.batch(tensor([2, 0, 2], { dtype: 'int32' }))
    expect(x.toArray()).toEqual([
      [4, 5],
      [0, 1],
      [4, 5],
    ])
    expect(y.toArray()).toEqual([9, 7, 9])
  })

  it.each([3, -1, 0.5, NaN])('has no sample %s', (index) => {
    expect(() => data.at(index)).toThrow(ValueError)
    expect(() => data.at(index)).toThrow(`an integer from 0 to 2, got ${index}`)
  })

  it('refuses no tensors, 0-d tensors and different lengths', () => {
    expect(() => new TensorDataset()).toThrow(ValueError)
    expect(() => new TensorDataset(tensor(1))).toThrow(ShapeError)
    expect(() => new TensorDataset(zeros([2, 3]), zeros([3]))).toThrow(ShapeError)
    expect(() => new TensorDataset(zeros([2, 3]), zeros([3]))).toThrow('got 2, 3')
  })
})
