import {
  DTypeError,
  manualSeed,
  ones,
  RandomGenerator,
  tensor,
  ValueError,
  zeros,
} from '@gradtape/core'
import { Dropout, Flatten, functional as F, Identity } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'

describe('Dropout', () => {
  test.each([0.1, 0.5, 0.8])('drops a share of %s and scales the rest', (p) => {
    manualSeed(3)
    const n = 20_000
    const y = new Dropout({ p }).forward(ones([n], { dtype: 'float64' }))
    const kept = 1 / (1 - p)
    expect(new Set(y.data)).toEqual(new Set([0, kept]))
    const dropped = y.data.filter((value) => value === 0).length / n
    // Five standard deviations.
    expect(Math.abs(dropped - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n))
  })

  test('passes gradients where it keeps, with the same scale', () => {
    manualSeed(4)
    const x = ones([100], { requiresGrad: true })
    const y = new Dropout({ p: 0.25 }).forward(x)
    y.sum().backward()
    expect(x.grad!.toArray()).toEqual(y.toArray())
  })

  test('draws anew each time, and the same from the same seed', () => {
    const x = ones([64])
    const layer = new Dropout()
    manualSeed(5)
    const [first, second] = [layer.forward(x).toArray(), layer.forward(x).toArray()]
    expect(second).not.toEqual(first)
    manualSeed(5)
    expect(layer.forward(x).toArray()).toEqual(first)
    const own = new Dropout({ generator: new RandomGenerator(5) })
    manualSeed(6)
    expect(own.forward(x).toArray()).toEqual(first)
  })

  test('is the identity in evaluation', () => {
    const x = ones([3])
    const layer = new Dropout({ p: 1 }).eval()
    expect(layer.forward(x)).toBe(x)
    expect(layer.train().forward(x).toArray()).toEqual([0, 0, 0])
    expect(F.dropout(x, { training: false })).toBe(x)
    expect(new Dropout({ p: 0 }).forward(x)).toBe(x)
  })

  test('with p = 1 drops all, infinities too, and with p = 0 nothing', () => {
    const x = tensor([1, Infinity, -2], { requiresGrad: true })
    const y = F.dropout(x, { p: 1 })
    y.sum().backward()
    expect(y.toArray()).toEqual([0, 0, 0])
    expect(x.grad!.toArray()).toEqual([0, 0, 0])
    expect(F.dropout(x, { p: 0 }).toArray()).toEqual([1, Infinity, -2])
  })

  test.each([-0.1, 1.1, NaN, '0.5' as never])('refuses p = %s', (p) => {
    expect(() => new Dropout({ p })).toThrow(ValueError)
    expect(() => F.dropout(zeros([1]), { p })).toThrow(ValueError)
    expect(() => F.dropout(zeros([1]), { p, training: false })).toThrow(ValueError)
  })

  test('refuses a number in place of options, and integer tensors', () => {
    expect(() => new Dropout(0.3 as never)).toThrow(/\{ p: 0\.3 \}/)
    expect(() => F.dropout(zeros([1], { dtype: 'int32' }))).toThrow(DTypeError)
  })
})

describe('Flatten and Identity', () => {
  test('Flatten joins all dims but the first, or those that are named', () => {
    const x = zeros([2, 3, 4, 5])
    expect(new Flatten().forward(x).shape).toEqual([2, 60])
    expect(new Flatten({ startDim: 0, endDim: 1 }).forward(x).shape).toEqual([6, 4, 5])
    expect(String(new Flatten())).toBe('Flatten(startDim=1, endDim=-1)')
  })

  test('Identity gives back its input', () => {
    const x = zeros([2])
    expect(new Identity().forward(x)).toBe(x)
  })
})
