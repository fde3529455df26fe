import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Operand } from '../../src/backend.ts'
import { reference } from '../../src/backends/reference.ts'
import { rows } from '../../src/backends/standardize.ts'
import { standardizeInVectors } from '../../src/backends/wasm-standardize.ts'
import { standardize, tensor } from '../../src/index.ts'
import { Layout } from '../../src/layout.ts'
import { Storage } from '../../src/storage.ts'

const floats = ['float32', 'float64'] as const

function matrix(dtype: (typeof floats)[number], shape: [number, number], before = 0): Operand {
  const layout = Layout.contiguous(shape)
  const { array } = Storage.allocate(dtype, before + layout.numel)
  return { storage: new Storage(dtype, array, before), layout }
}

const valuesOf = ({ storage, layout }: Operand): number[] =>
  Array.from({ length: layout.numel }, (_, i) => storage.array[storage.offset + i] as number)

describe.each(floats)('rows in vectors, %s', (dtype) => {
  const epsilon = dtype === 'float32' ? 2 ** -24 : 2 ** -53

  test.each([false, true])('are those of the reference; inverse: %s', (inverse) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(3),
        fc.constantFrom(0.1, 1e-5),
        fc.gen(),
        (m, vectors, before, eps, gen) => {
          const n = 4 * vectors
          const x = matrix(dtype, [m, n], before)
          for (let i = 0; i < m * n; i++) {
            x.storage.array[before + i] = gen(() => fc.double({ min: -4, max: 9, noNaN: true }))
          }
          const shape: [number, number] = [m, inverse ? 1 : n]
          const [out, exact] = [matrix(dtype, shape, 2), matrix('float64', shape)]
          expect(standardizeInVectors(x, eps, inverse, out)).toBe(true)
          const name = inverse ? 'inverseDeviation' : 'standardize'
          reference.rows![name](x, eps, exact)
          const [found, wanted] = [valuesOf(out), valuesOf(exact)]
          // float32 is computed in float64, and rounded once; what that rounds counts by what is taken off.
          const small = 2 ** -52 * n * (inverse ? 10 / eps : 10 / Math.sqrt(eps))
          found.forEach((value, i) => {
            const allowed = epsilon * Math.abs(wanted[i]) + small
            expect(Math.abs(value - wanted[i])).toBeLessThanOrEqual(allowed)
          })
        },
      ),
      // Not shrunk: with so many numbers that would take minutes.
      { numRuns: 100, seed: 1, endOnFailure: true },
    )
  })

  test('of more than fits at once', () => {
    const [m, n] = [40, 1000]
    const [x, out, wanted] = Array.from({ length: 3 }, () => matrix(dtype, [m, n]))
    for (let i = 0; i < m * n; i++) x.storage.array[i] = Math.sin(i) * 5 + 1
    rows.standardize(x, 1e-5, out)
    reference.rows!.standardize(x, 1e-5, wanted)
    const exact = valuesOf(wanted)
    const largest = valuesOf(out).reduce(
      (most, value, i) => Math.max(most, Math.abs(value - exact[i])),
      0,
    )
    expect(largest).toBeLessThan(16 * epsilon)
  })

  test('leave rows of no whole vectors, and long ones, to others', () => {
    const odd = matrix(dtype, [2, 5])
    expect(standardizeInVectors(odd, 1, false, odd)).toBe(false)
    const long = matrix(dtype, [1, 1 << 15])
    expect(standardizeInVectors(long, 1, false, long)).toBe(false)
  })

  test('NaN and infinities fill their rows only', () => {
    const x = matrix(dtype, [3, 8])
    valuesOf(x).forEach((_, i) => (x.storage.array[i] = i % 3))
    x.storage.array[2] = NaN
    x.storage.array[12] = Infinity
    const out = matrix(dtype, [3, 8])
    expect(standardizeInVectors(x, 1e-5, false, out)).toBe(true)
    const found = valuesOf(out)
    expect(found.slice(0, 16).every(Number.isNaN)).toBe(true)
    expect(found.slice(16).every(Number.isFinite)).toBe(true)
  })
})

test('plain rows are those of the reference, and rows that are equal throughout are zeros', () => {
  const x = matrix('float32', [3, 300])
  valuesOf(x).forEach((_, i) => (x.storage.array[i] = i < 300 ? 7.25 : Math.cos(i) * 3))
  const [out, wanted] = [matrix('float32', [3, 300]), matrix('float32', [3, 300])]
  rows.standardize({ ...x, layout: Layout.contiguous([2, 300]) }, 1e-5, out)
  reference.rows!.standardize({ ...x, layout: Layout.contiguous([2, 300]) }, 1e-5, wanted)
  valuesOf(out).forEach((value, i) => expect(value).toBeCloseTo(valuesOf(wanted)[i], 6))
  expect(
    valuesOf(out)
      .slice(0, 300)
      .every((value) => value === 0),
  ).toBe(true)
})

test('a gradient through equal elements is finite, and small ones are told apart', () => {
  const x = tensor([[1, 1, 1, 1]], { requiresGrad: true })
  standardize(x).square().sum().backward()
  expect(x.grad!.toArray()).toEqual([[0, 0, 0, 0]])
  const far = tensor([[10000, 10001, 10002, 10003]])
  const expected = [-1.3416, -0.4472, 0.4472, 1.3416]
  standardize(far).data.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 3))
})
