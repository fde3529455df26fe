import { tensor, where, type Tensor } from '@gradtape/core'
import { describe, expect, test } from 'vitest'
import { gradcheck, gradgradcheck, type GradcheckOptions } from '../../src/index.ts'

const leaf = (data: number[]): Tensor => tensor(data, { dtype: 'float64', requiresGrad: true })

/** The relu with a slope of its own at and near 0. */
const kinked = (slope: number, within = 0) => {
  return (a: Tensor): Tensor => {
    const near = a.abs().le(within)
    const value = a.relu()
    return where(near, a.mul(slope).add(value.sub(a.mul(slope)).detach()), value)
  }
}

describe('at a kink', () => {
  test('any slope between those of both sides passes, and no other', () => {
    const at = leaf([0, 1, -1])
    for (const slope of [0, 0.3, 1]) expect(gradcheck(kinked(slope), [at])).toBe(true)
    for (const slope of [-0.1, 1.1]) {
      expect(() => gradcheck(kinked(slope), [at])).toThrow(/gradient of input 0 at \[0\]/)
    }
  })

  test.each<[string, (a: Tensor) => object, number[]]>([
    ['abs', (a) => a.abs(), [0, 1, -1]],
    ['a tie of max', (a) => a.max(), [2, 2, 1]],
    ['clamp at its end', (a) => a.clamp({ min: -1, max: 1 }), [1, 0.5, 2]],
    ['a kink with another function beside it', (a) => [a.relu(), a.exp()], [0, 1, -1]],
  ])('%s passes', (_, f, data) => {
    expect(gradcheck(f, [leaf(data)])).toBe(true)
  })

  test('a jump of the slope passes in second order', () => {
    expect(gradgradcheck((a) => a.relu(), [leaf([0, 1, -1])])).toBe(true)
  })
})

test('where the function jumps any slope passes, and is counted', () => {
  for (const f of [(a: Tensor) => a.sign(), (a: Tensor) => a.floor(), (a: Tensor) => a.ceil()]) {
    expect(gradcheck(f, [leaf([0, 0.5, -0.5])])).toBe(true)
  }
  const both = (a: Tensor): Tensor => a.sign().add(a.sub(a.detach()).mul(0.5))
  expect(gradcheck(both, [leaf([0, 0.5])], { raiseException: false, maxKinks: 1 })).toBe(false)
  expect(() => gradcheck((a) => a.sign(), [leaf([0, 0])])).toThrow(/a kink at 2 of 2/)
})

describe('within a step of a kink', () => {
  test.each([5e-5, -5e-5, 9e-5, 1e-5, 1e-6, 1e-7])(
    '%s: the slope of its own side passes',
    (near) => {
      const at = leaf([near, 1, -1])
      expect(gradcheck((a) => a.relu(), [at])).toBe(true)
      expect(() => gradcheck(kinked(0.5, 1e-4), [at])).toThrow(/gradient of input 0 at \[0\]/)
    },
  )
})

describe('too many kinks', () => {
  const many = leaf([0, 0, 0.5, 1])
  const counted: [GradcheckOptions, boolean][] = [
    [{}, false],
    [{ maxKinks: 1 }, false],
    [{ maxKinks: 2 }, true],
    [{ maxKinks: 0 }, false],
  ]
  test.each(counted)('%o', (options, passes) => {
    expect(gradcheck((a) => a.relu(), [many], { ...options, raiseException: false })).toBe(passes)
  })

  test('are counted by elements, also of a smooth function near them', () => {
    expect(() => gradcheck((a) => a.relu(), [many])).toThrow(
      /a kink at 2 of 4 elements .* and 1 may lie there/,
    )
    expect(gradcheck((a) => a.square(), [leaf([0, 0, 0])], { maxKinks: 0 })).toBe(true)
  })

  test('one may lie in each ten elements', () => {
    const data = Array.from({ length: 20 }, (_, i) => (i < 2 ? 0 : i))
    expect(gradcheck((a) => a.relu(), [leaf(data)])).toBe(true)
    expect(() => gradcheck((a) => a.relu(), [leaf(data.with(5, 0))])).toThrow(/at 3 of 20/)
  })
})

test('next to a tie that is nearer than the narrowest step, the slope of its own side passes', () => {
  const at = leaf([0, 1e-8, -1])
  expect(gradcheck((a) => a.max(), [at], { maxKinks: 2 })).toBe(true)
  expect(() =>
    gradcheck((a) => a.max().mul(2).sub(a.max().detach()), [at], { maxKinks: 2 }),
  ).toThrow(/gradient/)
})
