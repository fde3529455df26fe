import {
  DTypeError,
  manualSeed,
  randn,
  RandomGenerator,
  ShapeError,
  tensor,
  ValueError,
  zeros,
  type Tensor,
} from '@gradtape/core'
import { Dense, init, Parameter } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'

describe('Dense', () => {
  test('computes x Wᵀ + b over any batch', () => {
    const dense = new Dense(2, 3, { dtype: 'float64' })
    init.zeros_(dense.bias!)
    dense.loadStateDict({
      weight: tensor([[1, 2], [3, 4], [5, 6]], { dtype: 'float64' }), // prettier-ignore
      bias: tensor([0.5, 0, -1], { dtype: 'float64' }),
    })
    const x = tensor([[1, 10], [2, 20]], { dtype: 'float64' }) // prettier-ignore
    expect(dense.forward(x).toArray()).toEqual([[21.5, 43, 64], [42.5, 86, 129]]) // prettier-ignore
    expect(dense.forward(tensor([1, 10], { dtype: 'float64' })).toArray()).toEqual([21.5, 43, 64])
    expect(dense.forward(zeros([4, 0, 2], { dtype: 'float64' })).shape).toEqual([4, 0, 3])
  })

  test('its parameters are what the options say', () => {
    const dense = new Dense(2, 3)
    expect([dense.weight.shape, dense.weight.dtype]).toEqual([[3, 2], 'float32'])
    expect(dense.parameters().every((p) => p instanceof Parameter)).toBe(true)
    const bare = new Dense(2, 3, { bias: false, dtype: 'float64' })
    expect(bare.bias).toBeNull()
    expect(bare.weight.dtype).toBe('float64')
    expect(bare.parameters().length).toBe(1)
  })

  test('starts uniform in ±1/√in, from the default generator or its own', () => {
    manualSeed(1)
    const one = new Dense(100, 400)
    manualSeed(1)
    const again = new Dense(100, 400)
    expect(again.weight.toTypedArray()).toEqual(one.weight.toTypedArray())
    expect(again.bias!.toTypedArray()).toEqual(one.bias!.toTypedArray())
    const own = new Dense(100, 400, { generator: new RandomGenerator(1) })
    expect(own.weight.toTypedArray()).toEqual(one.weight.toTypedArray())
    for (const parameter of one.parameters()) {
      const [low, high] = [Math.min(...parameter.data), Math.max(...parameter.data)]
      expect(low).toBeGreaterThanOrEqual(-0.1)
      expect(high).toBeLessThan(0.1)
      expect(low).toBeLessThan(-0.097)
      expect(high).toBeGreaterThan(0.097)
    }
    expect(one.weight.std().item()).toBeCloseTo(0.1 / Math.sqrt(3), 3)
    expect(one.weight.mean().item()).toBeCloseTo(0, 3)
    expect(new Dense(0, 2).bias!.toArray()).toEqual([0, 0])
  })

  test('names itself and the shape that does not fit', () => {
    const dense = new Dense(2, 16)
    const misshapen: Tensor = zeros([32, 3])
    expect(() => dense.forward(misshapen)).toThrow(ShapeError)
    expect(() => dense.forward(misshapen)).toThrow(/Dense\(2, 16\).* 2 features.*\[32, 3\]/)
    const scalar: Tensor = tensor(1)
    expect(() => dense.forward(scalar)).toThrow(/Dense\(2, 16\).*shape \[\]/)
    expect(() => dense.forward([1, 2] as never)).toThrow(DTypeError)
    expect(() => dense.forward(zeros([1, 2], { dtype: 'int32' }))).toThrow(DTypeError)
    expect(dense.forward(randn([5, 2])).shape).toEqual([5, 16])
  })

  test.each([-1, 1.5, NaN, '2' as never])('refuses %s features', (size) => {
    expect(() => new Dense(size, 2)).toThrow(ValueError)
    expect(() => new Dense(2, size)).toThrow(/outFeatures/)
  })

  test('refuses integer parameters', () => {
    expect(() => new Dense(2, 2, { dtype: 'int32' as never })).toThrow(DTypeError)
  })
})
