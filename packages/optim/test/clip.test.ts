import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  GradientError,
  noGrad,
  ones,
  ShapeError,
  tensor,
  ValueError,
  type Tensor,
} from '@gradtape/core'
import { clipGradNorm, clipGradValue } from '@gradtape/optim'
import { decode, farthest, type Encoded } from '../../core/test/close.ts'
import { readCases } from '../../core/test/golden.ts'
import { leaf } from './parameters.ts'

interface ClipCase {
  name: string
  function: 'clipGradNorm' | 'clipGradValue'
  bound: Encoded
  options: { normType?: Encoded }
  shapes: number[][]
  given: (Encoded[] | null)[]
  clipped: (Encoded[] | null)[]
  norm?: Encoded
}

const cases = readCases<ClipCase>(new URL('golden/torch-clipping.json', import.meta.url))

const float64 = (values: number[], shape: readonly number[]): Tensor =>
  tensor(values, { shape: [...shape], dtype: 'float64' })

/** A parameter with this gradient. */
function withGradient(values: number[] | null, shape = [values?.length ?? 1]): Tensor {
  const p = float64(Array(shape.reduce((a, b) => a * b, 1)).fill(0), shape).requiresGrad_()
  if (values !== null) p.grad = float64(values, shape) as never
  return p
}

const gradientOf = (p: Tensor): number[] => Array.from(p.grad!.data as Iterable<number>)

describe('clipping agrees with PyTorch', () => {
  const norms = cases.filter((expected) => expected.function === 'clipGradNorm')
  test.each(norms)('$name', ({ shapes, given, clipped, bound, options, norm }) => {
    const parameters = given.map((g, i) => withGradient(g && g.map(decode), shapes[i]))
    const held = parameters.map((p) => p.grad)
    const normType = options.normType === undefined ? undefined : decode(options.normType)
    const total = clipGradNorm(parameters, decode(bound), { normType })
    expect(total.shape).toEqual([])
    expect(farthest([total.item()], [decode(norm!)], 1e-12)).toBeUndefined()
    expect(distances(parameters, clipped)).toEqual([])
    // In place: who holds a gradient sees it clipped.
    expect(parameters.every((p, i) => p.grad === held[i])).toBe(true)
  })

  const values = cases.filter((expected) => expected.function === 'clipGradValue')
  test.each(values)('$name', ({ shapes, given, clipped, bound }) => {
    const parameters = given.map((g, i) => withGradient(g && g.map(decode), shapes[i]))
    const held = parameters.map((p) => p.grad)
    clipGradValue(parameters, decode(bound))
    expect(distances(parameters, clipped)).toEqual([])
    expect(parameters.every((p, i) => p.grad === held[i])).toBe(true)
  })
})

/** How gradients differ from the ones wanted, in words. */
function distances(parameters: Tensor[], wanted: (Encoded[] | null)[]): unknown[] {
  return parameters
    .map((p, i) => {
      const values = wanted[i]
      if (p.grad === null || values === null)
        return p.grad === values ? undefined : 'one is missing'
      return farthest(gradientOf(p), values.map(decode), 1e-12)
    })
    .filter((difference) => difference !== undefined)
}

const gradients = fc.array(
  fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 5 }),
  { minLength: 1, maxLength: 3 },
)

test('clipping never raises the norm, keeps it under the bound and the direction as it is', () => {
  const bound = fc.double({ min: 1e-3, max: 1e6, noNaN: true })
  const normType = fc.constantFrom(1, 2, 3, Infinity)
  fc.assert(
    fc.property(gradients, bound, normType, (lists, maxNorm, p) => {
      const parameters = lists.map((list) => withGradient(list))
      const before = clipGradNorm(parameters, maxNorm, { normType: p }).item()
      const after = clipGradNorm(parameters, Infinity, { normType: p }).item()
      expect(after).toBeLessThanOrEqual(Math.min(before, maxNorm) * (1 + 1e-12))
      const factor = before === 0 ? 1 : Math.min(1, maxNorm / (before + 1e-6))
      parameters.forEach((parameter, i) => {
        const scaled = lists[i].map((g) => g * factor)
        expect(farthest(gradientOf(parameter), scaled, 1e-12)).toBeUndefined()
      })
    }),
    { seed: 6, numRuns: 100 },
  )
})

test('clipping by value bounds every element and leaves those within', () => {
  fc.assert(
    fc.property(gradients, fc.double({ min: 0, max: 1e6, noNaN: true }), (lists, bound) => {
      const parameters = lists.map((list) => withGradient(list))
      clipGradValue(parameters, bound)
      parameters.forEach((p, i) => {
        gradientOf(p).forEach((g, k) => {
          const given = lists[i][k]
          expect(g).toBe(Math.abs(given) <= bound ? given : Math.sign(given) * bound)
        })
      })
    }),
    { seed: 6, numRuns: 100 },
  )
})

describe('clipping takes', () => {
  test('one parameter, parameters without gradient, empty and transposed ones, and both dtypes', () => {
    const single = withGradient([3, 4])
    expect(clipGradNorm(single, 1).item()).toBe(5)
    expect(clipGradNorm([leaf(), leaf()], 1).item()).toBe(0)
    expect(clipGradNorm([], 1).item()).toBe(0)
    clipGradValue([leaf()], 1)
    const empty = withGradient([])
    const turned: Tensor = float64([0, 0, 0, 0, 0, 0], [2, 3]).T.requiresGrad_()
    turned.grad = float64([1, 2, 3, 4, 5, 6], [2, 3]).T
    const narrow: Tensor = tensor([0], { requiresGrad: true })
    narrow.grad = tensor([3])
    const norm = clipGradNorm([empty, turned, narrow], 1)
    expect(norm.item()).toBe(10)
    expect(norm.dtype).toBe('float64')
    expect(narrow.grad!.dtype).toBe('float32')
    expect(narrow.grad!.item()).toBeCloseTo(0.3, 6)
    expect(turned.grad!.at(0, 1).item()).toBeCloseTo(0.4, 6)
    expect(clipGradNorm([empty], 1, { normType: Infinity }).item()).toBe(0)
  })

  test('gradients that share memory between elements, and those on the tape', () => {
    const p = withGradient([1, 1, 1, 1])
    p.grad = float64([2], [1]).expand([4]) as never
    clipGradNorm([p], 2)
    expect(farthest(gradientOf(p), [1, 1, 1, 1], 1e-6)).toBeUndefined()
    p.grad = float64([2], [1]).expand([4]) as never
    clipGradValue([p], 0.5)
    expect(gradientOf(p)).toEqual([0.5, 0.5, 0.5, 0.5])
    const w = leaf([2])
    w.pow(3).sum().backward(undefined, { createGraph: true })
    expect(clipGradNorm([w], 6).requiresGrad).toBe(false)
    expect(w.grad!.item()).toBeCloseTo(6, 5)
  })

  test('NaN as it is, unless asked to refuse it', () => {
    const p = withGradient([NaN, 1])
    clipGradValue([p], 0.5)
    expect(gradientOf(p)).toEqual([NaN, 0.5])
    const refusing = () => clipGradNorm([p], 1, { errorIfNonfinite: true })
    expect(refusing).toThrow(GradientError)
    expect(refusing).toThrow(/clipGradNorm: the norm of the gradients is NaN/)
    expect(gradientOf(p)).toEqual([NaN, 0.5])
    p.grad = float64([Infinity, 1], [2]) as never
    expect(refusing).toThrow(/is Infinity/)
    expect(gradientOf(p)).toEqual([Infinity, 1])
    expect(clipGradNorm([p], 1).item()).toBe(Infinity)
  })
})

describe('clipping refuses, changing nothing,', () => {
  const p = withGradient([3, 4])
  const norm = (parameters: unknown, maxNorm: unknown, options?: unknown) => () =>
    clipGradNorm(parameters as never, maxNorm as never, options as never)
  const value = (parameters: unknown, clipValue: unknown) => () =>
    clipGradValue(parameters as never, clipValue as never)

  const refusals: [string, () => unknown, RegExp, typeof ValueError?][] = [
    ['a negative norm', norm([p], -1), /clipGradNorm: maxNorm must be .* at least 0, got -1/],
    ['a norm that is NaN', norm([p], NaN), /maxNorm must be/],
    ['no norm', norm([p], undefined), /maxNorm must be .* got undefined/],
    ['a negative value', value([p], -0.1), /clipGradValue: clipValue must be/],
    ['a value that is no number', value([p], '1'), /clipValue must be .* got 1/],
    ['a norm of no type', norm([p], 1, { normType: 0 }), /normType must be .* above 0.* got 0/],
    ['an unknown norm', norm([p], 1, { normType: 'inf' }), /normType must be .* got inf/],
    ['an unknown option', norm([p], 1, { p: 2 }), /no option 'p'; its options are normType/],
    ['a number for options', norm([p], 1, 2), /expected options such as .* got 2/],
    ['a flag that is none', norm([p], 1, { errorIfNonfinite: 1 }), /errorIfNonfinite must be/],
    ['a function', norm(() => [p], 1), /got a function; call it: model\.parameters\(\)/],
    ['nothing', value(undefined, 1), /expected an array of parameters, got undefined/],
    ['what is no tensor', norm([p, 3], 1), /parameter 1 is no tensor/],
  ]
  test.each(refusals)('%s', (_, call, message) => {
    expect(call).toThrow(ValueError)
    expect(call).toThrow(message)
    expect(gradientOf(p)).toEqual([3, 4])
  })

  test('a gradient that does not fit its parameter', () => {
    const misfit = withGradient([1])
    misfit.grad = ones([2], { dtype: 'float64' }) as never
    expect(norm([p, misfit], 1)).toThrow(ShapeError)
    expect(value([p, misfit], 1)).toThrow(
      /clipGradValue: .*shape \[1\] has a gradient of shape \[2\]/,
    )
    expect(gradientOf(p)).toEqual([3, 4])
  })
})

test('clipping works inside noGrad', () => {
  const p = withGradient([3, 4])
  expect(noGrad(() => clipGradNorm([p], 5)).item()).toBe(5)
})
