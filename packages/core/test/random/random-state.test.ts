import { describe, expect, it } from 'vitest'
import { GradtapeError, RandomState, tensor, zeros } from '../../src/index.ts'
import type { Tensor } from '../../src/index.ts'
import golden from '../golden/numpy-random.json' with { type: 'json' }
import { ulpsBetween } from './ulps.ts'

const values = (x: Tensor): number[] => Array.from(x.data)

/** Gaussians agree within 4 units in the last place; nothing else may differ at all. */
function expectClose(actual: Tensor, expected: readonly number[]): void {
  expect(actual.dtype).toBe('float64')
  expect(actual.shape).toEqual([expected.length])
  values(actual).forEach((x, i) => expect(ulpsBetween(x, expected[i])).toBeLessThanOrEqual(4))
}

describe.each(Object.entries(golden))('the stream of NumPy with seed %s', (seed, expected) => {
  it('is reproduced call by call', () => {
    const random = new RandomState(Number(seed))
    expect(values(random.rand(5))).toEqual(expected.rand)
    expectClose(random.randn(7), expected.randn)
    expect(values(random.randint(0, 10, 6))).toEqual(expected.randint)
    const twelve = [...Array(12).keys()]
    random.shuffle(twelve)
    expect(twelve).toEqual(expected.shuffle)
    expect(values(random.permutation(9))).toEqual(expected.permutation)
    expect(values(random.uniform(-2, 3, 4))).toEqual(expected.uniform)
    expectClose(random.normal(1, 0.5, 3), expected.normal)
    expect(values(random.choice(10, 4, { replace: false }))).toEqual(expected.choice)
    expectClose(random.randn(2), expected.randnAfterOdd)
    expect(values(random.randint(0, 2 ** 31 - 1, 3))).toEqual(expected.random_integers_big)
  })
})

describe('RandomState', () => {
  it('takes a shape, one length, or none', () => {
    const random = new RandomState(1)
    expect(random.rand().shape).toEqual([])
    expect(random.rand(2, 3).shape).toEqual([2, 3])
    expect(random.randn(0, 3).shape).toEqual([0, 3])
    expect(random.uniform().shape).toEqual([])
    expect(random.normal(0, 1, [4, 1]).shape).toEqual([4, 1])
    expect(random.randint(0, 5).shape).toEqual([])
    expect(random.randint(0, 5, [2, 2]).shape).toEqual([2, 2])
    expect(random.choice(5).shape).toEqual([])
    expect(random.choice(5, [2, 2], { replace: false }).shape).toEqual([2, 2])
    expect(random.permutation(0).shape).toEqual([0])
  })

  it('makes float64 values and int32 indices', () => {
    const random = new RandomState(1)
    for (const x of [random.rand(1), random.randn(1), random.uniform(), random.normal()]) {
      expect(x.dtype).toBe('float64')
    }
    for (const x of [random.randint(0, 2), random.permutation(2), random.choice(2)]) {
      expect(x.dtype).toBe('int32')
    }
  })

  it('draws with repetition unless told otherwise', () => {
    const drawn = values(new RandomState(1).choice(3, 50))
    expect(new Set(drawn)).toEqual(new Set([0, 1, 2]))
    const all = values(new RandomState(1).choice(6, 6, { replace: false }))
    expect(all.toSorted()).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('shuffles arrays, typed arrays and the rows of tensors alike, in place', () => {
    const order = values(new RandomState(8).permutation(7))
    const letters = [...'abcdefg']
    new RandomState(8).shuffle(letters)
    expect(letters).toEqual(order.map((i) => 'abcdefg'[i]))
    const typed = Float32Array.from([0, 1, 2, 3, 4, 5, 6])
    new RandomState(8).shuffle(typed)
    expect([...typed]).toEqual(order)
    const table = tensor(order.map((_, i) => [i, 10 * i]))
    const column = table.at('...', 1)
    new RandomState(8).shuffle(table)
    expect(table.toArray()).toEqual(order.map((i) => [i, 10 * i]))
    // Views of the table see the change: it happened in place.
    expect(values(column)).toEqual(order.map((i) => 10 * i))
  })

  const random = new RandomState(1)
  it.each([
    [
      'a negative seed',
      () => new RandomState(-1),
      'seed must be an integer from 0 to 2^32 − 1, got -1',
    ],
    ['a large seed', () => new RandomState(2 ** 32), 'got 4294967296'],
    ['a fractional seed', () => new RandomState(1.5), 'got 1.5'],
    ['a fractional size', () => random.rand(1.5), 'RandomState.rand: expected a shape'],
    ['a negative size', () => random.normal(0, 1, -2), 'RandomState.normal: expected a shape'],
    [
      'an empty range',
      () => random.randint(5, 5),
      'RandomState.randint: expected integers low < high',
    ],
    ['a fractional bound', () => random.randint(0, 2.5), 'got 0 and 2.5'],
    ['a bound past int32', () => random.randint(0, 2 ** 31 + 1), 'within −2^31 and 2^31'],
    [
      'an infinite bound',
      () => random.uniform(0, Infinity),
      'RandomState.uniform: expected finite',
    ],
    ['a negative deviation', () => random.normal(0, -1), 'RandomState.normal: expected a mean'],
    ['a choice among nothing', () => random.choice(0), 'RandomState.choice: n must be an integer'],
    ['too large a choice', () => random.choice(3, 4, { replace: false }), "can't draw 4 of 3"],
    ['a negative permutation', () => random.permutation(-1), 'RandomState.permutation: n must be'],
    [
      'shuffling a number',
      () => random.shuffle(3 as never),
      'RandomState.shuffle: expected an array',
    ],
    [
      'shuffling a 0-d tensor',
      () => random.shuffle(zeros([])),
      'RandomState.shuffle: a 0-d tensor',
    ],
  ])('refuses %s', (_, call, message) => {
    expect(call).toThrow(GradtapeError)
    expect(call).toThrow(message)
  })

  it('stays where it was after a refused call', () => {
    const one = new RandomState(1)
    const other = new RandomState(1)
    expect(() => one.randint(3, 3, 5)).toThrow(GradtapeError)
    expect(() => one.choice(3, 4, { replace: false })).toThrow(GradtapeError)
    expect(() => one.randn(2, -1)).toThrow(GradtapeError)
    expect(() => one.shuffle(tensor([1, 2, 3], { requiresGrad: true }))).toThrow(GradtapeError)
    expect(one.rand().item()).toBe(other.rand().item())
  })
})
