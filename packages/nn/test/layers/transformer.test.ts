import {
  DTypeError,
  manualSeed,
  ones,
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
import {
  Dense,
  Dropout,
  LayerNorm,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
} from '@gradtape/nn'
import { beforeEach, describe, expect, test } from 'vitest'

beforeEach(() => void manualSeed(6))

const float64 = { dtype: 'float64' } as const
const small = { dimFeedforward: 6, dropout: 0, ...float64 } as const
const farthest = (a: Tensor, b: Tensor): number => a.sub(b).abs().amax().item()
const following = (n: number): Tensor => ones([n, n], { dtype: 'bool' }).triu(1)

const layers = { TransformerEncoderLayer, TransformerDecoderLayer }

describe.each(Object.entries(layers))('%s', (name, Layer) => {
  const run = (layer: InstanceType<typeof Layer>, x: Tensor): Tensor =>
    layer instanceof TransformerDecoderLayer ? layer.forward(x, x) : layer.forward(x)

  test('without biases it is what biases of 0 make of it, gradients included', () => {
    const [without, biased] = [new Layer(8, 2, { ...small, bias: false }), new Layer(8, 2, small)]
    for (const [key, bias] of biased.namedParameters())
      if (key.includes('bias')) bias.detach().zero_()
    biased.loadStateDict(without.stateDict(), { strict: false })
    const x = randn([3, 2, 8], float64)
    const [input, other] = [x.clone().requiresGrad_(), x.clone().requiresGrad_()]
    const ct = randn([3, 2, 8], float64)
    const [out, expected] = [run(without, input), run(biased, other)]
    out.backward(ct)
    expected.backward(ct)
    expect(farthest(out, expected)).toBeLessThan(1e-12)
    expect(farthest(input.grad!, other.grad!)).toBeLessThan(1e-12)
    const grads = new Map(biased.namedParameters())
    for (const [key, parameter] of without.namedParameters()) {
      expect(farthest(parameter.grad!, grads.get(key)!.grad!)).toBeLessThan(1e-12)
    }
  })

  test('its defaults and options are those of PyTorch', () => {
    const layer = new Layer(8, 2)
    expect([layer.linear1.outFeatures, layer.dropout.p, layer.norm1.eps]).toEqual([2048, 0.1, 1e-5])
    expect([layer.selfAttn.dropout, layer.dropout2.p, layer.normFirst]).toEqual([0.1, 0.1, false])
    const other = new Layer(8, 2, { ...small, layerNormEps: 0.5, batchFirst: true, bias: false })
    expect([other.linear1.outFeatures, other.norm2.eps]).toEqual([6, 0.5])
    expect(other.selfAttn.batchFirst).toBe(true)
    expect(other.parameters().every(({ dtype }) => dtype === 'float64')).toBe(true)
    expect(other.namedParameters().filter(([key]) => key.includes('bias'))).toEqual([])
    const own = { ...small, generator: new RandomGenerator(6) }
    manualSeed(6)
    const [one, two] = [new Layer(8, 2, small), new Layer(8, 2, own)]
    expect(two.linear2.weight.toArray()).toEqual(one.linear2.weight.toArray())
  })

  test("an activation of one's own", () => {
    const [relu, own] = [new Layer(4, 2, small), new Layer(4, 2, { ...small, activation })]
    own.loadStateDict(relu.stateDict())
    const x = randn([3, 2, 4], float64)
    expect(run(own, x).toArray()).toEqual(run(relu, x).toArray())
    function activation(y: Tensor): Tensor {
      return y.clamp({ min: 0 })
    }
  })

  test('vmap of it is the loop over examples', () => {
    const layer = new Layer(4, 2, small)
    const x: Tensor = randn([3, 5, 4], float64)
    const looped = stack([0, 1, 2].map((i) => run(layer, x.at(i))))
    expect(farthest(vmap((one: Tensor) => run(layer, one))(x), looped)).toBeLessThan(1e-14)
  })

  test('drops in training only', () => {
    const layer = new Layer(8, 2, { dropout: 0.5 })
    const x = randn([3, 2, 8])
    expect(run(layer, x).toArray()).not.toEqual(run(layer, x).toArray())
    layer.eval()
    expect(run(layer, x).toArray()).toEqual(run(layer, x).toArray())
    const calm = new Layer(8, 2, { dropout: 0 })
    calm.loadStateDict(layer.stateDict())
    expect(run(calm, x).toArray()).toEqual(run(layer, x).toArray())
    // With all blocks gone what passes beside them is left.
    const none = new Layer(8, 2, { dropout: 1, normFirst: true })
    expect(run(none, x).toArray()).toEqual(x.toArray())
  })

  test('copies start where it stands, and go their own way', () => {
    const layer = new Layer(4, 2, { ...small, normFirst: true }).eval()
    const copy = layer.copy()
    const x = randn([3, 2, 4], float64)
    expect(run(copy as typeof layer, x).toArray()).toEqual(run(layer, x).toArray())
    expect([copy.training, copy.normFirst]).toEqual([false, true])
    layer.linear1.bias!.detach().add_(1)
    expect(copy.linear1.bias!.toArray()).not.toEqual(layer.linear1.bias!.toArray())
    expect(new Layer(4, 2, { dimFeedforward: 3 }).to('float64').copy().norm1.weight!.dtype).toBe(
      'float64',
    )
  })

  test('refuses sizes and options out of range', () => {
    expect(() => new Layer(6, 4)).toThrow(`${name}: dModel 6 must be a multiple of nhead 4`)
    for (const size of [0, 1.5, NaN]) {
      expect(() => new Layer(size, 1)).toThrow(`${name}: dModel must`)
      expect(() => new Layer(4, size)).toThrow(`${name}: nhead must`)
      expect(() => new Layer(4, 2, { dimFeedforward: size })).toThrow(ValueError)
    }
    expect(() => new Layer(4, 2, { dropout: -1 })).toThrow(`${name}: dropout must`)
    expect(() => new Layer(4, 2, { layerNormEps: -1 })).toThrow(/eps must/)
    expect(() => new Layer(4, 2, { activation: 'tanh' as never })).toThrow(/'relu', 'gelu'.*'tanh'/)
    for (const flag of ['normFirst', 'batchFirst', 'bias']) {
      expect(() => new Layer(4, 2, { [flag]: 1 })).toThrow(`${name}: ${flag} must be true or false`)
    }
    expect(() => new Layer(4, 2, { nhead: 2 } as never)).toThrow(/'nhead'/)
    expect(() => new Layer(4, 2, 2048 as never)).toThrow(/expected options/)
  })

  test('refuses sequences that do not fit', () => {
    const layer = new Layer(4, 2, { dimFeedforward: 6 })
    for (const shape of [[4], [3, 2, 5], [1, 3, 2, 4], []]) {
      expect(() => run(layer, zeros(shape))).toThrow(ShapeError)
      expect(() => run(layer, zeros(shape))).toThrow(/^Transformer.*\[time, 4\], got shape/)
    }
    expect(() => run(layer, zeros([3, 4], { dtype: 'int32' }))).toThrow(DTypeError)
  })
})

describe('TransformerEncoderLayer', () => {
  test('isCausal is a mask of what follows', () => {
    const layer = new TransformerEncoderLayer(4, 2, small)
    const x = randn([3, 2, 4], float64)
    const masked = layer.forward(x, { srcMask: following(3) })
    expect(farthest(layer.forward(x, { isCausal: true }), masked)).toBeLessThan(1e-15)
    const begin = layer.forward(x.narrow(0, 0, 2), { isCausal: true })
    expect(farthest(begin, masked.narrow(0, 0, 2))).toBeLessThan(1e-14)
    expect(() => layer.forward(x, { mask: following(3) } as never)).toThrow(/'mask'/)
    expect(() => layer.forward(x, { srcMask: following(2) })).toThrow(ShapeError)
    const srcKeyPaddingMask = zeros([3, 2], { dtype: 'bool' })
    expect(() => layer.forward(x, { srcKeyPaddingMask })).toThrow(/shape \[2, 3\], got \[3, 2\]/)
  })
})

describe('TransformerDecoderLayer', () => {
  test('tgtIsCausal and memoryIsCausal are masks of what follows', () => {
    const layer = new TransformerDecoderLayer(4, 2, small)
    const [x, memory] = [randn([3, 2, 4], float64), randn([3, 2, 4], float64)]
    for (const side of ['tgt', 'memory'] as const) {
      const masked = layer.forward(x, memory, { [`${side}Mask`]: following(3) })
      const causal = layer.forward(x, memory, { [`${side}IsCausal`]: true })
      expect(farthest(causal, masked)).toBeLessThan(1e-15)
      expect(farthest(causal, layer.forward(x, memory))).toBeGreaterThan(1e-3)
    }
    expect(() => layer.forward(x, memory, { srcMask: following(3) } as never)).toThrow(/'srcMask'/)
    expect(() => layer.forward(x, zeros([3, 4]))).toThrow(ShapeError)
    expect(() => layer.forward(x, zeros([3, 2, 5]))).toThrow(/TransformerDecoderLayer.*the memory/)
    expect(() => layer.forward(x, undefined as never)).toThrow(DTypeError)
  })
})

describe('stacks', () => {
  test('hold copies, under the names of PyTorch', () => {
    const layer = new TransformerEncoderLayer(4, 2, small)
    const encoder = new TransformerEncoder(layer, 2, { norm: new LayerNorm(4, float64) })
    const keys = Object.keys(encoder.stateDict())
    expect([keys[0], keys.at(-1)]).toEqual(['layers.0.self_attn.in_proj_weight', 'norm.bias'])
    expect(keys.length).toBe(2 * layer.parameters().length + 2)
    expect(encoder.modules()).not.toContain(layer)
    const x = randn([3, 2, 4], float64)
    const options = { isCausal: true }
    const by = encoder.norm!.forward(layer.forward(layer.forward(x, options), options)) as Tensor
    expect(encoder.forward(x, options).toArray()).toEqual(by.toArray())
    expect(
      encoder
        .forward(x, { mask: following(3) })
        .sub(by)
        .abs()
        .amax()
        .item(),
    ).toBeLessThan(1e-14)
  })

  test('of a decoder pass masks on to each layer', () => {
    const layer = new TransformerDecoderLayer(4, 2, small)
    const decoder = new TransformerDecoder(layer, 2)
    const [x, memory] = [randn([3, 2, 4], float64), randn([2, 2, 4], float64)]
    const options = { tgtIsCausal: true, memoryMask: tensor([[false, true], [true, false], [false, false]]) } // prettier-ignore
    const by = layer.forward(layer.forward(x, memory, options), memory, options)
    expect(decoder.forward(x, memory, options).toArray()).toEqual(by.toArray())
  })

  test('refuse what can not be stacked', () => {
    const layer = new TransformerEncoderLayer(4, 2, small)
    for (const count of [0, 1.5, NaN]) {
      expect(() => new TransformerEncoder(layer, count)).toThrow(/numLayers must/)
    }
    for (const other of [new Dense(4, 4), 'layer', null]) {
      expect(() => new TransformerEncoder(other as never, 2)).toThrow(
        /^TransformerEncoder: expected a TransformerEncoderLayer/,
      )
    }
    const wrong = { norm: 1e-5 } as never
    expect(() => new TransformerEncoder(layer, 2, wrong)).toThrow(/norm must be a module/)
    expect(() => new TransformerDecoder(layer as never, 2, { normFirst: true } as never)).toThrow(
      /'normFirst'/,
    )
    const encoder = new TransformerEncoder(layer, 1, { norm: new Dropout({ p: 0 }) })
    expect(() => encoder.forward(zeros([3, 4]), { srcMask: zeros([3, 3]) } as never)).toThrow(
      /^TransformerEncoder: there is no option 'srcMask'/,
    )
    const decoder = new TransformerDecoder(new TransformerDecoderLayer(4, 2, small), 1)
    expect(() => decoder.forward(zeros([3, 4]), zeros([3, 4]), { mask: 1 } as never)).toThrow(
      /'mask'/,
    )
  })
})
