import {
  DTypeError,
  eye,
  manualSeed,
  RandomGenerator,
  randn,
  ShapeError,
  tensor,
  ValueError,
  zeros,
  type Tensor,
} from '@gradtape/core'
import { functional as F, init, Parameter } from '@gradtape/nn'
import { beforeEach, describe, expect, test } from 'vitest'

beforeEach(() => void manualSeed(12))

const float64 = { dtype: 'float64' } as const

describe('truncNormal_', () => {
  /** Mean and deviation of the standard normal law between two ends, by sums over a fine grid. */
  function moments(a: number, b: number): [mean: number, deviation: number] {
    const steps = 200_000
    let [mass, first, second] = [0, 0, 0]
    for (let i = 0; i < steps; i++) {
      const z = a + ((i + 0.5) * (b - a)) / steps
      const density = Math.exp((a * a * Number(a > 0) - z * z) / 2)
      mass += density
      first += density * z
      second += density * z * z
    }
    return [first / mass, Math.sqrt(second / mass - (first / mass) ** 2)]
  }

  test.each([
    [-2, 2],
    [-0.5, 0.1],
    [0.5, 3],
    [4, 9],
    [-1, 8],
  ])('between %s and %s, by mean and deviation', (a, b) => {
    const [mean, std] = [3, 0.5]
    const ends = { a: mean + std * a, b: mean + std * b }
    const x = init.truncNormal_(zeros([40_000], float64), { mean, std, ...ends })
    expect(Math.min(...x.data)).toBeGreaterThanOrEqual(ends.a)
    expect(Math.max(...x.data)).toBeLessThanOrEqual(ends.b)
    const [m, s] = moments(a, b)
    const deviation = x.std().item() / std
    expect(Math.abs((x.mean().item() - mean) / std - m)).toBeLessThan((5 * s) / 200)
    expect(deviation / s).toBeCloseTo(1, 1.5)
  })

  test('its ends are 2 unless given, and may be far out or infinite', () => {
    const x = init.truncNormal_(zeros([10_000]))
    expect(x.abs().amax().item()).toBeLessThanOrEqual(2)
    expect(x.abs().amax().item()).toBeGreaterThan(1.95)
    const wide = init.truncNormal_(zeros([10_000], float64), { a: -Infinity, b: Infinity })
    expect(wide.std().item()).toBeCloseTo(1, 1)
    expect(wide.abs().amax().item()).toBeGreaterThan(3)
    const far = init.truncNormal_(zeros([1000], float64), { a: 1000, b: Infinity })
    expect(far.amin().item()).toBeGreaterThanOrEqual(1000)
    // What is left of the law there falls off by e for each thousandth.
    expect(far.mean().item()).toBeCloseTo(1000.001, 3)
    expect(far.std().item()).toBeCloseTo(0.001, 3)
  })
})

describe('orthogonal_', () => {
  test.each([[[4, 4]], [[3, 7]], [[7, 3]], [[4, 2, 3]], [[6, 2, 2]], [[1, 5]], [[200, 200]]])(
    'of %s has orthonormal rows or columns',
    (shape) => {
      const x: Tensor = init.orthogonal_(zeros(shape, float64), { gain: 2 })
      const [rows] = shape
      const matrix = x.reshape([rows, -1])
      const wide = rows <= matrix.size(1) ? matrix : matrix.T
      const products = wide.matmul(wide.T).div(4)
      expect(
        products
          .sub(eye(wide.size(0), float64))
          .abs()
          .amax()
          .item(),
      ).toBeLessThan(1e-14)
    },
  )

  test('is as likely to point one way as the other', () => {
    const traces = Array.from({ length: 400 }, () => {
      const x: Tensor = init.orthogonal_(zeros([2, 2], float64))
      return x.at(0, 0).item()
    })
    const mean = traces.reduce((a, b) => a + b, 0) / 400
    // Each has the mean 0 and the deviation √½; 4 deviations of the mean of 400.
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(0.5 / 400))
    expect(init.orthogonal_(zeros([3, 0])).numel).toBe(0)
  })
})

describe('sparse_', () => {
  test.each([
    [0.28, 6],
    [0.25, 5],
    [0, 0],
    [1, 20],
  ])('a share of %s is %s zeros of 20 in each column', (share, count) => {
    const x = init.sparse_(zeros([20, 60], float64), share, { std: 0.1 })
    const columns = x.T.toArray() as number[][]
    const places = columns.map((column) => column.flatMap((value, i) => (value === 0 ? [i] : [])))
    expect(new Set(places.map(({ length }) => length))).toEqual(new Set([count]))
    expect(new Set(places.map(String)).size > 30).toBe(count === 6 || count === 5)
    const left = x.data.filter((value) => value !== 0)
    const squares = left.reduce((sum, value) => sum + value ** 2, 0)
    expect(count === 20 || Math.abs(Math.sqrt(squares / left.length) / 0.1 - 1) < 0.1).toBe(true)
  })
})

describe('dirac_', () => {
  test('a convolution passes on its channels', () => {
    const x = randn([2, 3, 5, 5])
    const weight: Tensor = init.dirac_(zeros([3, 3, 3, 3]))
    expect(F.conv2d(x, weight, null, { padding: 1 }).toArray()).toEqual(x.toArray())
    const wide: Tensor = init.dirac_(zeros([4, 2, 3]))
    expect(wide.sum(-1).toArray()).toEqual([[1, 0], [0, 1], [0, 0], [0, 0]]) // prettier-ignore
    expect(wide.narrow(2, 1, 1).sum().item()).toBe(2)
    expect(init.dirac_(zeros([1, 1, 2, 2, 2])).toArray()).toEqual([[[[[0, 0], [0, 0]], [[0, 0], [0, 1]]]]]) // prettier-ignore
  })

  test('in groups too', () => {
    const x = randn([2, 4, 6])
    const weight: Tensor = init.dirac_(zeros([4, 2, 1]), { groups: 2 })
    expect(F.conv1d(x, weight, null, { groups: 2 }).toArray()).toEqual(x.toArray())
  })
})

type Fill = (x: Tensor, options?: { generator?: RandomGenerator }) => Tensor
const all: [string, Fill][] = [
  ['truncNormal_', init.truncNormal_],
  ['orthogonal_', init.orthogonal_],
  ['sparse_', (x, options) => init.sparse_(x, 0.5, options)],
]

test.each(all)('%s writes in place, parameters too, from the generator given', (_, fill) => {
  const x = new Parameter(zeros([3, 4]))
  expect(fill(x, { generator: new RandomGenerator(5) })).toBe(x)
  expect([x.requiresGrad, x.isLeaf]).toEqual([true, true])
  const again = fill(zeros([3, 4]), { generator: new RandomGenerator(5) })
  expect(x.toArray()).toEqual(again.toArray())
  expect(fill(zeros([3, 4])).toArray()).not.toEqual(x.toArray())
  expect(fill(zeros([0, 3])).numel).toBe(0)
})

describe('what they refuse, leaving the tensor as it was', () => {
  const vector = tensor([1, 2])
  const cube = tensor([[[1, 2]], [[3, 4]], [[5, 6]]])
  const integers = tensor([[1, 2]], { dtype: 'int32' })
  const cases: [string, () => unknown, new (message: string) => Error][] = [
    ['ends that meet', () => init.truncNormal_(vector, { a: 1, b: 1 }), ValueError],
    ['no deviation', () => init.truncNormal_(vector, { std: 0 }), ValueError],
    ['a mean that is none', () => init.truncNormal_(vector, { mean: NaN }), ValueError],
    ['an end that is none', () => init.truncNormal_(vector, { a: NaN }), ValueError],
    ['one dim', () => init.orthogonal_(vector), ShapeError],
    ['a gain that is none', () => init.orthogonal_(cube, { gain: NaN }), ValueError],
    ['no matrix', () => init.sparse_(cube, 0.5), ShapeError],
    ['no share', () => init.sparse_(vector, 1.5), ValueError],
    ['no share', () => init.sparse_(vector, undefined as never), ValueError],
    ['a negative std', () => init.sparse_(vector, 0.5, { std: -1 }), ValueError],
    ['no kernel', () => init.dirac_(vector), ShapeError],
    ['groups that do not divide', () => init.dirac_(cube, { groups: 2 }), ShapeError],
    ['no groups', () => init.dirac_(cube, { groups: 0 }), ValueError],
    ['integers', () => init.truncNormal_(integers), DTypeError],
    ['integers', () => init.orthogonal_(integers), DTypeError],
    ['integers', () => init.sparse_(integers, 0.5), DTypeError],
    ['no tensor', () => init.dirac_([1] as never), DTypeError],
  ]
  test.each(cases)('%s (%#)', (_, call, error) => {
    expect(call).toThrow(error)
    expect(call).toThrow(/^(truncNormal_|orthogonal_|sparse_|dirac_): /)
    expect([vector, cube, integers].map((x) => [...x.data])).toEqual([
      [1, 2],
      [1, 2, 3, 4, 5, 6],
      [1, 2],
    ])
  })
})
