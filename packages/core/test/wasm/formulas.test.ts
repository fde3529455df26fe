import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { elementwise, useVectors } from '../../src/backends/elementwise.ts'
import { inVectors } from '../../src/backends/wasm-elementwise.ts'
import type { Backend, Operand } from '../../src/backend.ts'
import type { DType } from '../../src/dtype.ts'
import { gelu, pow, slice, tensor } from '../../src/index.ts'
import { Layout } from '../../src/layout.ts'
import { derive } from '../../src/scalar/derive.ts'
import { input, param, type Expr } from '../../src/scalar/expr.ts'
import { interpret } from '../../src/scalar/interpret.ts'
import { arity, kernelOf } from '../../src/scalar/kernel.ts'
import {
  add,
  exp,
  fmod,
  log,
  mul,
  pow as power,
  select,
  tanh,
} from '../../src/scalar/primitives.ts'
import { Storage } from '../../src/storage.ts'
import { formulas, primitives } from '../formulas.ts'
import { elements, positions } from '../operands.ts'
import { vector } from './vector.ts'

useVectors(inVectors)

const floats = ['float32', 'float64'] as const
const named = new Map(primitives)

/** Primitives whose results are rounded once or not at all. */
const exactNames = [
  'abs', 'add', 'and', 'ceil', 'div', 'eq', 'floor', 'ge', 'gt', 'le', 'lt', 'maximum', 'minimum',
  'mul', 'ne', 'neg', 'or', 'round', 'select', 'sign', 'sqrt', 'sub', 'trunc',
] // prettier-ignore
const exact = exactNames.map((name) => named.get(name)!)

type Plain = Backend['elementwise']

/** Fails where vectors leave elements to JavaScript. */
const nothingRare: Plain = (...[, , , outs]) => {
  throw new Error(`something was rare among ${outs[0].layout.numel} elements`)
}

const layoutsOf = ([m, n]: number[]): number[][] => [
  [n, 1],
  [0, 0],
  [0, 1],
  [1, 0],
  [1, m],
  [n, 2],
]

function contiguous(dtype: DType, shape: number[]): Operand {
  const layout = Layout.contiguous(shape)
  return { storage: Storage.allocate(dtype, layout.numel), layout }
}

/** A formula's value, each of its steps rounded to `round`. */
function value(
  expr: Expr,
  inputs: readonly number[],
  params: readonly number[],
  round: (x: number) => number,
): number {
  const { kind, index, primitive, args } = expr
  if (kind === 'param') return round(params[index])
  if (kind === 'constant') return round(expr.value)
  if (kind !== 'call') return inputs[index]
  return round(primitive!.evaluate(...args.map((arg) => value(arg, inputs, params, round))))
}

describe('formulas in vectors', () => {
  test('of exact primitives are what they are in scalars, bit for bit', () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const dtype = gen(fc.constantFrom<(typeof floats)[number][]>, ...floats)
        const count = gen(fc.integer, { min: 1, max: 3 })
        const shape = [gen(fc.integer, { min: 1, max: 4 }), gen(fc.integer, { min: 8, max: 40 })]
        const n = shape[0] * shape[1]
        const all = Array.from({ length: count }, () =>
          gen(formulas, { inputs: 2, conditions: 1, params: 2, of: exact }),
        )
        const inputs = (['float', 'float', 'bool'] as const).map((type) => {
          const own = type === 'bool' ? type : dtype
          // Contiguous, one element, equal rows, rows of equal elements, and with gaps.
          const strides = gen(fc.constantFrom<number[][]>, ...layoutsOf(shape))
          const before = gen(fc.nat, 3)
          const storage = new Storage(own, Storage.allocate(own, before + 2 * n).array, before)
          for (let i = 0; i < 2 * n; i++) storage.array[before + i] = gen(elements, own)
          return { storage, layout: new Layout(shape, strides, 0) }
        })
        const params = [0, 1].map(() => gen(elements, 'float64' as const))
        const kernel = kernelOf(all, 3, 2)
        const inPlace = gen(fc.boolean) && inputs[0].layout.isContiguous && count === 1
        const outs = all.map(() => (inPlace ? inputs[0] : contiguous(dtype, shape)))
        const round = dtype === 'float32' ? Math.fround : (x: number): number => x
        const valuesOf = ({ storage, layout }: Operand): number[] =>
          positions(layout).map((at) => storage.array[storage.offset + at] as number)
        const values = inputs.map(valuesOf)
        const expected = all.map((formula) =>
          Array.from({ length: n }, (_, i) =>
            value(
              formula,
              values.map((of) => of[i]),
              params,
              round,
            ),
          ),
        )
        // What only moves elements is left to others.
        fc.pre(all.some(({ kind }) => kind === 'call'))
        expect(inVectors(kernel, inputs, params, outs, nothingRare)).toBe(true)
        expect(outs.map(valuesOf)).toEqual(expected)
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  const smooth = [
    'exp',
    'expm1',
    'log',
    'log1p',
    'tanh',
    'sigmoid',
    'softplus',
    'erf',
    'sin',
    'cos',
  ]
  test.each(smooth.flatMap((name) => floats.map((dtype) => [name, dtype] as const)))(
    'the derivative of %s in %s',
    (name, dtype) => {
      const { formula, sources } = derive(named.get(name)!(input(0)), 0)!
      const { inputs, params } = arity([formula])
      const xs = Array.from(
        { length: 1500 },
        (_, i) => (name === 'log' ? 0.01 : name === 'log1p' ? -0.9 : -4) + i / 200,
      )
      const own = sources.map((_, k) => vector(dtype, k === 0 ? xs : xs.map((x) => 0.3 * x + 0.2)))
      const kernel = kernelOf([formula], inputs, params)
      const out = vector(dtype, { length: xs.length })
      expect(inVectors(kernel, own, [], [out], nothingRare)).toBe(true)
      const scalar = interpret(formula, false)
      const tolerance = dtype === 'float32' ? 1e-5 : 1e-13
      xs.forEach((_, i) => {
        const wanted = scalar(
          own.map((x) => x.storage.array[i] as number),
          [],
        )
        const found = out.storage.array[i] as number
        expect(Math.abs(found - wanted)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(wanted)))
      })
    },
  )

  test.each(floats)('%s: an element has the same value wherever it stands', (dtype) => {
    const xs = Array.from({ length: 40_001 }, (_, i) => Math.sin(i) * 5)
    const kernel = kernelOf([mul(tanh(input(0)), exp(input(0)))], 1, 0)
    const run = (numbers: number[]): number[] => {
      const out = vector(dtype, { length: numbers.length })
      expect(inVectors(kernel, [vector(dtype, numbers)], [], [out], nothingRare)).toBe(true)
      return Array.from(out.storage.array as Float32Array)
    }
    const whole = run(xs)
    for (const [from, to] of [
      [0, 1],
      [3, 10],
      [16_380, 16_390],
      [8190, 24_577],
      [39_990, 40_001],
    ]) {
      expect(run(xs.slice(from, to))).toEqual(whole.slice(from, to))
    }
  })

  test('conditions of parameters choose a branch, which alone is worked out', () => {
    // The logarithm of a negative number is left to JavaScript.
    const kernel = kernelOf([select(param(0), log(input(0)), mul(input(0), 2))], 1, 1)
    const x = vector('float64', [-1, -2, -3])
    const out = vector('float64', { length: 3 })
    expect(inVectors(kernel, [x], [0], [out], nothingRare)).toBe(true)
    expect([...out.storage.array]).toEqual([-2, -4, -6])
    const again: number[] = []
    const plain: Plain = (...[, , , outs]) => void again.push(outs[0].layout.numel)
    expect(inVectors(kernel, [x], [1], [out], plain)).toBe(true)
    expect(again).toEqual([3])
  })

  test('a primitive without a form for vectors stays in JavaScript', () => {
    const kernel = kernelOf([exp(fmod(input(0), 2))], 1, 0)
    const [x, out] = [vector('float32', { length: 9 }), vector('float32', { length: 9 })]
    expect(inVectors(kernel, [x], [], [out], nothingRare)).toBe(false)
    const ints = [vector('int32', { length: 9 }), vector('int32', { length: 9 })]
    const sum = kernelOf([mul(input(0), 2)], 1, 0)
    expect(inVectors(sum, ints.slice(0, 1), [], ints.slice(1), nothingRare)).toBe(false)
  })
})

describe('ops of many elements', () => {
  test('are offered to vectors, however operands lie', () => {
    const offered: number[] = []
    useVectors((...[, , , outs]) => {
      offered.push(outs[0].layout.numel)
      return false
    })
    const x = tensor(new Float32Array(64)).reshape([2, 32])
    x.exp()
    x.at(0).exp()
    x.at(0, slice(1)).exp()
    x.transpose(0, 1).exp()
    x.add(tensor([1]).expand([2, 32]))
    useVectors(inVectors)
    expect(offered).toEqual([64, 32, 64, 64])
  })

  test.each(floats)('%s: JavaScript does the part in which something is rare', (dtype) => {
    const xs = Float64Array.from({ length: 40_000 }, (_, i) => 1 + (i % 7))
    xs[30_000] = 0
    const twice = new Layout([40_000], [0], 0)
    const factor = { storage: vector(dtype, [2]).storage, layout: twice }
    const out = vector(dtype, { length: 40_000 })
    elementwise(
      kernelOf([mul(log(input(0)), input(1))], 2, 0),
      [vector(dtype, xs), factor],
      [],
      [out],
    )
    const found = out.storage.array as Float64Array
    expect(found[30_000]).toBe(-Infinity)
    xs.forEach((x, i) => {
      const distance = i === 30_000 ? 0 : Math.abs(found[i] - 2 * Math.log(x))
      expect(distance).toBeLessThanOrEqual(dtype === 'float32' ? 5e-7 : 1e-15)
    })
  })

  test.each(floats)('%s: what is repeated over several blocks, and what is rare then', (dtype) => {
    const [rows, n] = [70, 900]
    const x = contiguous(dtype, [rows, n])
    for (let i = 0; i < rows * n; i++) x.storage.array[i] = 1 + (i % 11)
    x.storage.array[40_000] = 0
    const row = vector(dtype, { length: n })
    const column = vector(dtype, { length: rows })
    for (let j = 0; j < n; j++) row.storage.array[j] = j
    for (let i = 0; i < rows; i++) column.storage.array[i] = -i
    const [along, down] = [new Layout([rows, n], [0, 1], 0), new Layout([rows, n], [1, 0], 0)]
    const out = contiguous(dtype, [rows, n])
    const formula = add(mul(input(1), input(2)), log(input(0)))
    elementwise(
      kernelOf([formula], 3, 0),
      [x, { storage: row.storage, layout: along }, { storage: column.storage, layout: down }],
      [],
      [out],
    )
    const close = dtype === 'float32' ? 1e-6 : 1e-14
    const wrong = Array.from(x.storage.array as Float32Array).flatMap((element, at) => {
      const wanted = -Math.floor(at / n) * (at % n) + Math.log(element)
      const found = out.storage.array[at] as number
      const right = found === wanted || Math.abs(found - wanted) <= close * (1 + Math.abs(wanted))
      return right ? [] : [`element ${at} is ${found}, expected ${wanted}`]
    })
    expect(out.storage.array[40_000]).toBe(-Infinity)
    expect(wrong).toEqual([])
  })

  test('rows too short to be copied well stay where they are, but for functions that take long', () => {
    const xs = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(i))
    const { storage } = vector('float32', xs)
    const x = { storage, layout: new Layout([1000, 3], [3, 1], 0) }
    const y = { storage, layout: new Layout([1000, 3], [1, 1000], 0) }
    const twice = kernelOf([mul(input(0), 2)], 1, 0)
    const long = kernelOf([exp(input(0))], 1, 0)
    const out = contiguous('float32', [1000, 3])
    const lying = { ...out, layout: y.layout }
    expect(inVectors(twice, [x], [], [out], nothingRare)).toBe(true)
    expect(inVectors(twice, [y], [], [out], nothingRare)).toBe(false)
    expect(inVectors(twice, [x], [], [lying], nothingRare)).toBe(false)
    expect(inVectors(long, [y], [], [out], nothingRare)).toBe(true)
    expect(out.storage.array[4] as number).toBeCloseTo(Math.exp(xs[1001]), 6)
    expect(inVectors(long, [x], [], [lying], nothingRare)).toBe(false)
  })

  test.each(floats)('%s: small powers, and others', (dtype) => {
    const xs = Float64Array.from({ length: 3000 }, (_, i) => (i - 1500) / 64)
    for (const exponent of [1, 2, 3, -1, 0.5, 0]) {
      const found = pow(tensor(xs, { dtype }), exponent)
      const scalar = interpret(power(input(0), param(0)), false)
      const wanted = tensor(
        Float64Array.from(xs, (x) => scalar([x], [exponent])),
        { dtype },
      )
      const { data } = found
      const expected = wanted.data
      for (let i = 0; i < xs.length; i++) {
        const distance = Math.abs(Number(data[i]) - Number(expected[i]))
        const close = dtype === 'float32' ? 2.4e-7 : 4.5e-16
        expect(
          Object.is(data[i], expected[i]) || distance <= close * Math.abs(Number(expected[i])),
        ).toBe(true)
      }
    }
  })

  test.each(['none', 'tanh'] as const)(
    'gelu (%s) is the same in vectors and in scalars',
    (approximate) => {
      const xs = Float64Array.from({ length: 3000 }, (_, i) => (i - 1500) / 300)
      const options = { dtype: 'float64' } as const
      const whole = gelu(tensor(xs, options), { approximate }).data
      for (let from = 0; from < 3000; from += 500) {
        const part = gelu(tensor(xs.slice(from, from + 500), options), { approximate }).data
        part.forEach((y, i) => {
          expect(Math.abs(Number(whole[from + i]) - Number(y))).toBeLessThanOrEqual(1e-15)
        })
      }
    },
  )
})

describe('without WebAssembly', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  function Module(): never {
    throw new WebAssembly.CompileError('no vectors')
  }

  test.each([
    ['absent', undefined],
    ['without vectors', { Memory: WebAssembly.Memory, Module }],
  ])('everything runs in JavaScript: %s', async (_name, stub) => {
    vi.stubGlobal('WebAssembly', stub)
    vi.resetModules()
    const fresh = await import('../../src/backends/elementwise.ts')
    const kernels = await import('../../src/backends/wasm-elementwise.ts')
    fresh.useVectors(kernels.inVectors)
    const xs = Array.from({ length: 2000 }, (_, i) => i / 500)
    const kernel = kernelOf([tanh(mul(input(0), 0.37))], 1, 0)
    const out = vector('float32', { length: 2000 })
    fresh.elementwise(kernel, [vector('float32', xs)], [], [out])
    const x = Math.fround(xs[1999])
    expect(out.storage.array[1999]).toBe(Math.fround(Math.tanh(x * 0.37)))
    // And once more, when it is known.
    fresh.elementwise(kernel, [vector('float32', xs)], [], [out])
    expect(out.storage.array[3]).toBe(Math.fround(Math.tanh(Math.fround(xs[3]) * 0.37)))
  })
})
