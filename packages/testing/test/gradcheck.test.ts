import {
  add,
  dot,
  GradientError,
  gradients,
  ones,
  stack,
  tensor,
  where,
  zeros,
  type Tensor,
} from '@gradtape/core'
import { describe, expect, test } from 'vitest'
import { gradcheck, gradgradcheck, GradcheckError, type GradcheckOptions } from '../src/index.ts'

const leaf = (data: number[], shape: number[] = [data.length]): Tensor =>
  tensor(data, { shape, dtype: 'float64', requiresGrad: true }) as Tensor
const x = (): Tensor => leaf([0.5, -1.25, 2])

function failureOf(check: () => unknown): GradcheckError {
  try {
    check()
  } catch (error) {
    if (error instanceof GradcheckError) return error
    throw error
  }
  throw new Error('the check found nothing')
}

describe('right gradients pass', () => {
  const correct: Record<string, [f: (...inputs: any[]) => object, inputs: Tensor[]]> = {
    'of one input': [(a) => a.tanh(), [x()]],
    'of two that broadcast': [(a, b) => a.mul(b).exp(), [x(), leaf([1, -0.5], [2, 1])]],
    'of 0-d tensors': [(a) => a.sin(), [leaf([0.3], [])]],
    'of nothing': [(a) => a.exp(), [leaf([], [0, 3])]],
    'of large numbers': [(a) => a.square(), [leaf([1e8, -3e5])]],
    'of an array of outputs': [(a) => [a.exp(), a.sum()], [x()]],
    'of an object with indices': [(a) => a.max(0), [x()]],
    'of an unused input': [(a) => a.exp(), [x(), x()]],
    'of an output that is constant': [(a) => [a.exp(), ones([2], { dtype: 'float64' })], [x()]],
  }

  test.each(Object.entries(correct))('%s', (_, [f, inputs]) => {
    expect(gradcheck(f, inputs)).toBe(true)
    expect(gradgradcheck(f, inputs)).toBe(true)
  })

  test('of views, which are differentiated as they are', () => {
    const base = leaf([1, 2, 3, 4, 5, 6], [2, 3])
    expect(gradcheck((a) => a.square().sum(0), [base.transpose(0, 1)])).toBe(true)
    expect(base.toArray()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
  })

  test('of inputs that the function takes from outside', () => {
    const [weight, bias] = [leaf([1, -2]), leaf([0.5], [])]
    const features = tensor([[0.5, 2]], { dtype: 'float64' })
    const f = (): Tensor => add(features.matmul(weight), bias).sigmoid()
    expect(gradcheck(f, [weight, bias])).toBe(true)
    expect(gradgradcheck(f, [weight, bias])).toBe(true)
  })

  test('of gradients taken inside', () => {
    const slope = (a: Tensor): Tensor => gradients(a.exp().sum(), a, { createGraph: true })[0]
    expect(gradcheck((a) => slope(a).square(), [x()])).toBe(true)
    expect(gradgradcheck((a) => slope(a).square(), [x()])).toBe(true)
  })
})

describe('wrong gradients are found', () => {
  // A detached factor counts in the value, and not in the gradient.
  const wrong: Record<string, (a: Tensor) => object> = {
    'a factor': (a) => a.mul(a.detach()),
    'a sign': (a) => a.detach().mul(2).sub(a),
    'a forgotten term of 1e-6': (a) => a.add(a.detach().mul(1e-6)),
    'wrong for negative numbers only': (a) => where(a.lt(0), a.detach(), a).square(),
    'wrong at one element': (a) => stack([a.at(0), a.at(1), a.at(2).detach()]).exp(),
    'an output that is detached beside one that is not': (a) => [a.exp(), a.exp().detach()],
    'an infinite slope': (a) => a.sub(a.detach()).sqrt(),
  }

  test.each(Object.entries(wrong))('%s', (_, f) => {
    expect(() => gradcheck(f, [x()])).toThrow(GradcheckError)
    expect(gradcheck(f, [x()], { raiseException: false })).toBe(false)
  })

  test('of second order', () => {
    // Right once, and a constant to the tape.
    const f = (a: Tensor): Tensor => a.mul(a.detach()).mul(2).sub(a.detach().square())
    expect(gradcheck(f, [x()])).toBe(true)
    expect(() => gradgradcheck(f, [x()])).toThrow(GradcheckError)
  })

  test('with the entry that is farthest off', () => {
    const f = (a: Tensor): Tensor => dot(a, stack([a.at(0), a.at(1).detach(), a.at(2)]))
    const { reason, worst } = failureOf(() => gradcheck((_, a) => f(a), [x(), x()]))
    expect(reason).toBe('derivative')
    expect(worst).toMatchObject({ input: 'input 1', index: [1], output: { output: 0, index: [] } })
    expect(worst!.expected).toBeCloseTo(-2.5, 8)
    expect(worst!.found).toBe(-1.25)
    expect(() => gradcheck(f, [x()])).toThrow(
      /^gradcheck of f: the gradient of input 0 at \[1\] is -2.\d* by differences, but -1.25 by the tape .*1 of 3 derivatives disagree/,
    )
  })

  test('within tolerances that are asked for', () => {
    const f = (a: Tensor): Tensor => a.add(a.detach().mul(1e-4))
    expect(gradcheck(f, [x()], { raiseException: false })).toBe(false)
    expect(gradcheck(f, [x()], { rtol: 1e-3 })).toBe(true)
    expect(gradcheck(f, [x()], { atol: 1e-3 })).toBe(true)
  })

  test('to a term of 1e-6 beside large outputs', () => {
    const f = (a: Tensor): object => [a.mul(1e9), a.add(a.detach().mul(1e-6))]
    expect(failureOf(() => gradcheck(f, [x()])).worst!.output!.output).toBe(1)
  })

  test('also where the function bends within a step', () => {
    const f = (a: Tensor): Tensor => a.mul(1e4).sin().add(a.detach().mul(0.1))
    expect(failureOf(() => gradcheck(f, [x()])).reason).toBe('derivative')
    expect(gradcheck((a) => a.mul(1e3).sin(), [x()])).toBe(true)
  })
})

describe('inputs', () => {
  test('stand as they were afterwards, also when the function throws', () => {
    const a = leaf([0.1, 1e300, -3])
    gradcheck((b) => b.mul(2), [a])
    expect(a.toArray()).toEqual([0.1, 1e300, -3])
    let calls = 0
    const failing = (b: Tensor): Tensor => {
      if (++calls === 4) throw new RangeError('on purpose')
      return b.exp()
    }
    expect(() => gradcheck(failing, [a])).toThrow(RangeError)
    expect(a.toArray()).toEqual([0.1, 1e300, -3])
    expect(a.grad).toBeNull()
  })

  test('are checked', () => {
    const single = tensor([1, 2], { dtype: 'float32', requiresGrad: true })
    const constant = tensor([1, 2], { dtype: 'float64' })
    const expanded = leaf([1], [1]).expand([3])
    expect(() => gradcheck((a) => a.exp(), [single.detach()])).toThrow(/input 0 .* no gradient/)
    const half = tensor([1, 2], { dtype: 'float32' }).to('int32')
    expect(() => gradcheck((a) => a.exp(), [half as Tensor])).toThrow(/input 0 .* dtype int32/)
    expect(() => gradcheck((_, b) => b.exp(), [x(), constant])).toThrow(
      /input 1 .* requires no gradient/,
    )
    expect(() => gradcheck((a) => a.exp(), [expanded])).toThrow(/input 0 .* expanded/)
    expect(() => gradcheck(() => zeros([]), [])).toThrow(/at least one input/)
    expect(() => gradcheck((a) => a, ['a' as unknown as Tensor])).toThrow(/input 0 is no tensor/)
  })
})

describe('functions', () => {
  test('must return float64 tensors that depend on the inputs', () => {
    expect(() => gradcheck((a) => a.detach().exp(), [x()])).toThrow(GradientError)
    expect(() => gradgradcheck((a) => a.detach().exp(), [x()])).toThrow(/no output requires/)
    expect(() => gradcheck((a) => a.to('float32'), [x()])).toThrow(/dtype float32/)
    expect(() => gradcheck((a) => a.gt(0), [x()])).toThrow(/returned no float tensor/)
    expect(() => gradcheck(() => ({}), [x()])).toThrow(/returned no float tensor/)
    expect(() => gradcheck(async (a) => a.exp(), [x()])).toThrow(GradientError)
  })
})

describe('options', () => {
  test.each([
    [{ eps: 0 }, /eps must be between 0 and 1, got 0/],
    [{ atol: -1 }, /must not be negative, got -1/],
    [{ rtol: NaN }, /rtol must not be negative, got NaN/],
    [{ nondetTol: -1 }, /nondetTol must not be negative, got -1/],
    [{ maxKinks: 0.5 }, /maxKinks must be a count, got 0.5/],
    [{ seed: -1 }, /seed must be an integer from 0 on, got -1/],
    [{ fast: true } as GradcheckOptions, /no option 'fast'; there are eps, atol/],
  ])('%o', (options: GradcheckOptions, message) => {
    expect(() => gradcheck((a) => a.exp(), [x()], options)).toThrow(message)
  })

  test('seed chooses the cotangents of second order', () => {
    const f = (a: Tensor): Tensor => a.mul(a.detach()).mul(2).sub(a.detach().square())
    const worst = (seed: number): number =>
      failureOf(() => gradgradcheck(f, [x()], { seed })).worst!.expected
    expect(worst(1)).toBe(worst(1))
    expect(worst(1)).not.toBe(worst(2))
  })
})
