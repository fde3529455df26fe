import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Matrix } from '../../src/backends/gemm.ts'
import { engine } from '../../src/wasm/engine.ts'

// Each test loads the kernels anew, because they choose their instructions once.
async function load(): Promise<typeof import('../../src/backends/wasm-gemm.ts')> {
  vi.resetModules()
  return import('../../src/backends/wasm-gemm.ts')
}

afterEach(() => vi.restoreAllMocks())

/** How a matrix of `rows` and `columns` may lie, by its strides. */
const lying = {
  'by rows': (_: number, columns: number) => [columns, 1],
  'by columns': (rows: number) => [1, rows],
  'by rows with gaps': (_: number, columns: number) => [columns + 3, 1],
  'by rows far apart': (_: number, columns: number) => [3 * columns, 1],
  'by columns with gaps': (rows: number) => [1, rows + 1],
  'by every second element': (_: number, columns: number) => [2 * columns, 2],
  'as one row over and over': () => [0, 1],
} satisfies Record<string, (rows: number, columns: number) => number[]>
type Lying = keyof typeof lying

function matrix(type: Floats, how: Lying, rows: number, columns: number, factor: number): Matrix {
  const [row, column] = lying[how](rows, columns)
  const start = 5
  const length = start + (rows - 1) * row + (columns - 1) * column + 1
  // Small integers, whose sums of products are exact.
  const array = new type(length)
  for (let i = 0; i < length; i++) array[i] = ((i * factor) % 17) - 8
  return { array, start, row, column }
}

type Floats = typeof Float32Array | typeof Float64Array
const at = ({ array, start, row, column }: Matrix, i: number, j: number): number =>
  array[start + i * row + j * column]

/** The product's elements; around them nothing may change. */
function check(gemm: { multiply: Multiply }, [m, n, k]: Sizes, a: Matrix, b: Matrix): void {
  const type = a.array.constructor as Floats
  const array = new type(m * n + 9).fill(77)
  expect(gemm.multiply(m, n, k, a, b, { array, start: 4, row: n, column: 1 })).toBe(true)
  const expected = Array.from({ length: m * n }, (_, at_) => {
    let sum = 0
    for (let l = 0; l < k; l++) sum += at(a, Math.floor(at_ / n), l) * at(b, l, at_ % n)
    return sum
  })
  const wrong = expected.findIndex((value, i) => value !== array[4 + i])
  expect(wrong, `element ${wrong} is ${array[4 + wrong]}, not ${expected[wrong]}`).toBe(-1)
  expect([...array.subarray(0, 4), ...array.subarray(4 + m * n)]).toEqual(Array(9).fill(77))
}

type Multiply = import('../../src/backends/gemm.ts').Gemm['multiply']
type Sizes = readonly [m: number, n: number, k: number]

const types = [Float32Array, Float64Array] as const

describe.each(types.map((type) => [type.name, type] as const))('in %s', (_, type) => {
  test.each([
    [1, 1, 1],
    [3, 7, 5],
    [4, 8, 4],
    [5, 9, 257],
    [131, 10, 33],
    [130, 33, 515],
    [2, 300, 1],
  ] satisfies Sizes[])('%i×%i, summed over %i', async (...sizes) => {
    const { wasmGemm } = await load()
    const [m, n, k] = sizes
    check(wasmGemm, sizes, matrix(type, 'by rows', m, k, 3), matrix(type, 'by rows', k, n, 5))
  })

  test.each(Object.keys(lying) as Lying[])('matrices that lie %s', async (how) => {
    const { wasmGemm } = await load()
    const [m, n, k] = [9, 13, 270]
    const plain = 'by rows'
    check(wasmGemm, [m, n, k], matrix(type, how, m, k, 3), matrix(type, plain, k, n, 5))
    check(wasmGemm, [m, n, k], matrix(type, plain, m, k, 3), matrix(type, how, k, n, 5))
    check(wasmGemm, [m, n, k], matrix(type, how, m, k, 3), matrix(type, how, k, n, 5))
  })

  test('without fused instructions, each step is rounded as one would write it', async () => {
    vi.spyOn(engine, 'validate').mockReturnValue(false)
    const { wasmGemm } = await load()
    const [m, n, k] = [6, 10, 300]
    const [a, b] = [matrix(type, 'by rows', m, k, 3), matrix(type, 'by columns', k, n, 5)]
    const [x, y] = [a, b].map((of) => ({ ...of, array: of.array.map((v: number) => v / 7) }))
    const array = new type(m * n)
    wasmGemm.multiply(m, n, k, x as Matrix, y as Matrix, { array, start: 0, row: n, column: 1 })
    const step = type === Float32Array ? Math.fround : Number
    const expected = Array.from(array, (__, i) => {
      // Blocks of 256 steps, which are added up.
      let [sum, block] = [0, 0]
      for (let l = 0; l < k; l++) {
        const product = step(at(x as Matrix, Math.floor(i / n), l) * at(y as Matrix, l, i % n))
        block = step(block + product)
        if (l !== 255) continue
        sum = block
        block = 0
      }
      return step(sum + block)
    })
    expect([...array]).toEqual(expected)
  })

  test('NaN and infinities stay in their rows and columns', async () => {
    const { wasmGemm } = await load()
    const [m, n, k] = [6, 9, 5]
    const [a, b] = [matrix(type, 'by rows', m, k, 3), matrix(type, 'by rows', k, n, 5)]
    a.array[a.start + 2 * k + 1] = NaN
    b.array[b.start + 3 * n + 4] = Infinity
    const array = new type(m * n)
    wasmGemm.multiply(m, n, k, a, b, { array, start: 0, row: n, column: 1 })
    array.forEach((value, i) => {
      const odd = Math.floor(i / n) === 2 || i % n === 4
      expect(Number.isFinite(value), `element ${i}: ${value}`).toBe(!odd)
    })
  })
})

test('declines other numbers, and everything where there are no vectors', async () => {
  const { wasmGemm } = await load()
  const ints = { array: new Int32Array(4), start: 0, row: 2, column: 1 }
  expect(wasmGemm.multiply(2, 2, 2, ints, ints, ints)).toBe(false)
  vi.spyOn(engine, 'Module').mockImplementation(() => {
    throw new Error('invalid instruction')
  })
  const floats = { ...ints, array: new Float32Array(4) }
  const { wasmGemm: without } = await load()
  expect(without.multiply(2, 2, 2, floats, floats, floats)).toBe(false)
  expect(without.multiply(2, 2, 2, floats, floats, floats)).toBe(false)
})
