import { describe, expect, it } from 'vitest'
import {
  blocksFor,
  fillGaussian,
  fillInteger,
  fillPermutation,
  fillUniform,
} from '../../src/random/draws.ts'
import { philox4x32 } from '../../src/random/philox.ts'

const N = 200_000

function moments(x: ArrayLike<number>): { mean: number; variance: number; kurtosis: number } {
  let first = 0
  for (let i = 0; i < x.length; i++) first += x[i]
  const mean = first / x.length
  let second = 0
  let fourth = 0
  for (let i = 0; i < x.length; i++) {
    second += (x[i] - mean) ** 2
    fourth += (x[i] - mean) ** 4
  }
  const variance = second / x.length
  return { mean, variance, kurtosis: fourth / x.length / variance ** 2 }
}

const fills = {
  uniform: fillUniform,
  gaussian: fillGaussian,
  integer: (out: Float64Array, seed: number, offset: number, start?: number) =>
    fillInteger(out, seed, offset, -3, 9, start),
}

describe.each(Object.entries(fills))('fill of kind %s', (_, fill) => {
  it('depends on seed, offset and index alone: pieces make the whole', () => {
    const whole = new Float64Array(101)
    fill(whole, 7, 1000)
    for (const [from, to] of [
      [0, 1],
      [1, 2],
      [33, 64],
      [64, 101],
    ]) {
      const piece = new Float64Array(to - from)
      fill(piece, 7, 1000, from)
      expect(piece).toEqual(whole.slice(from, to))
    }
    const later = new Float64Array(101 - 20)
    fill(later, 7, 1010)
    expect(later).toEqual(whole.slice(20))
  })

  it('changes with every bit of the seed and of the offset', () => {
    const first = (seed: number, offset: number) => {
      const out = new Float64Array(8)
      fill(out, seed, offset)
      return out.join()
    }
    const seen = new Set<string>([first(0, 0)])
    for (let bit = 0; bit < 53; bit++) seen.add(first(2 ** bit, 0)).add(first(0, 2 ** bit))
    // Offsets 1 and 2 give overlapping streams but other first elements.
    expect(seen.size).toBe(107)
  })
})

describe('fillUniform', () => {
  it('takes two halves of a block: 53 bits in float64, of which float32 keeps 24', () => {
    const words = new Uint32Array(4)
    philox4x32(words, 5, 0, 0, 0, 9, 0)
    const wide = new Float64Array(2)
    const narrow = new Float32Array(2)
    fillUniform(wide, 9, 5)
    fillUniform(narrow, 9, 5)
    for (const half of [0, 1]) {
      const bits = BigInt(words[2 * half]) * 2n ** 32n + BigInt(words[2 * half + 1])
      expect(wide[half]).toBe(Number(bits >> 11n) / 2 ** 53)
      expect(narrow[half]).toBe(Math.floor(wide[half] * 2 ** 24) / 2 ** 24)
    }
  })

  it('stays below 1 and is flat', () => {
    const x = new Float32Array(N)
    fillUniform(x, 1, 0)
    const counts = new Array<number>(20).fill(0)
    for (const value of x) counts[Math.floor(value * 20)]++
    const chiSquare = counts.reduce((sum, n) => sum + (n - N / 20) ** 2 / (N / 20), 0)
    expect(counts).toHaveLength(20)
    expect(chiSquare).toBeLessThan(43.8) // 19 degrees of freedom, 0.1 %
  })
})

describe('fillGaussian', () => {
  it('has the moments of the standard normal, and independent halves', () => {
    const x = new Float64Array(N)
    fillGaussian(x, 3, 0)
    const { mean, variance, kurtosis } = moments(x)
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(N))
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / N))
    expect(Math.abs(kurtosis - 3)).toBeLessThan(4 * Math.sqrt(24 / N))
    let product = 0
    for (let i = 0; i < N; i += 2) product += x[i] * x[i + 1]
    expect(Math.abs(product / (N / 2))).toBeLessThan(4 / Math.sqrt(N / 2))
    expect(x.every(Number.isFinite)).toBe(true)
  })

  it('gives the same values in float32, rounded', () => {
    const wide = new Float64Array(50)
    const narrow = new Float32Array(50)
    fillGaussian(wide, 3, 0)
    fillGaussian(narrow, 3, 0)
    expect(narrow).toEqual(Float32Array.from(wide))
  })
})

describe('fillInteger', () => {
  it('covers [low, high) evenly', () => {
    const x = new Int32Array(N)
    fillInteger(x, 4, 0, -3, 4)
    const counts = new Map<number, number>()
    for (const value of x) counts.set(value, (counts.get(value) ?? 0) + 1)
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3])
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - N / 7) ** 2 / (N / 7), 0)
    expect(chiSquare).toBeLessThan(22.5) // 6 degrees of freedom, 0.1 %
  })

  it('spans all of int32', () => {
    const x = new Float64Array(1000)
    fillInteger(x, 4, 0, -(2 ** 31), 2 ** 31)
    expect(Math.min(...x)).toBeLessThan(-0.9 * 2 ** 31)
    expect(Math.max(...x)).toBeGreaterThan(0.9 * 2 ** 31)
    expect(x).toEqual(Float64Array.from(Int32Array.from(x)))
  })
})

describe('fillPermutation', () => {
  it('holds every index once, and each equally often in each place', () => {
    const places = new Array<number>(16).fill(0)
    for (let seed = 0; seed < 4000; seed++) {
      const order = new Int32Array(4)
      fillPermutation(order, seed, 0)
      expect([...order].toSorted()).toEqual([0, 1, 2, 3])
      order.forEach((value, place) => places[4 * place + value]++)
    }
    for (const n of places) expect(Math.abs(n - 1000)).toBeLessThan(120)
  })

  it('takes the empty and the single list', () => {
    const one = new Int32Array(1)
    fillPermutation(one, 1, 0)
    expect([...one]).toEqual([0])
    fillPermutation(new Int32Array(0), 1, 0)
  })
})

it('blocksFor counts two elements to a block', () => {
  expect([0, 1, 2, 3, 4].map(blocksFor)).toEqual([0, 1, 1, 2, 2])
})
