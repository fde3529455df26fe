import {
  DTypeError,
  manualSeed,
  ones,
  randn,
  RandomGenerator,
  ShapeError,
  tensor,
  ValueError,
  zeros,
  type Tensor,
} from '@gradtape/core'
import { MultiheadAttention } from '@gradtape/nn'
import { beforeEach, describe, expect, test } from 'vitest'

beforeEach(() => void manualSeed(5))

const float64 = { dtype: 'float64' } as const
const farthest = (a: Tensor, b: Tensor): number => a.sub(b).abs().amax().item()

describe('MultiheadAttention', () => {
  test('its parameters have the names, shapes and starts of PyTorch', () => {
    const layer = new MultiheadAttention(64, 4)
    expect(layer.namedParameters().map(([key, { shape }]) => [key, shape])).toEqual([
      ['in_proj_weight', [192, 64]],
      ['in_proj_bias', [192]],
      ['out_proj.weight', [64, 64]],
      ['out_proj.bias', [64]],
    ])
    const bound = Math.sqrt(6 / (192 + 64))
    const largest = layer.inProjWeight!.abs().amax().item()
    expect(largest).toBeLessThanOrEqual(bound)
    expect(largest).toBeGreaterThan(0.98 * bound)
    expect(layer.inProjBias!.abs().sum().item()).toBe(0)
    expect(layer.outProj.bias!.abs().sum().item()).toBe(0)
    const apart = new MultiheadAttention(8, 2, { kdim: 3, vdim: 5, bias: false, ...float64 })
    expect(apart.namedParameters().map(([key, { shape }]) => [key, shape])).toEqual([
      ['q_proj_weight', [8, 8]],
      ['k_proj_weight', [8, 3]],
      ['v_proj_weight', [8, 5]],
      ['out_proj.weight', [8, 8]],
    ])
    expect(apart.outProj.weight.dtype).toBe('float64')
    const own = new MultiheadAttention(64, 4, { generator: new RandomGenerator(5) })
    expect(own.inProjWeight!.toArray()).toEqual(layer.inProjWeight!.toArray())
    expect(String(apart)).toMatch(/^MultiheadAttention\(\n {2}8, numHeads=2\n/)
  })

  test('what is one tensor or several of the same values gives the same', () => {
    const layer = new MultiheadAttention(6, 2, float64)
    const x = randn([5, 3, 6], float64)
    const [whole] = layer.forward(x, x, x)
    expect(farthest(layer.forward(x, x.clone(), x)[0], whole)).toBeLessThan(1e-15)
    const other = x.clone()
    expect(farthest(layer.forward(x, other, other)[0], whole)).toBeLessThan(1e-15)
  })

  test('isCausal is a mask of what follows, and goes with others', () => {
    const layer = new MultiheadAttention(6, 2, { batchFirst: true, ...float64 })
    const x = randn([2, 3, 6], float64)
    const attnMask = ones([3, 3], { dtype: 'bool' }).triu(1)
    const expected = layer.forward(x, x, x, { attnMask })
    const found = layer.forward(x, x, x, { isCausal: true })
    const both = layer.forward(x, x, x, { isCausal: true, attnMask })
    for (const [output, weights] of [found, both]) {
      expect(farthest(output, expected[0])).toBeLessThan(1e-15)
      expect(farthest(weights!, expected[1]!)).toBeLessThan(1e-15)
    }
    const keyPaddingMask = tensor([[false, true, false], [false, false, true]]) // prettier-ignore
    const [, weights] = layer.forward(x, x, x, { isCausal: true, keyPaddingMask })
    const seen = weights!.ne(0).to('int32').toArray()
    expect(seen).toEqual([[[1, 0, 0], [1, 0, 0], [1, 0, 1]], [[1, 0, 0], [1, 1, 0], [1, 1, 0]]]) // prettier-ignore
  })

  test('where all is padding heads give zeros, and no gradient is NaN', () => {
    const layer = new MultiheadAttention(4, 2, float64)
    const x = randn([3, 2, 4], { ...float64, requiresGrad: true })
    const keyPaddingMask = tensor([[true, true, true], [false, false, true]]) // prettier-ignore
    const [output, weights] = layer.forward(x, x, x, { keyPaddingMask })
    expect(output.at(0, 0).toArray()).toEqual(layer.outProj.bias!.toArray())
    expect(weights!.at(0).abs().sum().item()).toBe(0)
    output.sum().backward()
    const gradients = [x, ...layer.parameters()].flatMap(({ grad }) => [...grad!.data])
    expect(gradients.every(Number.isFinite)).toBe(true)
  })

  test('drops weights in training only', () => {
    const layer = new MultiheadAttention(4, 2, { dropout: 0.5 })
    const x = randn([40, 3, 4])
    const share = (): number => {
      const [, weights] = layer.forward(x, x, x, { averageAttnWeights: false })
      return weights!.data.filter((value) => value === 0).length / weights!.numel
    }
    expect(share()).toBeCloseTo(0.5, 1)
    layer.eval()
    expect(share()).toBe(0)
    const all = new MultiheadAttention(4, 2, { dropout: 1 })
    expect(all.forward(x, x, x)[1]!.abs().sum().item()).toBe(0)
  })

  test('weights are shown on demand', () => {
    const layer = new MultiheadAttention(4, 2)
    const [x, y] = [zeros([3, 5, 4]), zeros([2, 5, 4])]
    expect(layer.forward(x, y, y)[1]!.shape).toEqual([5, 3, 2])
    expect(layer.forward(x, y, y, { averageAttnWeights: false })[1]!.shape).toEqual([5, 2, 3, 2])
    expect(layer.forward(x, y, y, { needWeights: false })[1]).toBeNull()
  })

  test('refuses sizes and options out of range', () => {
    expect(() => new MultiheadAttention(6, 4)).toThrow(
      /embedDim 6 must be a multiple of numHeads 4/,
    )
    for (const size of [0, -2, 1.5, NaN]) {
      expect(() => new MultiheadAttention(size, 1)).toThrow(/embedDim must/)
      expect(() => new MultiheadAttention(4, size)).toThrow(/numHeads must/)
      expect(() => new MultiheadAttention(4, 2, { kdim: size })).toThrow(/kdim must/)
      expect(() => new MultiheadAttention(4, 2, { vdim: size })).toThrow(ValueError)
    }
    expect(() => new MultiheadAttention(4, 2, { dropout: 2 })).toThrow(/dropout must/)
    expect(() => new MultiheadAttention(4, 2, { heads: 2 } as never)).toThrow(/'heads'/)
    expect(() => new MultiheadAttention(4, 2, 0.1 as never)).toThrow(/expected options/)
    expect(() => new MultiheadAttention(4, 2, { bias: 0 as never })).toThrow(/bias must/)
    expect(() => new MultiheadAttention(4, 2, { batchFirst: 0 as never })).toThrow(/batchFirst/)
  })

  test('refuses inputs that do not fit, and names their shapes', () => {
    const layer = new MultiheadAttention(4, 2, { vdim: 3 })
    const good: [Tensor, Tensor, Tensor] = [zeros([3, 5, 4]), zeros([2, 5, 4]), zeros([2, 5, 3])]
    expect(layer.forward(...good)[0].shape).toEqual([3, 5, 4])
    const bad = [[3, 5, 3], [2, 5, 2], [3, 5, 4], [2, 4, 4], [2, 4], [4], [1, 2, 5, 4], []] // prettier-ignore
    for (const [i, name] of ['query', 'key', 'value'].entries()) {
      for (const shape of i === 0 ? bad.filter((one) => String(one) !== '3,5,4') : bad) {
        const given = good.with(i, zeros(shape)) as typeof good
        expect(() => layer.forward(...given)).toThrow(ShapeError)
        expect(() => layer.forward(...given)).toThrow(
          /query \[L, batch, 4\].*value \[S, batch, 3\]/,
        )
      }
      const integers = good.with(i, zeros([2, 5, 4], { dtype: 'int32' })) as typeof good
      expect(() => layer.forward(...integers)).toThrow(`as the ${name}`)
    }
    const first = new MultiheadAttention(4, 2, { batchFirst: true })
    const [x, y] = [zeros([5, 3, 4]), zeros([2, 3, 4])]
    expect(() => first.forward(x, y, y)).toThrow(/\[batch, L, 4\]/)
  })

  test('refuses masks that do not fit', () => {
    const layer = new MultiheadAttention(4, 2)
    const [x, y] = [zeros([3, 5, 4]), zeros([2, 5, 4])]
    for (const shape of [[2, 3], [3], [5, 3, 2], [1, 3, 2], [3, 1]]) {
      const call = (): unknown => layer.forward(x, y, y, { attnMask: zeros(shape) })
      expect(call).toThrow(ShapeError)
      expect(call).toThrow(/attnMask of shape \[3, 2\] or \[10, 3, 2\], got/)
    }
    for (const shape of [[2, 5], [2], [5, 3], [5, 1]]) {
      const call = (): unknown => layer.forward(x, y, y, { keyPaddingMask: zeros(shape) })
      expect(call).toThrow(/keyPaddingMask of shape \[5, 2\], got/)
    }
    const [one, other] = [zeros([3, 4]), zeros([2, 4])]
    const call = (): unknown => layer.forward(one, other, other, { keyPaddingMask: zeros([1, 2]) })
    expect(call).toThrow(/keyPaddingMask of shape \[2\], got \[1, 2\]/)
    const integers = zeros([3, 2], { dtype: 'int32' })
    expect(() => layer.forward(x, y, y, { attnMask: integers })).toThrow(DTypeError)
    expect(() => layer.forward(x, y, y, { keyPaddingMask: [true] as never })).toThrow(DTypeError)
    expect(() => layer.forward(x, y, y, { mask: zeros([3, 2]) } as never)).toThrow(/'mask'/)
    for (const name of ['needWeights', 'averageAttnWeights', 'isCausal']) {
      expect(() => layer.forward(x, y, y, { [name]: 1 })).toThrow(`${name} must be true or false`)
    }
  })
})
