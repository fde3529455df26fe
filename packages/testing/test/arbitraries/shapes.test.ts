import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraries } from '../../src/index.ts'

const numel = (shape: number[]): number => shape.reduce((a, b) => a * b, 1)

describe('shapes', () => {
  test('keep to the constraints', () => {
    fc.assert(
      fc.property(
        arbitraries.shapes({ minDims: 1, maxDims: 4, minSize: 1, maxSize: 5, maxElements: 10 }),
        (shape) => {
          expect(shape.length).toBeGreaterThanOrEqual(1)
          expect(shape.length).toBeLessThanOrEqual(4)
          expect(shape.every((size) => size >= 1 && size <= 5)).toBe(true)
          expect(numel(shape)).toBeLessThanOrEqual(10)
        },
      ),
    )
  })

  test('are of every number of dims, also empty and with sizes of 1', () => {
    const drawn = fc.sample(arbitraries.shapes(), 500)
    expect(new Set(drawn.map((shape) => shape.length))).toEqual(new Set([0, 1, 2, 3]))
    expect(drawn.filter((shape) => numel(shape) === 0).length).toBeGreaterThan(10)
    expect(drawn.filter((shape) => shape.includes(1) && shape.length > 1).length).toBeGreaterThan(
      50,
    )
    expect(Math.max(...drawn.map(numel))).toBe(24)
  })
})

describe('broadcastable shapes', () => {
  const stretched = (a: number[], b: number[]): number[] => {
    const ndim = Math.max(a.length, b.length)
    const padded = [a, b].map((s) => [...Array.from({ length: ndim - s.length }, () => 1), ...s])
    return padded[0].map((m, d) => {
      const n = padded[1][d]
      expect(m === n || m === 1 || n === 1).toBe(true)
      return m === 1 ? n : m
    })
  }

  test('broadcast to the shape given', () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const shape = gen(arbitraries.shapes, {})
        expect(stretched(shape, gen(arbitraries.broadcastableTo, shape))).toEqual(shape)
      }),
    )
  })

  test('come in pairs, either of which is stretched at times', () => {
    const pairs = fc.sample(arbitraries.broadcastablePairs(), 300)
    const full = pairs.map(([a, b]) => String(stretched(a, b)))
    expect(pairs.filter(([a], i) => String(a) !== full[i]).length).toBeGreaterThan(50)
    expect(pairs.filter(([, b], i) => String(b) !== full[i]).length).toBeGreaterThan(50)
    expect(pairs.filter(([a, b]) => a.length < b.length).length).toBeGreaterThan(10)
  })

  test('come in sets', () => {
    fc.assert(
      fc.property(arbitraries.broadcastableSets(4, { maxDims: 2 }), (set) => {
        expect(set).toHaveLength(4)
        expect(set.reduce(stretched).length).toBeLessThanOrEqual(2)
      }),
    )
    const sets = fc.sample(arbitraries.broadcastableSets(3), 200)
    expect(sets.filter((set) => new Set(set.map(String)).size === 3).length).toBeGreaterThan(20)
  })
})
