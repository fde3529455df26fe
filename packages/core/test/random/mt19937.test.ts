import { describe, expect, it } from 'vitest'
import { MersenneTwister } from '../../src/random/mt19937.ts'

describe('MersenneTwister', () => {
  it('gives the reference words of init_genrand(5489)', () => {
    const twister = new MersenneTwister(5489)
    expect(Array.from({ length: 4 }, () => twister.uint32())).toEqual([
      3499211612, 581869302, 3890346734, 3586334585,
    ])
    // The ten thousandth, which the C++ standard states for std::mt19937.
    for (let i = 5; i < 10000; i++) twister.uint32()
    expect(twister.uint32()).toBe(4123659995)
  })

  it('makes doubles in [0, 1)', () => {
    const twister = new MersenneTwister(1)
    for (let i = 0; i < 2000; i++) {
      const x = twister.double()
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x).toBeLessThan(1)
    }
  })

  it('reaches every integer of a range, bounds included, and takes nothing for a range of one', () => {
    const twister = new MersenneTwister(1)
    const twin = new MersenneTwister(1)
    expect(twister.integer(0)).toBe(0)
    expect(twister.uint32()).toBe(twin.uint32())
    const seen = new Set(Array.from({ length: 500 }, () => twister.integer(5)))
    expect([...seen].toSorted()).toEqual([0, 1, 2, 3, 4, 5])
    expect(new Set(Array.from({ length: 5 }, () => twister.integer(2 ** 32 - 1))).size).toBe(5)
  })

  it('permutes', () => {
    const order = new MersenneTwister(1).permutation(100)
    expect([...order].toSorted((a, b) => a - b)).toEqual([...Array(100).keys()])
    expect([...new MersenneTwister(1).permutation(0)]).toEqual([])
  })

  it('is cloned with its place and its spare Gaussian', () => {
    const twister = new MersenneTwister(1)
    for (let i = 0; i < 701; i++) twister.gaussian()
    const copy = twister.clone()
    const next = Array.from({ length: 5 }, () => twister.gaussian())
    expect(Array.from({ length: 5 }, () => copy.gaussian())).toEqual(next)
  })
})
