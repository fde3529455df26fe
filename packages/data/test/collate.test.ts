import { isTensor, ShapeError, tensor, ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { describe, expect, it } from 'vitest'
import { defaultCollate } from '../src/collate.ts'

describe('defaultCollate', () => {
  it('stacks tensors and keeps their dtype', () => {
    const batch = defaultCollate([
      tensor([1, 2], { dtype: 'int32' }),
      tensor([3, 4], { dtype: 'int32' }),
    ])
    expect([batch.toArray(), batch.dtype]).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      'int32',
    ])
  })

  it('makes tensors of numbers, booleans and typed arrays', () => {
    const numbers = defaultCollate([1, 2.5])
    expect([numbers.toArray(), numbers.dtype]).toEqual([[1, 2.5], 'float32'])
    const flags = defaultCollate([true, false])
    expect(flags.dtype).toBe('bool')
    expect(Array.from(flags.data)).toEqual([1, 0])
    const arrays = defaultCollate([Float64Array.of(1, 2), Float64Array.of(3, 4)])
    expect([arrays.shape, arrays.dtype]).toEqual([[2, 2], 'float64'])
    const pixels = defaultCollate([Uint8Array.of(1, 2), Uint8Array.of(3, 4)])
    expect([pixels.shape, pixels.dtype]).toEqual([[2, 2], 'uint8'])
  })

  it('follows tuples and plain objects, and lists strings', () => {
    const sample = (i: number) => ({ pair: [tensor([i]), i] as const, name: `n${i}` })
    const batch = defaultCollate([sample(0), sample(1), sample(2)])
    expect(batch.name).toEqual(['n0', 'n1', 'n2'])
    expect(batch.pair[0].shape).toEqual([3, 1])
    expect(batch.pair[1].toArray()).toEqual([0, 1, 2])
  })

  it('has the type of its samples, leaf by leaf', () => {
    const batch = defaultCollate([[tensor([1]), 2, { name: 'a', flag: true }] as const])
    const typed: [Tensor, Tensor, { readonly name: string[]; readonly flag: Tensor }] = batch
    expect(typed.slice(0, 2).every(isTensor)).toBe(true)
    // @ts-expect-error: numbers are joined into a tensor.
    const wrong: number[] = defaultCollate([1, 2])
    expect(isTensor(wrong)).toBe(true)
  })

  it.each<[unknown[], string]>([
    [[1, 'a'], 'sample is a number in one sample and a string in another'],
    [[[1, 2], [1]], 'sample has 2 entries in one sample and 1 in another'],
    [[{ a: 1 }, { b: 1 }], 'sample has the keys a in one sample and b in another'],
    [[{ a: [1, 2] }, { a: [1, true] }], 'sample.a[1] is a number in one sample and a boolean'],
    [[null], 'sample is [object Null]'],
    [[[undefined]], 'sample[0] is undefined'],
    [[new Map()], 'sample is [object Map]'],
  ])('refuses %o', (samples, message) => {
    expect(() => defaultCollate(samples)).toThrow(ValueError)
    expect(() => defaultCollate(samples)).toThrow(message)
  })

  it('refuses tensors of different shapes', () => {
    const samples = [[tensor([1, 2])], [tensor([1, 2, 3])]]
    expect(() => defaultCollate(samples)).toThrow(ShapeError)
    expect(() => defaultCollate(samples)).toThrow(
      'sample[0] must have one shape in all samples, got [2] and [3]',
    )
  })
})
