import { useGemm, dropGemm, manualSeed, randn, type FloatDType, type Matrix } from '@gradtape/core'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findBlas } from '../src/find.ts'
import { BlasGemm, readingOf } from '../src/gemm.ts'
import { blas } from '../src/index.ts'
import { Simulated } from './simulated.ts'

const simulated = new Simulated({ 'libopenblas.so.0': null })
const ways: readonly [name: string, gemm: BlasGemm | null][] = [
  ['a simulated BLAS', new BlasGemm(findBlas(simulated, { platform: 'linux' }), simulated)],
  ['the BLAS of this machine', blas && (blas.gemm as BlasGemm)],
]

type Floats = Float32Array | Float64Array

/** Small integers: products of them are exact, in whatever order they are summed. */
const integer = fc.integer({ min: -8, max: 8 })
const size = fc.integer({ min: 1, max: 70 })

/** Strides that a matrix may have, dense or not, and in either order; also those of broadcast ones. */
function strides(rows: number, columns: number): fc.Arbitrary<[row: number, column: number]> {
  const gap = fc.constantFrom(0, 1, 3)
  const spaced = fc.tuple(gap, gap, fc.boolean()).map(([inner, outer, flip]) => {
    const step = 1 + inner
    return flip
      ? ([step, rows * step + outer] as [number, number])
      : ([columns * step + outer, step] as [number, number])
  })
  const broadcast = fc.constantFrom<[number, number]>([0, 1], [1, 0], [0, 0], [1, 1])
  return fc.oneof({ weight: 4, arbitrary: spaced }, { weight: 1, arbitrary: broadcast })
}

/** A matrix of small integers somewhere in an array of others. */
function matrices(dtype: FloatDType, rows: number, columns: number): fc.Arbitrary<Matrix> {
  return fc
    .tuple(strides(rows, columns), fc.nat(9), fc.array(integer, { minLength: 7, maxLength: 31 }))
    .map(([[row, column], start, values]) => {
      const length = start + (rows - 1) * row + (columns - 1) * column + 1
      const array = floats(dtype, length)
      return { array: array.map((_, i) => values[i % values.length]), start, row, column }
    })
}

function floats(dtype: FloatDType, length: number): Floats {
  return dtype === 'float32' ? new Float32Array(length) : new Float64Array(length)
}

/** The result's matrix, with three elements before it and after. */
function resultFor(dtype: FloatDType, m: number, n: number): Matrix & { array: Floats } {
  return { array: floats(dtype, m * n + 6).fill(-99), start: 3, row: n, column: 1 }
}

/** The result of plain loops, between what belongs to no matrix. */
function expected(m: number, n: number, k: number, a: Matrix, b: Matrix): number[] {
  const out: number[] = []
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let l = 0; l < k; l++) {
        const x = a.array[a.start + i * a.row + l * a.column]
        sum += x * b.array[b.start + l * b.row + j * b.column]
      }
      out.push(sum)
    }
  }
  return [-99, -99, -99, ...out, -99, -99, -99]
}

/** Where an array differs from what it should hold, or -1; -0 is 0, as its sign hangs on the order of a sum. */
function difference(found: Floats, wanted: readonly number[]): number {
  if (found.length !== wanted.length) return found.length
  return found.findIndex((x, i) => x !== wanted[i])
}

describe.each(ways)('%s', (_name, found) => {
  beforeEach(({ skip }) => {
    skip(found === null, 'there is no BLAS on this machine')
  })
  const gemm = found!

  describe.each(['float32', 'float64'] as const)('%s', (dtype) => {
    test('multiplies matrices of any sizes, strides and starts', () => {
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const [m, n, k] = [gen(() => size), gen(() => size), gen(() => size)]
          const a = gen(matrices, dtype, m, k)
          const b = gen(matrices, dtype, k, n)
          const out = resultFor(dtype, m, n)
          expect(gemm.multiply(m, n, k, a, b, out)).toBe(true)
          expect(difference(out.array, expected(m, n, k, a, b))).toBe(-1)
        }),
        { numRuns: 60, endOnFailure: true },
      )
    })

    test('multiplies batches, one matrix against several too', () => {
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const [m, n, k] = [gen(() => size), gen(() => size), gen(() => size)]
          const a = gen(matrices, dtype, m, k)
          const b = gen(matrices, dtype, k, n)
          const steps = gen(() => fc.array(fc.nat(2), { minLength: 1, maxLength: 5 }))
          const room = (x: Matrix): Matrix => {
            const array = floats(dtype, x.array.length + 10)
            return { ...x, array: array.map((_, i) => x.array[i % x.array.length]) }
          }
          const [left, right] = [room(a), room(b)]
          const out = { ...resultFor(dtype, m, n), array: floats(dtype, m * n * steps.length) }
          const starts = steps.flatMap((step, i) => [a.start + step, b.start, i * m * n])
          expect(gemm.multiplyBatch(m, n, k, left, right, out, starts)).toBe(true)
          const products = steps.map((step) => {
            const shifted = { ...left, start: a.start + step }
            return expected(m, n, k, shifted, right).slice(3, -3)
          })
          expect(difference(out.array, products.flat())).toBe(-1)
        }),
        { numRuns: 25, endOnFailure: true },
      )
    })

    test.each([
      [20, 20, 20],
      [20, 1, 30],
      [1, 20, 30],
    ])('lets NaN and infinities through: %i × %i from %i', (m, n, k) => {
      const a = { array: floats(dtype, m * k).fill(1), start: 0, row: k, column: 1 }
      const b = { array: floats(dtype, k * n).fill(0), start: 0, row: n, column: 1 }
      const row = (m - 1) * n
      for (const special of [NaN, Infinity, -Infinity]) {
        a.array[(m - 1) * k + 5] = special
        const out = resultFor(dtype, m, n)
        gemm.multiply(m, n, k, a, b, out)
        const result = out.array.slice(3, -3)
        expect(result.slice(0, row).every((x) => x === 0)).toBe(true)
        // What is infinite meets a zero.
        expect(result.slice(row).every(Number.isNaN)).toBe(true)
      }
      b.array.fill(2)
      const out = resultFor(dtype, m, n)
      gemm.multiply(m, n, k, a, b, out)
      expect(out.array[3 + row]).toBe(-Infinity)
    })
  })

  test('declines what it can not do', () => {
    const a = { array: new Float32Array(100), start: 0, row: 10, column: 1 }
    const ints = { ...a, array: new Int32Array(100) }
    expect(gemm.multiply(10, 10, 10, ints, ints, ints)).toBe(false)
    expect(gemm.multiply(0, 10, 10, a, a, { ...a, array: new Float32Array(0) })).toBe(false)
    expect(gemm.multiply(10, 10, 0, a, a, a)).toBe(false)
    expect(gemm.multiply(2 ** 31, 1, 1, a, a, a)).toBe(false)
  })

  test('touches no memory beyond an array', () => {
    const a = { array: new Float32Array(100), start: 0, row: 10, column: 1 }
    const out = { ...a, array: new Float32Array(100) }
    expect(gemm.multiply(10, 10, 10, a, a, out)).toBe(true)
    for (const short of [
      { ...a, start: 1 },
      { ...a, row: 11 },
      { ...a, row: 1, column: 11 },
    ]) {
      expect(gemm.multiply(10, 10, 10, short, a, out)).toBe(false)
      expect(gemm.multiply(10, 10, 10, a, short, out)).toBe(false)
    }
    expect(gemm.multiply(10, 10, 10, a, a, { ...out, start: 1 })).toBe(false)
    expect(gemm.multiplyBatch(10, 10, 10, a, a, out, [0, 0, 0, 0, 0, 1])).toBe(false)
    structuredClone(a.array, { transfer: [a.array.buffer] })
    expect(gemm.multiply(10, 10, 10, a, a, out)).toBe(false)
  })
})

describe('a matrix is read where it lies', () => {
  test.each([
    ['row by row', [3, 4, 4, 1], { transposed: false, lead: 4 }],
    ['with gaps between rows', [3, 4, 9, 1], { transposed: false, lead: 9 }],
    ['column by column', [3, 4, 1, 3], { transposed: true, lead: 3 }],
    ['with gaps between columns', [3, 4, 1, 8], { transposed: true, lead: 8 }],
    ['one row', [1, 4, 0, 1], { transposed: false, lead: 4 }],
    ['one row with gaps', [1, 4, 0, 5], { transposed: true, lead: 5 }],
    ['one column', [4, 1, 1, 0], { transposed: false, lead: 1 }],
    ['one column with gaps', [4, 1, 6, 0], { transposed: false, lead: 6 }],
    ['one element', [1, 1, 0, 0], { transposed: false, lead: 1 }],
  ] as const)('%s', (_name, [rows, columns, row, column], reading) => {
    expect(readingOf(rows, columns, row, column)).toEqual(reading)
  })

  test.each([
    ['gaps both ways', [3, 4, 9, 2]],
    ['a repeated row', [3, 4, 0, 1]],
    ['a repeated column', [3, 4, 1, 0]],
    ['rows that overlap', [3, 4, 1, 1]],
    ['a repeated element in one column', [3, 1, 0, 1]],
  ] as const)('but not with %s', (_name, [rows, columns, row, column]) => {
    expect(readingOf(rows, columns, row, column)).toBeNull()
  })
})

describe('core brings products', () => {
  const [, gemm] = ways[0]
  const callsOf = (run: () => void): number => {
    const before = simulated.calls.length
    run()
    return simulated.calls.length - before
  }
  beforeEach(() => {
    manualSeed(0)
    useGemm(gemm!)
  })
  afterEach(() => dropGemm(gemm!))

  test('that are large enough, a batch by one call for each matrix', () => {
    expect(callsOf(() => randn([8, 8]).matmul(randn([8, 8])))).toBe(1)
    expect(callsOf(() => randn([8, 7]).matmul(randn([7, 8])))).toBe(0)
    expect(callsOf(() => randn([2, 3, 9, 9]).matmul(randn([3, 9, 9])))).toBe(6)
    expect(callsOf(() => randn([5, 3, 9]).matmul(randn([9, 9])))).toBe(1)
  })

  test('but not of integers, and nothing once it is dropped', () => {
    const x = randn([16, 16])
    expect(callsOf(() => x.to('int32').matmul(x.to('int32')))).toBe(0)
    expect(callsOf(() => x.to('float64').matmul(x.to('float64')))).toBe(1)
    dropGemm(gemm!)
    expect(callsOf(() => x.matmul(x))).toBe(0)
  })
})
