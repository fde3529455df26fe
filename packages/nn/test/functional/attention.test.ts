import {
  DTypeError,
  manualSeed,
  randn,
  RandomGenerator,
  ShapeError,
  stack,
  tensor,
  ValueError,
  vmap,
  zeros,
  type Tensor,
} from '@gradtape/core'
import { functional as F } from '@gradtape/nn'
import { beforeEach, describe, expect, test } from 'vitest'

beforeEach(() => void manualSeed(4))

const float64 = { dtype: 'float64' } as const
const attention = F.scaledDotProductAttention
const q = (): Tensor => randn([2, 3, 4], float64)
const k = (): Tensor => randn([2, 5, 4], float64)
const v = (): Tensor => randn([2, 5, 6], float64)

describe('scaledDotProductAttention', () => {
  test('a query that sees no key gets zeros, and gives no NaN to any gradient', () => {
    const mask = tensor([[true, false], [false, false]]) // prettier-ignore
    const added = tensor([[0, -Infinity], [-Infinity, -Infinity]]) // prettier-ignore
    for (const one of [mask, added]) {
      const x = randn([2, 3], { ...float64, requiresGrad: true })
      const out = attention(x, x, x, { mask: one })
      expect(out.at(1).toArray()).toEqual([0, 0, 0])
      expect(out.at(0).toArray()).toEqual(x.at(0).toArray())
      out.sum().backward()
      expect(x.grad!.toArray()).toEqual([[1, 1, 1], [0, 0, 0]]) // prettier-ignore
    }
    const [a, b] = [q(), v()]
    expect(
      attention(a, k(), b, { mask: tensor(false) })
        .abs()
        .sum()
        .item(),
    ).toBe(0)
    const keys = k()
    const seen = attention(a, keys, b, { mask: tensor(true) })
    expect(seen.toArray()).toEqual(attention(a, keys, b).toArray())
  })

  test('isCausal is the mask of a lower triangle, counted from the first key', () => {
    const [a, b, c] = [q(), k(), v()]
    const mask = tensor(Array.from({ length: 3 }, (_, i) => [0, 1, 2, 3, 4].map((j) => j <= i)))
    const expected = attention(a, b, c, { mask })
    const out = attention(a, b, c, { isCausal: true })
    expect(out.sub(expected).abs().amax().item()).toBeLessThan(1e-15)
    expect(out.at(0, 0).toArray()).toEqual(c.at(0, 0).toArray())
  })

  test('drops weights, and scales the others', () => {
    // Weights are 1/400 each, and the values 1.
    const [a, b, c] = [zeros([100, 2]), zeros([400, 2]), zeros([400, 1]).add(1)]
    const out = attention(a, b, c, { dropout: 0.25 })
    expect(out.mean().item()).toBeCloseTo(1, 1.5)
    // A share of 400 kept with 3/4: a deviation of √(1/3 / 400).
    expect(out.std().item()).toBeGreaterThan(0.02)
    expect(out.std().item()).toBeLessThan(0.04)
    expect(attention(a, b, c, { dropout: 1 }).abs().sum().item()).toBe(0)
    expect(attention(a, b, c, { dropout: 0 }).toArray()).toEqual(attention(a, b, c).toArray())
    const draw = (): unknown =>
      attention(a, b, c, { dropout: 0.5, generator: new RandomGenerator(1) }).toArray()
    expect(draw()).toEqual(draw())
  })

  test('vmap of it is the loop', () => {
    const [a, b, c] = [q(), k(), v()]
    const one = (x: Tensor, y: Tensor, z: Tensor): Tensor => attention(x, y, z, { isCausal: true })
    const looped = stack([0, 1].map((i) => one(a.at(i), b.at(i), c.at(i))))
    expect(vmap(one)(a, b, c).sub(looped).abs().amax().item()).toBeLessThan(1e-15)
  })

  test('refuses shapes that do not fit, and names them', () => {
    const cases: [Tensor, Tensor, Tensor][] = [
      [zeros([4]), zeros([5, 4]), zeros([5, 6])],
      [zeros([3, 4]), zeros([5, 3]), zeros([5, 6])],
      [zeros([3, 4]), zeros([5, 4]), zeros([4, 6])],
      [zeros([2, 3, 4]), zeros([3, 5, 4]), zeros([3, 5, 6])],
      [zeros([2, 3, 4]), zeros([2, 5, 4]), zeros([3, 5, 6])],
    ]
    for (const [a, b, c] of cases) {
      expect(() => attention(a, b, c)).toThrow(ShapeError)
      const shapes = [a, b, c].map(({ shape }) => `[${shape.join(', ')}]`)
      expect(() => attention(a, b, c)).toThrow(`got ${shapes[0]}, ${shapes[1]} and ${shapes[2]}`)
    }
    const integers = zeros([2, 5, 4], { dtype: 'int32' })
    expect(() => attention(q(), integers, v())).toThrow(/^scaledDot.* as the key/)
    expect(() => attention(q(), k(), [[1]] as never)).toThrow(DTypeError)
  })

  test('refuses masks that do not fit', () => {
    for (const shape of [[5, 3], [3, 4], [3, 3, 5], [1, 2, 3, 5], [2]]) {
      const call = (): unknown => attention(q(), k(), v(), { mask: zeros(shape) })
      expect(call).toThrow(ShapeError)
      expect(call).toThrow(`mask of shape [${shape.join(', ')}] does not`)
      expect(call).toThrow('[2, 3, 5]')
    }
    const mask = zeros([3, 5], { dtype: 'int32' })
    expect(() => attention(q(), k(), v(), { mask })).toThrow(DTypeError)
    expect(() => attention(q(), k(), v(), { mask })).toThrow(/int32.*\.to\('bool'\)/)
    expect(() => attention(q(), k(), v(), { mask: [true] as never })).toThrow(DTypeError)
    const good = zeros([3, 5])
    expect(() => attention(q(), k(), v(), { mask: good, isCausal: true })).toThrow(/isCausal/)
  })

  test('refuses options out of range', () => {
    for (const dropout of [-0.1, 1.5, NaN]) {
      expect(() => attention(q(), k(), v(), { dropout })).toThrow(/dropout must/)
    }
    expect(() => attention(q(), k(), v(), { scale: NaN })).toThrow(ValueError)
    expect(() => attention(q(), k(), v(), { isCausal: 1 as never })).toThrow(/isCausal must/)
    expect(() => attention(q(), k(), v(), { attnMask: zeros([1]) } as never)).toThrow(/'attnMask'/)
  })
})
