import { manualSeed, RandomGenerator, tensor, ValueError, zeros } from '@gradtape/core'
import {
  BatchSampler,
  RandomSampler,
  SequentialSampler,
  WeightedRandomSampler,
} from '@gradtape/data'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const numbers = (length: number): number[] => Array.from({ length }, (_, i) => i)
const sorted = (list: Iterable<number>) => [...list].sort((a, b) => a - b)
const seeded = (seed: number) => ({ generator: new RandomGenerator(seed) })

describe('SequentialSampler', () => {
  it('gives every sample once, in order, as often as it is asked', () => {
    const sampler = new SequentialSampler({ length: 4 })
    expect([sampler.length, [...sampler], [...sampler]]).toEqual([4, numbers(4), numbers(4)])
    expect([...new SequentialSampler([])]).toEqual([])
  })

  it('follows a source that grows', () => {
    const source = [1]
    const sampler = new SequentialSampler(source)
    source.push(2)
    expect([sampler.length, [...sampler]]).toEqual([2, [0, 1]])
  })
})

describe('RandomSampler', () => {
  it('gives every sample once a pass, in a new order that the generator settles', () => {
    const sampler = new RandomSampler(numbers(50), seeded(3))
    const passes = [[...sampler], [...sampler]]
    for (const pass of passes) expect(sorted(pass)).toEqual(numbers(50))
    expect(passes[0]).not.toEqual(passes[1])
    const again = new RandomSampler(numbers(50), seeded(3))
    expect([[...again], [...again]]).toEqual(passes)
  })

  it('draws from the default generator otherwise', () => {
    const sampler = new RandomSampler(numbers(50))
    manualSeed(1)
    const pass = [...sampler]
    manualSeed(1)
    expect([...sampler]).toEqual(pass)
  })

  it('repeats no sample before all have come, whatever numSamples', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 70 }), (n, draws) => {
        const sampler = new RandomSampler(numbers(n), { numSamples: draws, ...seeded(n) })
        const pass = [...sampler]
        expect([sampler.length, pass.length]).toEqual([draws, draws])
        for (let start = 0; start + n <= draws; start += n) {
          expect(sorted(pass.slice(start, start + n))).toEqual(numbers(n))
        }
        const rest = pass.slice(draws - (draws % n))
        expect(new Set(rest).size).toBe(rest.length)
      }),
      { seed: 6 },
    )
  })

  it('draws with replacement evenly', () => {
    const sampler = new RandomSampler(numbers(10), {
      replacement: true,
      numSamples: 5000,
      ...seeded(5),
    })
    const counts = numbers(10).map(() => 0)
    for (const i of sampler) counts[i]!++
    expect(sampler.length).toBe(5000)
    // Five standard deviations of a binomial count.
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(5 * Math.sqrt(450))
    expect(new RandomSampler(numbers(10), { replacement: true }).length).toBe(10)
  })

  it('refuses to draw from nothing', () => {
    expect([...new RandomSampler([])]).toEqual([])
    const sampler = new RandomSampler([], { numSamples: 2 })
    expect(() => [...sampler]).toThrow(ValueError)
    expect(() => [...sampler]).toThrow("RandomSampler: can't draw 2 samples of none")
  })

  it.each<[unknown, object, string]>([
    [
      null,
      {},
      'RandomSampler: expected a dataset, an array or another object with a length, got null',
    ],
    [{}, {}, 'RandomSampler: expected a dataset'],
    [{ length: -1 }, {}, 'RandomSampler: expected a dataset'],
    [[1], { numSamples: 0 }, 'RandomSampler: numSamples must be a positive integer, got 0'],
    [[1], { numSamples: 1.5 }, 'numSamples must be a positive integer, got 1.5'],
    [[1], { replacement: 1 }, 'RandomSampler: replacement must be true or false, got 1'],
  ])('refuses %o with %o', (source, options, message) => {
    expect(() => new RandomSampler(source as never, options)).toThrow(ValueError)
    expect(() => new RandomSampler(source as never, options)).toThrow(message)
  })
})

describe('WeightedRandomSampler', () => {
  it('draws in proportion to the weights, and what weighs nothing never', () => {
    const weights = [0, 1, 2, 0, 5, 0]
    const sampler = new WeightedRandomSampler(weights, 8000, seeded(2))
    const counts = weights.map(() => 0)
    for (const i of sampler) counts[i]!++
    expect(sampler.length).toBe(8000)
    for (const [i, weight] of weights.entries()) {
      const p = weight / 8
      expect(Math.abs(counts[i]! - 8000 * p)).toBeLessThanOrEqual(5 * Math.sqrt(8000 * p * (1 - p)))
    }
  })

  it('draws without replacement as urns do: the first of two by its weight', () => {
    const firsts = [0, 0, 0]
    for (let seed = 0; seed < 2000; seed++) {
      const weights = tensor([0, 1, 3])
      const sampler = new WeightedRandomSampler(weights, 2, { replacement: false, ...seeded(seed) })
      const pass = [...sampler]
      expect(sorted(pass)).toEqual([1, 2])
      firsts[pass[0]!]!++
    }
    expect(Math.abs(firsts[2]! - 1500)).toBeLessThan(5 * Math.sqrt(2000 * 0.25 * 0.75))
  })

  it('draws anew in each pass, as the generator settles', () => {
    const weights = Array<number>(30).fill(1)
    for (const replacement of [true, false]) {
      const passes = () => {
        const sampler = new WeightedRandomSampler(weights, 20, { replacement, ...seeded(4) })
        return [[...sampler], [...sampler]]
      }
      const [first, second] = passes()
      expect(first).not.toEqual(second)
      expect(passes()).toEqual([first, second])
    }
  })

  it.each<[unknown, unknown, object, string]>([
    [[1], 0, {}, 'numSamples must be a positive integer, got 0'],
    [[1, -1], 1, {}, 'finite numbers of at least 0, but weight 1 is -1'],
    [[NaN], 1, {}, 'but weight 0 is NaN'],
    [[Infinity], 1, {}, 'but weight 0 is Infinity'],
    [zeros([2, 2]), 1, {}, 'weights must have one dimension, got [2, 2]'],
    [[], 1, {}, "can't draw 1 samples where 0 weights are above 0"],
    [[0, 0], 1, {}, "can't draw 1 samples where 0 weights"],
    [[1, 0], 2, { replacement: false }, "can't draw 2 samples without replacement where 1 weights"],
    [[1], 1, { replacement: 'no' }, 'replacement must be true or false, got no'],
  ])('refuses the weights %o, %o samples, %o', (weights, numSamples, options, message) => {
    const make = () => new WeightedRandomSampler(weights as never, numSamples as never, options)
    expect(make).toThrow(ValueError)
    expect(make).toThrow(`WeightedRandomSampler: `)
    expect(make).toThrow(message)
  })
})

describe('BatchSampler', () => {
  it.each<[number, boolean, number[][]]>([
    [2, false, [[0, 1], [2, 3], [4]]],
    [
      2,
      true,
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [5, true, [[0, 1, 2, 3, 4]]],
    [9, false, [[0, 1, 2, 3, 4]]],
    [9, true, []],
  ])('cuts five samples by %i, dropLast: %s', (batchSize, dropLast, batches) => {
    const sampler = new BatchSampler(new SequentialSampler(numbers(5)), batchSize, dropLast)
    expect([...sampler]).toEqual(batches)
    expect(sampler.length).toBe(batches.length)
    expect([...sampler]).toEqual(batches)
  })

  it.each<[unknown, unknown, unknown, string]>([
    [numbers(3), 0, false, 'batchSize must be a positive integer, got 0'],
    [numbers(3), 1, undefined, 'dropLast must be true or false, got undefined'],
    [{ length: 3 }, 1, false, 'sampler must be iterable and have a length'],
    [undefined, 1, false, 'sampler must be iterable and have a length'],
  ])('refuses %o, %o, %o', (sampler, batchSize, dropLast, message) => {
    const make = () => new BatchSampler(sampler as never, batchSize as never, dropLast as never)
    expect(make).toThrow(ValueError)
    expect(make).toThrow(`BatchSampler: ${message}`)
  })
})
