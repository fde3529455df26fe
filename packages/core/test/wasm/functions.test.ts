import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { elementwise, useVectors } from '../../src/backends/elementwise.ts'
import { inVectors } from '../../src/backends/wasm-elementwise.ts'
import { input } from '../../src/scalar/expr.ts'
import { interpret } from '../../src/scalar/interpret.ts'
import { kernelOf } from '../../src/scalar/kernel.ts'
import { primitives } from '../formulas.ts'
import { vector } from './vector.ts'

useVectors(inVectors)

type Float = 'float32' | 'float64'
type Name = keyof typeof functions

/** The largest error that was found, in ulp, in float32 and float64, and what a form leaves to JavaScript. */
const functions = {
  exp: { worst: [1.05, 1], rare: () => false },
  expm1: { worst: [1.35, 1.45], rare: () => false },
  log: { worst: [0.8, 0.8], rare: (x: number, least: number) => x < least || x === Infinity },
  log1p: { worst: [0.8, 0.8], rare: (x: number) => x <= -1 || x === Infinity },
  tanh: { worst: [1.65, 1.65], rare: () => false },
  sigmoid: { worst: [1.9, 1.7], rare: () => false },
  softplus: { worst: [1.8, 1.6], rare: () => false },
  erf: { worst: [1.7, 1.5], rare: () => false },
  sin: { worst: [0.9, 0.8], rare: (x: number, _: number, most: number) => Math.abs(x) > most },
  cos: { worst: [0.9, 0.8], rare: (x: number, _: number, most: number) => Math.abs(x) > most },
} as const
const names = Object.keys(functions) as Name[]

const LEAST_NORMAL = { float32: 2 ** -126, float64: 2 ** -1022 }
const MOST_TURNED = { float32: 3000, float64: 1.5e6 }

const primitive = new Map(primitives)
const kernelFor = (name: Name) => kernelOf([primitive.get(name)!(input(0))], 1, 0)

/** Whether the form for vectors says that it can't do x. */
const isRare = (name: Name, dtype: Float, x: number): boolean =>
  functions[name].rare(x, LEAST_NORMAL[dtype], MOST_TURNED[dtype])

/** The results of the form for vectors, which may find none of the arguments rare. */
function results(name: Name, dtype: Float, xs: Iterable<number>): Float32Array | Float64Array {
  const x = vector(dtype, xs)
  const out = vector(dtype, { length: x.layout.numel })
  const ran = inVectors(kernelFor(name), [x], [], [out], () => {
    throw new Error(`${name} found something rare`)
  })
  expect(ran).toBe(true)
  return out.storage.array as Float32Array | Float64Array
}

const bits = new DataView(new ArrayBuffer(8))
/** The distance from |x| to the next number of a dtype. */
function ulp(dtype: Float, x: number): number {
  if (dtype === 'float32') {
    bits.setFloat32(0, Math.abs(x))
    const exponent = bits.getUint32(0) >>> 23
    return 2 ** (Math.max(exponent, 1) - 150)
  }
  bits.setFloat64(0, Math.abs(x))
  const exponent = bits.getUint32(0) >>> 20
  return 2 ** (Math.max(exponent, 1) - 1023) * 2 ** -52
}

/** The error of `found` in ulp; infinite where one of the two is NaN, infinite or zero, or a zero of the other sign. */
function error(dtype: Float, found: number, value: number, low = 0): number {
  const rounded = dtype === 'float32' ? Math.fround(value) : value
  if (Object.is(found, rounded) && (low === 0 || !Number.isFinite(found))) {
    return Number.isFinite(found) ? Math.abs(found - value) / ulp(dtype, value) : 0
  }
  if (value === 0 || (found === 0 && rounded === 0)) return Infinity
  // The number after the largest one is what rounds to infinity.
  const beyond = dtype === 'float32' ? 2 ** 128 : Infinity
  const [a, b] = [found, value].map((x) => (Math.abs(x) === Infinity ? Math.sign(x) * beyond : x))
  const distance = Math.abs(a - b - low) / ulp(dtype, value)
  return distance === distance ? distance : Infinity
}

/** float32 numbers of all exponents and signs, those that are special among them. */
function everyKindOfSingle(): Float32Array {
  const patterns = new Uint32Array(1 << 17)
  for (let i = 0; i < patterns.length; i++) patterns[i] = (i << 15) | ((i * 40503) & 0x7fff)
  const numbers = new Float32Array(patterns.buffer)
  numbers.set([0, -0, Infinity, -Infinity, NaN, 1, -1, 2 ** -149, -(2 ** -149), 2 ** -126])
  return numbers
}

/** Numbers close to one another between two. */
const between = (low: number, high: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => low + ((high - low) * (i + 0.37)) / count)

describe.each(names)('%s in vectors', (name) => {
  const exact = interpret(kernelFor(name).formulas[0], false)
  const [single, double] = functions[name].worst

  test.each([
    ['of every exponent', everyKindOfSingle()],
    ['close to zero', Float32Array.from(between(-2, 2, 1 << 16))],
    ['where most are', Float32Array.from(between(-20, 20, 1 << 16))],
    ['to where it under- or overflows', Float32Array.from(between(-105, 90, 1 << 16))],
  ])('float32 numbers %s', (_, numbers) => {
    const xs = numbers.filter((x) => !isRare(name, 'float32', x))
    expect(xs.length).toBeGreaterThan(1 << 14)
    const found = results(name, 'float32', xs)
    // JavaScript's functions are exact enough to be the reference of a float32.
    const errors = xs.map((x, i) => error('float32', found[i], exact([x], [])))
    const worst = errors.indexOf(Math.max(...chunksOf(errors)))
    expect([xs[worst], errors[worst]]).toEqual([xs[worst], expect.toSatisfy((e) => e <= single)])
  })

  test('float64 numbers with known values', () => {
    const rows = tables[name]
    expect(rows.length).toBeGreaterThan(150)
    const found = results(
      name,
      'float64',
      rows.map(([x]) => x),
    )
    const errors = rows.map(([, value, low], i) => error('float64', found[i], value, low))
    expect(Math.max(...errors)).toBeLessThanOrEqual(double)
    expect(Math.max(...errors)).toBeGreaterThan(0.4)
  })

  test('float64 numbers of every exponent, against JavaScript', () => {
    const patterns = new Uint32Array(1 << 18)
    for (let i = 0; i < patterns.length; i++) {
      patterns[i] = i % 2 === 1 ? (i << 14) | ((i * 40503) & 0x3fff) : Math.imul(i, 2654435769)
    }
    const numbers = new Float64Array(patterns.buffer)
    numbers.set([0, -0, Infinity, -Infinity, NaN, 1, -1, 2 ** -1074, -(2 ** -1074), 2 ** -1022])
    const dense = between(-40, 40, 1 << 14)
    const xs = [...numbers, ...dense].filter((x) => !isRare(name, 'float64', x))
    const found = results(name, 'float64', xs)
    // These have errors of their own, of up to 2.1 ulp for tanh and 1.8 for the sigmoid.
    const errors = xs.map((x, i) => error('float64', found[i], exact([x], [])))
    expect(Math.max(...chunksOf(errors))).toBeLessThanOrEqual(double + 2.1)
  })

  test.each(['float32', 'float64'] as const)('%s: what is rare is done in JavaScript', (dtype) => {
    const special = [
      0,
      -0,
      -1,
      -0.5,
      -2,
      Infinity,
      -Infinity,
      NaN,
      1e-310,
      1e-40,
      123456.79,
      987654321.5,
      -1e30,
      1e300,
    ]
    for (const value of special) {
      const x = vector(dtype, { length: 2000 })
      x.storage.array.fill(1)
      x.storage.array[1234] = value
      const out = vector(dtype, { length: 2000 })
      elementwise(kernelFor(name), [x], [], [out])
      const stored = x.storage.array[1234] as number
      const wanted = exact([stored], [])
      expect([value, error(dtype, out.storage.array[1234] as number, wanted)]).toEqual([
        value,
        expect.toSatisfy((e) => e <= (isRare(name, dtype, stored) ? 0.5 : 3)),
      ])
      expect(out.storage.array[0]).toBe(out.storage.array[1999])
    }
  })
})

/** The largest of parts of a long array, which has too many elements to be a list of arguments. */
function chunksOf(values: ArrayLike<number>): number[] {
  const all = Array.from(values)
  return Array.from({ length: Math.ceil(all.length / 4096) }, (_, k) =>
    Math.max(...all.slice(4096 * k, 4096 * (k + 1))),
  )
}

// Written by packages/dev/golden/vector_functions.py: [x, value, low], where value + low is exact.
const tables = JSON.parse(
  readFileSync(new URL('../golden/vector-functions.json', import.meta.url), 'utf8'),
) as Record<Name, [x: number, value: number, low: number][]>
