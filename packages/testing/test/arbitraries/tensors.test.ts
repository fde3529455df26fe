import { slice, tensor } from '@gradtape/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeOf, recipes } from '../../src/arbitraries/tensors.ts'
import { arbitraries } from '../../src/index.ts'

describe('values', () => {
  test('lie within their domain, and apart from each other', () => {
    fc.assert(
      fc.property(fc.gen(), fc.nat(24), (gen, count) => {
        const drawn = gen(arbitraries.values, count, [0.2, 3] as const)
        expect(drawn).toHaveLength(count)
        expect(drawn.every((value) => value > 0.2 && value < 3)).toBe(true)
        const sorted = drawn.toSorted((a, b) => a - b)
        const gaps = sorted.slice(1).map((value, i) => value - sorted[i])
        for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual((0.29 * 2.8) / count)
      }),
    )
  })

  test('reach the ends of their domain', () => {
    const drawn = fc.sample(arbitraries.values(3), 300).flat()
    expect(Math.min(...drawn)).toBeLessThan(-2.6)
    expect(Math.max(...drawn)).toBeGreaterThan(2.6)
  })
})

describe('tensors', () => {
  test('have the shape and dtype asked for', () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const shape = gen(arbitraries.shapes, {})
        const dtype = gen(arbitraries.dtypes, {})
        const x = gen(arbitraries.tensors, { shape, dtype })
        expect([x.shape, x.dtype]).toEqual([shape, dtype])
      }),
    )
  })

  test('are of every dtype, or of floats only', () => {
    const seen = (floats: boolean): string[] =>
      [...new Set(fc.sample(arbitraries.dtypes({ floats }), 100))].toSorted()
    expect(seen(false)).toEqual(['bool', 'float32', 'float64', 'int32'])
    expect(seen(true)).toEqual(['float32', 'float64'])
  })

  test('take integers from the domain', () => {
    const drawn = fc.sample(arbitraries.tensors({ shape: [4], dtype: 'int32', domain: [2, 4] }), 50)
    const seen = new Set(drawn.flatMap((x) => [...x.data]))
    expect(seen).toEqual(new Set([2, 3, 4]))
  })

  test('lie in every layout', () => {
    const layouts = fc.sample(arbitraries.tensors({ shape: [2, 3] }), 400).map((x) => x.layout)
    const count = (has: (layout: (typeof layouts)[0]) => boolean): number =>
      layouts.filter(has).length
    expect(count((l) => l.isContiguous && l.offset === 0)).toBeGreaterThan(40)
    expect(count((l) => l.strides[0] !== 0 && l.strides[0] < l.strides[1])).toBeGreaterThan(20)
    expect(count((l) => l.strides.includes(0))).toBeGreaterThan(40)
    expect(count((l) => l.offset > 0)).toBeGreaterThan(40)
    expect(count((l) => l.strides[1] === 2)).toBeGreaterThan(10)
  })

  test('can be pasted as code', () => {
    fc.assert(
      fc.property(recipes(), (recipe) => {
        // The code names nothing but these two functions.
        const run = new Function('tensor', 'slice', `return ${codeOf(recipe)}`)
        const { shape, layout, dtype } = run(tensor, slice)
        expect(dtype).toBe('float64')
        const { base, steps } = recipe.view
        const x = steps.reduce(
          (y, step) => step.apply(y),
          tensor(recipe.data, { shape: [...base] }) as any,
        )
        expect([shape, layout.strides, layout.offset]).toEqual([
          x.shape,
          x.layout.strides,
          x.layout.offset,
        ])
      }),
    )
  })
})
