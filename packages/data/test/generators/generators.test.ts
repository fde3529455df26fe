import { GradtapeError, manualSeed, RandomState, setDefaultDtype, ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { makeCircles, makeMoons } from '@gradtape/data'
import type { MakeCirclesOptions } from '@gradtape/data'
import { afterEach, describe, expect, it } from 'vitest'
import golden from '../golden/scikit-learn.json' with { type: 'json' }

interface Case {
  arguments: object
  x: number[][]
  y: number[]
}

function expectPoints([x, y]: [Tensor, Tensor], expected: Case): void {
  expect(y.dtype).toBe('int32')
  expect(Array.from(y.data)).toEqual(expected.y)
  expect(x.dtype).toBe('float64')
  expect(x.shape).toEqual([expected.y.length, 2])
  expected.x.flat().forEach((coordinate, i) => {
    expect(Math.abs(x.data[i] - coordinate)).toBeLessThanOrEqual(1e-15)
  })
}

it.each(golden.makeMoons as Case[])('makeMoons($arguments) is scikit-learn’s', (expected) => {
  expectPoints(makeMoons({ ...expected.arguments, dtype: 'float64' }), expected)
})

it.each(golden.makeCircles as Case[])('makeCircles($arguments) is scikit-learn’s', (expected) => {
  expectPoints(makeCircles({ ...expected.arguments, dtype: 'float64' }), expected)
})

afterEach(() => setDefaultDtype('float32'))

describe.each([
  ['makeMoons', makeMoons],
  ['makeCircles', makeCircles],
] as const)('%s', (name, make) => {
  it('makes 100 points of the default float dtype', () => {
    const [x, y] = make()
    expect([x.shape, x.dtype, y.shape, y.dtype]).toEqual([[100, 2], 'float32', [100], 'int32'])
    setDefaultDtype('float64')
    expect(make()[0].dtype).toBe('float64')
  })

  it('rounds the same points to float32', () => {
    const wide = make({ noise: 0.1, randomState: 4, dtype: 'float64' })[0]
    const narrow = make({ noise: 0.1, randomState: 4 })[0]
    expect(Array.from(narrow.data)).toEqual(Array.from(wide.data, Math.fround))
  })

  it('draws from a RandomState that it is given', () => {
    const random = new RandomState(4)
    const first = make({ randomState: random })[1].toArray()
    const second = make({ randomState: random })[1].toArray()
    expect(first).toEqual(make({ randomState: 4 })[1].toArray())
    expect(second).not.toEqual(first)
  })

  it('is settled by manualSeed when no randomState is given', () => {
    manualSeed(1)
    const first = make({ noise: 0.1 })[0].toArray()
    const second = make({ noise: 0.1 })[0].toArray()
    manualSeed(1)
    expect(make({ noise: 0.1 })[0].toArray()).toEqual(first)
    expect(second).not.toEqual(first)
  })

  it.each([
    { nSamples: 0 },
    { nSamples: -4 },
    { nSamples: 2.5 },
    { nSamples: [0, 0] },
    { nSamples: [3, -1] },
    { nSamples: [3, 1, 2] },
    { noise: -0.1 },
    { noise: NaN },
    { noise: Infinity },
    { randomState: -1 },
    { randomState: 1.5 },
  ] as unknown as MakeCirclesOptions[])('refuses %o', (options) => {
    expect(() => make(options)).toThrow(ValueError)
    const where = options.randomState === undefined ? name : 'RandomState'
    expect(() => make(options)).toThrow(`${where}: `)
  })

  it('leaves a RandomState alone when it refuses', () => {
    const random = new RandomState(4)
    expect(() => make({ noise: -1, randomState: random })).toThrow(GradtapeError)
    expect(random.rand().item()).toBe(new RandomState(4).rand().item())
  })
})

it.each([1, -0.1, NaN])('makeCircles refuses the factor %s', (factor) => {
  expect(() => makeCircles({ factor })).toThrow(
    `makeCircles: factor must be at least 0 and below 1, got ${factor}`,
  )
})
