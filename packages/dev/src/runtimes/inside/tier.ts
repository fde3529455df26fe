// What this runtime has, and that core uses it. It runs first: modules are made once.
import { expect, test } from 'vitest'
import { tensor, type Tensor } from '@gradtape/core'
import { expected } from './expected.ts'

/** How many modules the engine makes while `f` runs. */
function modulesMade(f: () => unknown): number {
  if (!('WebAssembly' in globalThis)) return 0
  const { Instance } = WebAssembly
  let made = 0
  WebAssembly.Instance = class extends Instance {
    constructor(...args: ConstructorParameters<typeof Instance>) {
      super(...args)
      made++
    }
  }
  try {
    f()
  } finally {
    WebAssembly.Instance = Instance
  }
  return made
}

const allowed = (f: () => unknown): boolean => {
  try {
    f()
    return true
  } catch {
    return false
  }
}

// A header alone, which is a module.
const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])

test('what is allowed here is what was said', () => {
  const found = {
    wasm: allowed(() => new WebAssembly.Module(empty)),
    evaluation: allowed(() => new Function('')),
  }
  expect(found).toEqual(expected)
})

const values = Array.from({ length: 64 * 64 }, (_, i) => ((i * 37) % 101) / 50 - 1)

test('a large product', () => {
  const a = tensor(values, { shape: [64, 64] })
  let product!: Tensor
  const made = modulesMade(() => (product = a.matmul(a)))
  expect(made > 0).toBe(expected.wasm)
  const row = (i: number, j: number): number =>
    values.slice(64 * i, 64 * i + 64).reduce((sum, x, k) => sum + x * values[64 * k + j]!, 0)
  for (const [i, j] of [
    [0, 0],
    [63, 63],
    [17, 42],
  ] as const) {
    expect(product.at(i, j).item()).toBeCloseTo(row(i, j), 4)
  }
})

test('a formula over many elements', () => {
  const x = tensor(values, { dtype: 'float64' })
  let y!: Tensor
  const made = modulesMade(() => (y = x.tanh()))
  expect(made > 0).toBe(expected.wasm)
  const errors = [...y.data].map((found, i) => Math.abs(Number(found) - Math.tanh(values[i]!)))
  expect(Math.max(...errors)).toBeLessThan(1e-15)
})
