import {
  DTypeError,
  manualSeed,
  RandomGenerator,
  ShapeError,
  tensor,
  ValueError,
  zeros,
  type Tensor,
} from '@gradtape/core'
import { init, Parameter } from '@gradtape/nn'
import { beforeEach, describe, expect, test } from 'vitest'

beforeEach(() => void manualSeed(11))

const extent = (x: Tensor): [low: number, high: number] => [
  Math.min(...x.data),
  Math.max(...x.data),
]
const deviation = (x: Tensor): number => x.std().item()

/** [out, in, kernel]: a fan in of 100, a fan out of 300. */
const weight = (): Tensor => zeros([60, 20, 5], { dtype: 'float64' })
const fanIn = 100
const fanOut = 300

/** Demands numbers uniform in ±bound, by their ends and their spread. */
function expectUniform(x: Tensor, bound: number): void {
  const [low, high] = extent(x)
  expect(low).toBeGreaterThanOrEqual(-bound)
  expect(high).toBeLessThan(bound)
  expect(high - low).toBeGreaterThan(1.98 * bound)
  expect(deviation(x) / (bound / Math.sqrt(3))).toBeCloseTo(1, 1)
}

function expectNormal(x: Tensor, std: number): void {
  expect(deviation(x) / std).toBeCloseTo(1, 1)
  expect(x.mean().item() / std).toBeCloseTo(0, 1)
  // Three in a thousand lie outside of three standard deviations, of a uniform law none.
  const far = x.data.filter((value) => Math.abs(value) > 3 * std).length / x.numel
  expect(far).toBeGreaterThan(0.0005)
  expect(far).toBeLessThan(0.006)
}

describe('initialisers', () => {
  test('uniform_ and normal_', () => {
    expectUniform(init.uniform_(weight(), { a: -2, b: 2 }), 2)
    const unit = extent(init.uniform_(weight()))
    expect(unit[0]).toBeGreaterThanOrEqual(0)
    expect(unit[1]).toBeLessThan(1)
    expectNormal(init.normal_(weight()), 1)
    const shifted = init.normal_(weight(), { mean: 5, std: 0.1 })
    expectNormal(shifted.sub(5), 0.1)
    expect(init.normal_(zeros([2]), { mean: 3, std: 0 }).toArray()).toEqual([3, 3])
  })

  test('constants', () => {
    expect(init.constant_(zeros([2]), 0.5).toArray()).toEqual([0.5, 0.5])
    expect(init.ones_(zeros([2])).toArray()).toEqual([1, 1])
    expect(init.zeros_(tensor([3, 4])).toArray()).toEqual([0, 0])
    expect(init.eye_(tensor([[5, 5, 5], [5, 5, 5]])).toArray()).toEqual([[1, 0, 0], [0, 1, 0]]) // prettier-ignore
  })

  test('xavier, by both fans', () => {
    const std = Math.sqrt(2 / (fanIn + fanOut))
    expectUniform(init.xavierUniform_(weight()), std * Math.sqrt(3))
    expectUniform(init.xavierUniform_(weight(), { gain: 3 }), 3 * std * Math.sqrt(3))
    expectNormal(init.xavierNormal_(weight()), std)
    expectNormal(init.xavierNormal_(weight(), { gain: 0.5 }), 0.5 * std)
  })

  test('kaiming, by one fan and the gain', () => {
    const bound = Math.sqrt(2) * Math.sqrt(3 / fanIn)
    expectUniform(init.kaimingUniform_(weight()), bound)
    expectUniform(init.kaimingUniform_(weight(), { a: Math.sqrt(5) }), 1 / Math.sqrt(fanIn))
    expectUniform(init.kaimingUniform_(weight(), { mode: 'fanOut' }), bound / Math.sqrt(3))
    const tanh = { nonlinearity: 'tanh', mode: 'fanOut' } as const
    expectNormal(init.kaimingNormal_(weight(), tanh), 5 / 3 / Math.sqrt(fanOut))
  })

  test('gains', () => {
    expect(init.calculateGain('linear')).toBe(1)
    expect(init.calculateGain('sigmoid')).toBe(1)
    expect(init.calculateGain('tanh')).toBe(5 / 3)
    expect(init.calculateGain('relu')).toBe(Math.SQRT2)
    expect(init.calculateGain('leakyRelu')).toBe(Math.sqrt(2 / 1.0001))
    expect(init.calculateGain('leakyRelu', 2)).toBe(Math.sqrt(2 / 5))
    expect(init.calculateGain('selu')).toBe(0.75)
  })
})

describe('how they write', () => {
  const all: [string, (x: Tensor, options?: { generator?: RandomGenerator }) => Tensor][] = [
    ['uniform_', init.uniform_],
    ['normal_', init.normal_],
    ['xavierUniform_', init.xavierUniform_],
    ['xavierNormal_', init.xavierNormal_],
    ['kaimingUniform_', init.kaimingUniform_],
    ['kaimingNormal_', init.kaimingNormal_],
  ]

  test.each(all)('%s: in place, parameters too, from the generator given', (_, fill) => {
    const x = new Parameter(zeros([3, 4]))
    expect(fill(x, { generator: new RandomGenerator(5) })).toBe(x)
    expect([x.requiresGrad, x.isLeaf]).toEqual([true, true])
    const again = fill(zeros([3, 4]), { generator: new RandomGenerator(5) })
    expect(x.toArray()).toEqual(again.toArray())
    expect(fill(zeros([3, 4])).toArray()).not.toEqual(x.toArray())
    expect(fill(zeros([0, 3])).numel).toBe(0)
    expect(fill(zeros([3, 0])).numel).toBe(0)
  })

  test.each(all)('%s: into a view', (_, fill) => {
    const x = zeros([3, 4])
    fill(x.narrow(1, 1, 2))
    const columns = x.T.toArray() as number[][]
    expect(columns.map((column) => column.every((value) => value !== 0))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
})

describe('what they refuse, leaving the tensor as it was', () => {
  const x = tensor([1, 2])
  const square = tensor([[1, 2], [3, 4]]) // prettier-ignore
  const integers = tensor([1, 2], { dtype: 'int32' })
  const cases: [string, () => unknown, new (message: string) => Error][] = [
    ['ends that cross', () => init.uniform_(x, { a: 1, b: 0 }), ValueError],
    ['infinite ends', () => init.uniform_(x, { a: 0, b: Infinity }), ValueError],
    ['a negative std', () => init.normal_(x, { std: -1 }), ValueError],
    ['a mean that is none', () => init.normal_(x, { mean: NaN }), ValueError],
    ['no fans', () => init.xavierUniform_(x), ShapeError],
    ['no fans', () => init.xavierNormal_(x), ShapeError],
    ['no fans', () => init.kaimingUniform_(x), ShapeError],
    ['no fans', () => init.kaimingNormal_(x), ShapeError],
    ['no matrix', () => init.eye_(x), ShapeError],
    ['another mode', () => init.kaimingUniform_(square, { mode: 'fan_in' as never }), ValueError],
    [
      'an unknown nonlinearity',
      () => init.kaimingNormal_(square, { nonlinearity: 'gelu' as never }),
      ValueError,
    ],
    ['integers', () => init.normal_(integers), DTypeError],
    ['integers', () => init.constant_(integers, 1), DTypeError],
    ['no tensor', () => init.ones_([1] as never), DTypeError],
  ]
  test.each(cases)('%s (%#)', (_, call, error) => {
    expect(call).toThrow(error)
    expect([x, square, integers].map((t) => t.toArray())).toEqual([
      [1, 2],
      [
        [1, 2],
        [3, 4],
      ],
      [1, 2],
    ])
  })
})
