import { DTypeError, gradients, ShapeError, tensor, ValueError, zeros } from '@gradtape/core'
import { functional as F } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'

const float64 = { dtype: 'float64' } as const
const x = zeros([4, 3])
const column = zeros([4, 1])
const integers = zeros([4, 3], { dtype: 'int32' })

describe('klDiv', () => {
  test('is 0 between equal laws, and what they differ by, in either form', () => {
    const p = tensor([[0.25, 0.75], [0.5, 0.5]], float64) // prettier-ignore
    const q = tensor([[0.5, 0.5], [0.5, 0.5]], float64) // prettier-ignore
    expect(F.klDiv(p.log(), p, { reduction: 'sum' }).item()).toBeCloseTo(0, 14)
    const expected = 0.25 * Math.log(0.25 / 0.5) + 0.75 * Math.log(0.75 / 0.5)
    expect(F.klDiv(q.log(), p, { reduction: 'sum' }).item()).toBeCloseTo(expected, 14)
    const ofLogs = F.klDiv(q.log(), p.log(), { reduction: 'batchmean', logTarget: true })
    expect(ofLogs.item()).toBeCloseTo(expected / 2, 14)
  })

  test('a target of 0 costs nothing and has no infinite gradient', () => {
    const input = tensor([-3, -0.05], { ...float64, requiresGrad: true })
    const target = tensor([0, 1], { ...float64, requiresGrad: true })
    const loss = F.klDiv(input, target, { reduction: 'none' })
    expect(loss.toArray()).toEqual([0, 0.05])
    expect(gradients(loss.sum(), [input, target]).map((g) => g.toArray())).toEqual([
      [0, -1],
      [0, 1.05],
    ])
  })

  test('refuses what does not fit', () => {
    expect(() => F.klDiv(x, column as never)).toThrow(/^klDiv: .*\[4, 1\].*\[4, 3\]/)
    expect(() => F.klDiv(x, integers)).toThrow(DTypeError)
    expect(() => F.klDiv(x, x, { reduction: 'batchMean' as never })).toThrow(/'batchmean'.*got 'ba/)
    expect(() => F.klDiv(x, x, { log_target: true } as never)).toThrow(/'log_target'.*logTarget/)
    expect(() => F.klDiv(x, x, 'sum' as never)).toThrow(/^klDiv: expected options/)
    const scalar = tensor(1)
    expect(() => F.klDiv(scalar, scalar, { reduction: 'batchmean' })).toThrow(ShapeError)
  })
})

describe('poissonNllLoss', () => {
  test('refuses what does not fit', () => {
    expect(() => F.poissonNllLoss(x, column as never)).toThrow(ShapeError)
    expect(() => F.poissonNllLoss(integers, x)).toThrow(/^poissonNllLoss: /)
    expect(() => F.poissonNllLoss(x, x, { reduction: 'max' as never })).toThrow(ValueError)
    expect(() => F.poissonNllLoss(x, x, { log: true } as never)).toThrow(/no option 'log'/)
    for (const eps of [-1, NaN]) {
      expect(() => F.poissonNllLoss(x, x, { eps })).toThrow(/poissonNllLoss: eps/)
    }
  })

  test('full adds nothing for counts up to 1', () => {
    const counts = tensor([0, 1, 2], float64)
    const added = F.poissonNllLoss(zeros([3], float64), counts, { full: true, reduction: 'none' })
    const [none, one, two] = added.sub(1).toArray() as number[]
    expect([none, one]).toEqual([0, 0])
    // log 2! by Stirling.
    expect(two).toBeCloseTo(2 * Math.log(2) - 2 + Math.log(4 * Math.PI) / 2, 12)
  })
})

describe('gaussianNllLoss', () => {
  test('takes a variance as a number, and raises it to eps', () => {
    const [input, target] = [tensor([1, 2], float64), tensor([1, 4], float64)]
    const options = { reduction: 'none' } as const
    expect(F.gaussianNllLoss(input, target, 1, options).toArray()).toEqual([0, 2])
    expect(F.gaussianNllLoss(input, target, 0, { ...options, eps: 1 }).toArray()).toEqual([0, 2])
    const all = F.gaussianNllLoss(input, target, tensor([4, 4], float64), options).toArray()
    expect(F.gaussianNllLoss(input, target, 4, options).toArray()).toEqual(all)
  })

  test('refuses what does not fit', () => {
    expect(() => F.gaussianNllLoss(x, column as never, 1)).toThrow(ShapeError)
    expect(() => F.gaussianNllLoss(x, x, integers)).toThrow(DTypeError)
    expect(() => F.gaussianNllLoss(x, x, '1' as never)).toThrow(DTypeError)
    for (const shape of [[3], [3, 4], [4, 2], [1, 4, 3], []]) {
      const call = (): unknown => F.gaussianNllLoss(x, x, zeros(shape))
      expect(call).toThrow(ShapeError)
      expect(call).toThrow(/^gaussianNllLoss: the variance.*\[4\] or \[4, 1\]/)
    }
    const scalar = tensor(1)
    expect(() => F.gaussianNllLoss(scalar, scalar, zeros([1]))).toThrow(ShapeError)
    expect(() => F.gaussianNllLoss(x, x, tensor([1, 1, -2, 1]))).toThrow(/got -2 at element 2/)
    expect(() => F.gaussianNllLoss(x, x, NaN)).toThrow(/got NaN/)
    expect(() => F.gaussianNllLoss(x, x, -1)).toThrow(ValueError)
    expect(() => F.gaussianNllLoss(x, x, 1, { var: 1 } as never)).toThrow(/no option 'var'/)
    for (const eps of [0, -1, NaN]) {
      expect(() => F.gaussianNllLoss(x, x, 1, { eps })).toThrow(/gaussianNllLoss: eps/)
    }
    expect(() => F.gaussianNllLoss(x, x, 1, { reduction: 'max' as never })).toThrow(ValueError)
  })
})
