import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ValueError } from '../../src/errors.ts'
import { observeHost } from '../../src/host.ts'
import { defaultGenerator, manualSeed, RandomGenerator } from '../../src/random/generator.ts'

describe('RandomGenerator', () => {
  it('hands out ranges of blocks that follow each other', () => {
    const generator = new RandomGenerator(5)
    expect([generator.seed, generator.offset]).toEqual([5, 0])
    expect([generator.reserve(3), generator.reserve(0), generator.reserve(4)]).toEqual([0, 3, 3])
    expect(generator.offset).toBe(7)
  })

  it('starts over when it is seeded', () => {
    const generator = new RandomGenerator(5)
    generator.reserve(9)
    expect(generator.manualSeed(2 ** 53 - 1)).toBe(generator)
    expect(generator.getState()).toEqual({ seed: 2 ** 53 - 1, offset: 0 })
  })

  it('goes on from a saved state', () => {
    const generator = new RandomGenerator(5)
    generator.reserve(9)
    const state = generator.getState()
    generator.reserve(1)
    const other = new RandomGenerator(1)
    other.setState(state)
    expect(other.getState()).toEqual({ seed: 5, offset: 9 })
    expect(state).toEqual({ seed: 5, offset: 9 })
  })

  it('draws a seed of its own when none is given', () => {
    const seeds = Array.from({ length: 4 }, () => new RandomGenerator().seed)
    expect(new Set(seeds).size).toBe(4)
    for (const seed of seeds) expect(Number.isSafeInteger(seed) && seed >= 0).toBe(true)
  })

  it('reads and moves its position through host, for whoever records', () => {
    const seen: string[] = []
    const generator = new RandomGenerator(5)
    observeHost(
      {
        read: (owner, key) => seen.push(`read ${String(key)} ${owner === generator}`),
        update: (owner, key, next) =>
          seen.push(`update ${String(key)} ${owner === generator} ${String(next(10 as never))}`),
      },
      () => generator.reserve(4),
    )
    expect(seen).toEqual(['read offset true', 'update offset true 14'])
  })

  it.each([-1, 0.5, 2 ** 53, NaN, Infinity, '7' as unknown as number])(
    'refuses the seed %s, wherever it is given, and stays as it was',
    (seed) => {
      const generator = new RandomGenerator(5)
      generator.reserve(2)
      expect(() => new RandomGenerator(seed)).toThrow(ValueError)
      expect(() => generator.manualSeed(seed)).toThrow(
        `manualSeed: seed must be an integer from 0 to 2^53 − 1, got ${seed}`,
      )
      expect(() => generator.setState({ seed, offset: 0 })).toThrow(ValueError)
      expect(() => generator.setState({ seed: 1, offset: seed })).toThrow(ValueError)
      expect(() => generator.reserve(seed)).toThrow(ValueError)
      expect(generator.getState()).toEqual({ seed: 5, offset: 2 })
    },
  )

  it('takes every seed in range', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (seed) => {
        expect(new RandomGenerator(seed).seed).toBe(seed)
      }),
    )
  })
})

describe('manualSeed', () => {
  it('seeds the default generator and returns it', () => {
    expect(manualSeed(3)).toBe(defaultGenerator)
    expect(defaultGenerator.getState()).toEqual({ seed: 3, offset: 0 })
  })
})
