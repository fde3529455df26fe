import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../src/backends/reference.ts'
import { softmax } from '../../src/backends/softmax.ts'
import { softmaxInVectors } from '../../src/backends/wasm-softmax.ts'
import { logSoftmax, tensor } from '../../src/index.ts'
import { Layout } from '../../src/layout.ts'
import { Storage } from '../../src/storage.ts'
import type { Operand } from '../../src/backend.ts'

const floats = ['float32', 'float64'] as const

function matrix(dtype: (typeof floats)[number], [m, n]: [number, number], before = 0): Operand {
  const array = Storage.allocate(dtype, before + m * n).array
  return { storage: new Storage(dtype, array, before), layout: Layout.contiguous([m, n]) }
}

const valuesOf = ({ storage, layout }: Operand): number[] =>
  Array.from({ length: layout.numel }, (_, i) => storage.array[storage.offset + i] as number)

/** Logits of all sizes, some masked out. */
const logits = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -20, max: 20, noNaN: true }) },
  { weight: 2, arbitrary: fc.double({ min: -800, max: 800, noNaN: true }) },
  fc.constant(-Infinity),
)

describe.each(floats)('softmax of rows in vectors, %s', (dtype) => {
  const epsilon = dtype === 'float32' ? 2 ** -23 : 2 ** -52

  test.each([false, true])('is that of the reference; logarithm: %s', (logarithm) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 150 }),
        fc.nat(3),
        fc.gen(),
        (m, n, before, gen) => {
          const x = matrix(dtype, [m, n], before)
          for (let i = 0; i < m * n; i++) x.storage.array[before + i] = gen(() => logits)
          const [out, wanted] = [matrix(dtype, [m, n], 2), matrix('float64', [m, n])]
          expect(softmaxInVectors(x, 1, logarithm, out)).toBe(true)
          reference.softmax(x, 1, logarithm, wanted)
          const exact = valuesOf(wanted)
          const values = valuesOf(x)
          const tops = Array.from({ length: m }, (_, i) =>
            Math.max(...values.slice(n * i, n * (i + 1))),
          )
          const wrong = valuesOf(out).flatMap((found, i) => {
            const value = exact[i]
            if (!Number.isFinite(value)) return Object.is(found, value) ? [] : [i]
            // The difference from the largest is rounded, and eˣ feels that as often as it is large.
            const below = tops[Math.floor(i / n)] - values[i]
            const size = logarithm ? 2 + below : value && value * (4 + below)
            const least = dtype === 'float32' ? 2 ** -149 : 2 ** -1074
            return Math.abs(found - value) <= 2 * epsilon * size + least ? [] : [i]
          })
          expect(wrong).toEqual([])
        },
      ),
      { numRuns: 100, seed: 1 },
    )
  })

  test.each([false, true])('NaN and infinities fill their rows; logarithm: %s', (logarithm) => {
    const n = 20
    const x = matrix(dtype, [5, n])
    x.storage.array[3] = NaN
    x.storage.array[n + 4] = Infinity
    x.storage.array.fill(-Infinity, 2 * n, 3 * n)
    x.storage.array[3 * n] = -Infinity
    const out = matrix(dtype, [5, n])
    expect(softmaxInVectors(x, 1, logarithm, out)).toBe(true)
    const found = valuesOf(out)
    const plain = matrix(dtype, [5, n])
    reference.softmax(x, 1, logarithm, plain)
    expect(found.map(Number.isNaN)).toEqual(valuesOf(plain).map(Number.isNaN))
    expect(found.slice(0, 3 * n).every(Number.isNaN)).toBe(true)
    expect(found[3 * n]).toBe(logarithm ? -Infinity : 0)
  })

  test('rows of several blocks, and columns', () => {
    const [m, n] = [30, 1003]
    const x = matrix(dtype, [m, n])
    for (let i = 0; i < m * n; i++) x.storage.array[i] = Math.sin(i) * 5
    for (const dim of [0, 1]) {
      const [out, wanted] = [matrix(dtype, [m, n]), matrix(dtype, [m, n])]
      softmax(x, dim, false, out)
      reference.softmax(x, dim, false, wanted)
      const exact = valuesOf(wanted)
      const errors = valuesOf(out).map((found, i) => Math.abs(found - exact[i]) / exact[i])
      expect(Math.max(...errors)).toBeLessThanOrEqual(8 * epsilon)
    }
  })

  test('rows that are too long are left to others', () => {
    const [long, same] = [matrix(dtype, [1, 1 << 15]), matrix(dtype, [1, 1 << 15])]
    expect(softmaxInVectors(long, 1, false, same)).toBe(false)
  })
})

test('integers have a softmax in the default dtype', () => {
  const x = tensor([[1, 2]], { dtype: 'int32' })
  expect(x.softmax(1).dtype).toBe('float32')
  expect(logSoftmax(x, 1).data[0]).toBeCloseTo(-Math.log(1 + Math.E), 6)
})
