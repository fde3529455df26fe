import { arange, manualSeed, RandomGenerator, tensor, ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { DataLoader, TensorDataset } from '@gradtape/data'
import type { Dataset } from '@gradtape/data'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const numbers = (length: number): number[] => Array.from({ length }, (_, i) => i)
const passOver = (loader: Iterable<Tensor>): number[][] =>
  Array.from(loader, (batch) => Array.from(batch.data))

describe('DataLoader', () => {
  it('cuts a TensorDataset into typed batches', () => {
    const x = arange(10).reshape([5, 2])
    const y = tensor([0, 1, 0, 1, 0], { dtype: 'int32' })
    const loader = new DataLoader(new TensorDataset(x, y), { batchSize: 2 })
    expect(loader.length).toBe(3)
    const shapes: (readonly number[])[] = []
    for (const [xb, yb] of loader) {
      const typed: [Tensor<[number, 2]>, Tensor<[number]>] = [xb, yb]
      // @ts-expect-error: a batch keeps what is known of the rows.
      const wrong: Tensor<[number, 3]> = xb
      expect(wrong).toBe(typed[0])
      shapes.push(xb.shape, yb.shape)
      expect([xb.dtype, yb.dtype]).toEqual(['float32', 'int32'])
    }
    expect(shapes).toEqual([[2, 2], [2], [2, 2], [2], [1, 2], [1]])
  })

  it('goes one by one in order unless told otherwise', () => {
    expect(passOver(new DataLoader(numbers(3)))).toEqual([[0], [1], [2]])
  })

  it('leaves the short batch out with dropLast', () => {
    const loader = new DataLoader(numbers(7), { batchSize: 3, dropLast: true })
    expect(loader.length).toBe(2)
    expect(passOver(loader)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ])
  })

  it('shows every sample exactly once a pass, in batches of the promised number', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        fc.boolean(),
        (samples, batchSize, shuffle, asTensors) => {
          const options = { batchSize, shuffle, generator: new RandomGenerator(1) }
          const batches = asTensors
            ? Array.from(new DataLoader(new TensorDataset(arange(samples)), options), ([b]) => b)
            : [...new DataLoader(numbers(samples), options)]
          expect(batches).toHaveLength(Math.ceil(samples / batchSize))
          const seen = batches.flatMap((batch) => Array.from(batch.data))
          expect(seen.toSorted((a, b) => a - b)).toEqual(numbers(samples))
          for (const batch of batches.slice(0, -1)) expect(batch.size(0)).toBe(batchSize)
        },
      ),
    )
  })

  it('draws a fresh order for each pass, from the generator it is given', () => {
    const options = { batchSize: 100, shuffle: true }
    const first = new DataLoader(numbers(30), { ...options, generator: new RandomGenerator(7) })
    const passes = [passOver(first), passOver(first)]
    expect(passes[0]).not.toEqual(passes[1])
    expect(passes[0]).not.toEqual([numbers(30)])
    const again = new DataLoader(numbers(30), { ...options, generator: new RandomGenerator(7) })
    expect([passOver(again), passOver(again)]).toEqual(passes)
  })

  it('draws from the default generator otherwise', () => {
    const loader = new DataLoader(numbers(30), { batchSize: 30, shuffle: true })
    manualSeed(5)
    const first = passOver(loader)
    manualSeed(5)
    expect(passOver(loader)).toEqual(first)
  })

  it('gives the same batches by batch() and by at()', () => {
    const tensors = new TensorDataset(arange(20).reshape([10, 2]), arange(10))
    const slow: Dataset<readonly Tensor[]> = { length: 10, at: (i) => tensors.at(i) }
    const pass = (dataset: Dataset<readonly Tensor[]>) =>
      Array.from(
        new DataLoader(dataset, { batchSize: 4, shuffle: true, generator: new RandomGenerator(2) }),
        (batch) => batch.map((each) => each.toArray()),
      )
    expect(pass(slow)).toEqual(pass(tensors))
  })

  it('batches do not share memory with the dataset', () => {
    const x = arange(4)
    for (const [batch] of new DataLoader(new TensorDataset(x), { batchSize: 4 })) batch.fill_(9)
    expect(x.toArray()).toEqual([0, 1, 2, 3])
  })

  it.each([0, -1, 1.5, NaN, Infinity])('refuses the batch size %s', (batchSize) => {
    expect(() => new DataLoader(numbers(3), { batchSize })).toThrow(ValueError)
    expect(() => new DataLoader(numbers(3), { batchSize })).toThrow(
      `DataLoader: batchSize must be a positive integer, got ${batchSize}`,
    )
  })

  it('refuses what is no dataset, and one that lacks a sample', () => {
    expect(() => new DataLoader(5 as never)).toThrow(ValueError)
    expect(() => new DataLoader({ length: 3 } as never)).toThrow('expected a dataset')
    const holes: Dataset<number> = { length: 3, at: (i) => (i === 1 ? undefined : i) }
    expect(() => [...new DataLoader(holes)]).toThrow('the dataset has no sample 1')
  })
})
