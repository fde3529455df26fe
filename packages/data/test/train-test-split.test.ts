import {
  arange,
  manualSeed,
  RandomState,
  ShapeError,
  tensor,
  ValueError,
  zeros,
} from '@gradtape/core'
import { trainTestSplit } from '@gradtape/data'
import type { SplitOptions } from '@gradtape/data'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import golden from './golden/scikit-learn.json' with { type: 'json' }

const numbers = (length: number): number[] => Array.from({ length }, (_, i) => i)

it.each(golden.trainTestSplit)('$arguments of $total samples is scikit-learn’s', (expected) => {
  const options = expected.arguments as SplitOptions
  const [train, test] = trainTestSplit(numbers(expected.total), options)
  expect(train).toEqual(expected.train)
  expect(test).toEqual(expected.test)
})

describe('trainTestSplit', () => {
  it('splits tensors along their first dimension and arrays, all the same way', () => {
    const x = arange(24).reshape([12, 2])
    const y = arange(12, { dtype: 'int32' })
    const names = numbers(12).map(String)
    const [xTrain, xTest, yTrain, yTest, namesTrain, namesTest] = trainTestSplit(x, y, names, {
      testSize: 4,
      randomState: 1,
    })
    expect([xTrain.shape, xTest.shape]).toEqual([
      [8, 2],
      [4, 2],
    ])
    expect(yTrain.dtype).toBe('int32')
    const train = Array.from(yTrain.data)
    const test = Array.from(yTest.data)
    expect(xTrain.toArray()).toEqual(train.map((i) => [2 * i, 2 * i + 1]))
    expect(xTest.toArray()).toEqual(test.map((i) => [2 * i, 2 * i + 1]))
    expect(namesTrain).toEqual(train.map(String))
    expect(namesTest).toEqual(test.map(String))
  })

  it('puts every sample into exactly one part', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 60 }),
        fc.double({ min: 0.05, max: 0.7, noNaN: true }),
        fc.nat(),
        fc.boolean(),
        (total, testSize, randomState, shuffle) => {
          const options = { testSize, randomState, shuffle }
          const [train, test] = trainTestSplit(numbers(total), options)
          expect(test).toHaveLength(Math.ceil(testSize * total))
          expect([...train, ...test].toSorted((a, b) => a - b)).toEqual(numbers(total))
        },
      ),
    )
  })

  it('tests with a quarter by default, drawn as manualSeed settles', () => {
    manualSeed(3)
    const first = trainTestSplit(numbers(40))
    manualSeed(3)
    expect(trainTestSplit(numbers(40))).toEqual(first)
    expect(trainTestSplit(numbers(40))).not.toEqual(first)
    expect(first.map((part) => part.length)).toEqual([30, 10])
  })

  it('draws from a RandomState that it is given', () => {
    const random = new RandomState(42)
    const first = trainTestSplit(numbers(23), { testSize: 0.3, randomState: random })
    expect(first[1]).toEqual(golden.trainTestSplit[0].test)
    expect(trainTestSplit(numbers(23), { testSize: 0.3, randomState: random })).not.toEqual(first)
  })

  it.each<[SplitOptions, string]>([
    [{ testSize: 0 }, 'testSize must be a fraction between 0 and 1 or a count from 1 to 9, got 0'],
    [{ testSize: 10 }, 'got 10'],
    [{ testSize: -0.5 }, 'got -0.5'],
    [{ testSize: 1.5 }, 'got 1.5'],
    [{ testSize: NaN }, 'got NaN'],
    [{ trainSize: 0 }, 'trainSize must be'],
    [{ trainSize: 0.01 }, 'of 10 samples, 0 would train and 10 test'],
    [{ testSize: 0.99 }, 'of 10 samples, 0 would train'],
    [{ testSize: 6, trainSize: 5 }, 'ask for 5 + 6 samples of 10'],
    [{ randomState: -1 }, 'RandomState: seed must be'],
  ])('refuses %o', (options, message) => {
    expect(() => trainTestSplit(numbers(10), options)).toThrow(ValueError)
    expect(() => trainTestSplit(numbers(10), options)).toThrow(message)
  })

  it('refuses what does not line up', () => {
    expect(() => trainTestSplit(zeros([4, 2]), zeros([3]))).toThrow(ShapeError)
    expect(() => trainTestSplit(zeros([4, 2]), [1, 2, 3])).toThrow('got 4, 3')
    expect(() => trainTestSplit(tensor(1))).toThrow(ShapeError)
    expect(() => trainTestSplit()).toThrow('expected at least one array')
    expect(() => trainTestSplit({ testSize: 0.5 })).toThrow('expected at least one array')
    expect(() => trainTestSplit('abc' as never, [1, 2, 3])).toThrow('argument 1 is neither')
  })
})
