import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Operand } from '../../src/backend.ts'
import { reduce } from '../../src/backends/reduce.ts'
import { sumMiddle } from '../../src/backends/wasm-sums.ts'
import { Layout } from '../../src/layout.ts'
import { Storage } from '../../src/storage.ts'

/** Numbers whose sums are exact in float64, in any order. */
const numbers = (n: number, seed: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => (((i + 1) * (2 * seed + 7919)) % 8191) / 512 - 8)

function sums(
  x: Float32Array,
  start: number,
  outer: number,
  length: number,
  width: number,
): number[] {
  return Array.from({ length: outer * width }, (_, at) => {
    const from = start + Math.floor(at / width) * length * width + (at % width)
    return Array.from({ length }, (__, i) => x[from + i * width]).reduce((a, b) => a + b, 0)
  })
}

describe('sums in vectors', () => {
  test('are exact where float64 is: rows, columns, and planes of columns', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 70 }),
        fc.constantFrom(1, 1, 2, 3, 5, 16, 17, 40),
        fc.nat(3),
        fc.nat(5),
        fc.nat(100),
        (outer, length, width, before, to, seed) => {
          const x = numbers(before + outer * length * width + 40, seed)
          const out = new Float64Array(to + outer * width + 1).fill(-1)
          expect(sumMiddle(x, before, outer, length, width, out, to)).toBe(true)
          const expected = sums(x, before, outer, length, width)
          expect([...out]).toEqual([...Array<number>(to).fill(-1), ...expected, -1])
        },
      ),
      { numRuns: 300, seed: 1 },
    )
  })

  test.each([
    [1, 100_003, 1],
    [3, 17_000, 1],
    [2000, 19, 1],
    [2, 5000, 7],
    [1, 30, 16_000],
  ])('of more than fits at once: %i × %i × %i', (outer, length, width) => {
    const x = numbers(outer * length * width, 3)
    const out = new Float64Array(outer * width)
    expect(sumMiddle(x, 0, outer, length, width, out, 0)).toBe(true)
    expect([...out]).toEqual(sums(x, 0, outer, length, width))
  })

  test('keep NaN and infinities where they are', () => {
    const x = new Float32Array(5 * 33).fill(1)
    x[0] = NaN
    x[40] = Infinity
    x[100] = -Infinity
    x[132] = Infinity
    x[164] = -Infinity
    const out = new Float32Array(5)
    sumMiddle(x, 0, 5, 33, 1, out, 0)
    expect([...out]).toEqual([NaN, Infinity, 33, -Infinity, NaN])
  })

  test('leave other dtypes, and rows that are too wide, to others', () => {
    expect(sumMiddle(new Float64Array(100), 0, 1, 100, 1, new Float64Array(1), 0)).toBe(false)
    const wide = new Float32Array(1 << 15)
    expect(sumMiddle(wide, 0, 1, 1, 1 << 15, new Float32Array(1 << 15), 0)).toBe(false)
  })

  test.each([[[0]], [[1]], [[2]], [[0, 1]], [[1, 2]], [[0, 2]], [[0, 1, 2]]])(
    'are what a large tensor is reduced by: dims %j',
    (dims) => {
      const shape = [12, 15, 17]
      const array = numbers(3 + 12 * 15 * 17, 1)
      const x: Operand = {
        storage: new Storage('float32', array, 1),
        layout: new Layout(shape, [255, 17, 1], 2),
      }
      const exact: Operand = {
        storage: new Storage('float64', Float64Array.from(array), 1),
        layout: x.layout,
      }
      const kept = shape.filter((_, d) => !dims.includes(d))
      const [found, wanted] = [0, 1].map((): Operand => {
        const layout = Layout.contiguous(kept)
        return { storage: Storage.allocate('float64', layout.numel), layout }
      })
      reduce('sum', x, dims, found)
      reduce('sum', exact, dims, wanted)
      expect([...found.storage.array]).toEqual([...wanted.storage.array])
    },
  )
})
