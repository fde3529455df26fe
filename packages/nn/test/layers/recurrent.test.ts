import {
  DTypeError,
  grad,
  manualSeed,
  ones,
  randn,
  RandomGenerator,
  setNotices,
  ShapeError,
  stack,
  tensor,
  ValueError,
  vmap,
  zeros,
  type Tensor,
} from '@gradtape/core'
import { gradcheck } from '@gradtape/testing'
import { GRU, init, LSTM, RNN, type Recurrent } from '@gradtape/nn'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

beforeEach(() => void manualSeed(9))
afterEach(() => setNotices(true))

const float64 = { dtype: 'float64' } as const
const all = { RNN, GRU, LSTM }
const each = Object.entries(all)
const outputOf = (layer: Recurrent, x: Tensor, states?: unknown): Tensor =>
  layer.forward(x, states)[0]

describe.each(each)('%s', (name, Layer) => {
  test('its parameters have the names and shapes of PyTorch', () => {
    const gates = { RNN: 1, GRU: 3, LSTM: 4 }[name]!
    const layer = new Layer(2, 5, { numLayers: 2, bidirectional: true })
    const shapes = layer.namedParameters().map(([key, { shape }]) => [key, shape])
    const rows = gates * 5
    const expected = [0, 1].flatMap((l) =>
      ['', '_reverse'].flatMap((side) => [
        [`weight_ih_l${l}${side}`, [rows, l === 0 ? 2 : 10]],
        [`weight_hh_l${l}${side}`, [rows, 5]],
        [`bias_ih_l${l}${side}`, [rows]],
        [`bias_hh_l${l}${side}`, [rows]],
      ]),
    )
    expect(shapes).toEqual(expected)
    expect(layer.weightIhL1Reverse.shape).toEqual([rows, 10])
    const bare = new Layer(2, 5, { bias: false, ...float64 })
    expect(bare.namedParameters().map(([key]) => key)).toEqual(['weight_ih_l0', 'weight_hh_l0'])
    expect(bare.weightIhL0.dtype).toBe('float64')
    expect(bare.biasIhL0).toBeUndefined()
  })

  test('starts uniform in ±1/√hiddenSize, from the default generator or its own', () => {
    const layer = new Layer(30, 100)
    for (const { data } of layer.parameters()) {
      expect(Math.max(...data)).toBeLessThan(0.1)
      expect(Math.max(...data)).toBeGreaterThan(0.09)
      expect(Math.min(...data)).toBeLessThan(-0.09)
    }
    manualSeed(9)
    const own = new Layer(30, 100, { generator: new RandomGenerator(9) })
    expect(own.weightHhL0.toArray()).toEqual(layer.weightHhL0.toArray())
  })

  test('what it gives back is the same in pieces, one after the other', () => {
    const layer = new Layer(2, 3, { numLayers: 2, ...float64 })
    const x = randn([7, 2, 2], float64)
    const [whole, ends] = layer.forward(x)
    const [first, states] = layer.forward(x.narrow(0, 0, 3))
    const [second, last] = layer.forward(x.narrow(0, 3, 4), states as never)
    expect(first.toArray()).toEqual(whole.narrow(0, 0, 3).toArray())
    expect(second.toArray()).toEqual(whole.narrow(0, 3, 4).toArray())
    expect([last].flat().map(String)).toEqual([ends].flat().map(String))
  })

  test('batches are sequences side by side', () => {
    const layer = new Layer(2, 3, { bidirectional: true, batchFirst: true, ...float64 })
    const x: Tensor = randn([3, 5, 2], float64)
    const output = outputOf(layer, x)
    expect(output.shape).toEqual([3, 5, 6])
    for (let i = 0; i < 3; i++) {
      const alone = outputOf(layer, x.at(i))
      const distance = alone.sub(output.at(i) as Tensor).abs()
      expect(distance.amax().item()).toBeLessThan(1e-15)
    }
    expect(outputOf(layer, zeros([0, 5, 2])).shape).toEqual([0, 5, 6])
  })

  test('vmap of its gradient is the loop over examples', () => {
    const layer = new Layer(2, 3, { numLayers: 2, bidirectional: true, ...float64 })
    const x: Tensor = randn([3, 5, 2], float64)
    const slope = grad((one: Tensor): Tensor => outputOf(layer, one).square().sum())
    const looped = stack([0, 1, 2].map((i) => slope(x.at(i))))
    expect(vmap(slope)(x).sub(looped).abs().amax().item()).toBeLessThan(1e-14)
  })

  test('its gradients are those of differences', () => {
    const layer = new Layer(2, 2, float64)
    gradcheck(
      (x: Tensor) => outputOf(layer, x),
      [randn([6, 1, 2], { ...float64, requiresGrad: true })],
    )
  })

  test('drops between layers, in training only, and never behind the last', () => {
    const layer = new Layer(4, 64, { numLayers: 2, dropout: 0.5 })
    const x = ones([1, 50, 4])
    const calm = outputOf(layer.eval(), x)
    expect(outputOf(layer, x).toArray()).toEqual(calm.toArray())
    layer.train()
    const [one, other] = [outputOf(layer, x), outputOf(layer, x)]
    expect(one.toArray()).not.toEqual(other.toArray())
    // Examples that are alike are dropped apart.
    expect(one.at(0, 0).toArray()).not.toEqual(one.at(0, 1).toArray())
    expect(one.data.every((value) => value !== 0)).toBe(true)
    manualSeed(2)
    const first = outputOf(layer, x).toArray()
    manualSeed(2)
    expect(outputOf(layer, x).toArray()).toEqual(first)
    // All of the first layer's output gone, its size no longer matters.
    const none = new Layer(4, 6, { numLayers: 2, dropout: 1 })
    expect(outputOf(none, x).toArray()).toEqual(outputOf(none, x.mul(5)).toArray())
  })

  test('says so when a dropout has no effect', () => {
    const said: string[] = []
    setNotices((message) => void said.push(message))
    const two = new Layer(2, 3, { dropout: 0.1, numLayers: 2 })
    expect([two.dropout, said]).toEqual([0.1, []])
    const one = new Layer(2, 3, { dropout: 0.1 })
    expect(one.dropout).toBe(0.1)
    expect(said).toEqual([expect.stringContaining(`the dropout of ${name}`)])
  })

  test('prints its sizes and what is unusual of its options', () => {
    expect(String(new Layer(2, 3))).toBe(`${name}(2, 3)`)
    const layer = new Layer(2, 3, { numLayers: 2, bias: false, batchFirst: true, dropout: 0.5 })
    expect(String(layer)).toBe(
      `${name}(2, 3, numLayers=2, batchFirst=true, dropout=0.5, bias=false)`,
    )
  })

  test('refuses sizes and options out of range', () => {
    for (const size of [0, -1, 1.5, NaN, '2' as never]) {
      expect(() => new Layer(size, 3)).toThrow(`${name}: inputSize must`)
      expect(() => new Layer(2, size)).toThrow(ValueError)
      expect(() => new Layer(2, 3, { numLayers: size })).toThrow(`${name}: numLayers must`)
    }
    expect(() => new Layer(2, 3, 2 as never)).toThrow(/numLayers/)
    expect(() => new Layer(2, 3, { num_layers: 2 } as never)).toThrow(/'num_layers'.*numLayers/)
    expect(() => new Layer(2, 3, { batchFirst: 1 as never })).toThrow(/batchFirst/)
    for (const dropout of [-0.1, 1.1, NaN]) {
      expect(() => new Layer(2, 3, { dropout })).toThrow(`${name}: dropout must`)
    }
    expect(() => new Layer(2, 3, { dtype: 'int32' as never })).toThrow(DTypeError)
  })

  test('refuses inputs that do not fit, and names their shapes', () => {
    const layer = new Layer(2, 3, { numLayers: 2 })
    for (const shape of [[2], [5, 4, 3], [1, 5, 4, 2], [], [4, 3]]) {
      expect(() => layer.forward(zeros(shape))).toThrow(ShapeError)
      expect(() => layer.forward(zeros(shape))).toThrow(
        `${name}: expected an input [time, batch, 2], or [time, 2] of one sequence, got shape [${shape.join(', ')}]`,
      )
    }
    expect(() => layer.forward(zeros([0, 4, 2]))).toThrow(/at least one time.*\[0, 4, 2\]/)
    const first = new Layer(2, 3, { batchFirst: true })
    expect(() => first.forward(zeros([4, 0, 2]))).toThrow(/at least one time/)
    expect(() => first.forward(zeros([4, 2, 5]))).toThrow(/\[batch, time, 2\]/)
    expect(() => layer.forward(zeros([5, 4, 2], { dtype: 'int32' }))).toThrow(DTypeError)
    expect(() => layer.forward([[1, 2]] as never)).toThrow(DTypeError)
  })

  test('refuses states that do not fit', () => {
    const layer = new Layer(2, 3, { numLayers: 2 })
    const x = zeros([5, 4, 2])
    const given = (state: Tensor): unknown => (name === 'LSTM' ? [state, state] : state)
    for (const shape of [
      [1, 4, 3],
      [2, 5, 3],
      [2, 4, 2],
      [2, 3],
      [4, 3],
    ]) {
      const call = (): unknown => outputOf(layer, x, given(zeros(shape)))
      expect(call).toThrow(ShapeError)
      expect(call).toThrow(/initial hidden state of shape \[2, 4, 3\]/)
    }
    expect(() => outputOf(layer, zeros([5, 2]), given(zeros([2, 4, 3])))).toThrow(/shape \[2, 3\]/)
    expect(() => outputOf(layer, x, given(zeros([2, 4, 3], { dtype: 'int32' })))).toThrow(
      DTypeError,
    )
    const other = name === 'LSTM' ? zeros([2, 4, 3]) : [zeros([2, 4, 3])]
    expect(() => outputOf(layer, x, other)).toThrow(ValueError)
    expect(() => outputOf(layer, x, null)).toThrow(/got null/)
  })
})

test('a state dict of another nonlinearity computes another function', () => {
  const [tanh, relu] = [new RNN(1, 1), new RNN(1, 1, { nonlinearity: 'relu' })]
  for (const layer of [tanh, relu]) for (const p of layer.parameters()) init.ones_(p)
  const x = tensor([[2]])
  expect(relu.forward(x)[0].toArray()).toEqual([[4]])
  expect(tanh.forward(x)[0].item()).toBeCloseTo(Math.tanh(4), 6)
  expect(String(relu)).toBe('RNN(1, 1, nonlinearity=relu)')
  expect(() => new RNN(1, 1, { nonlinearity: 'sigmoid' as never })).toThrow(/'tanh' or 'relu'/)
})

test('an LSTM can project its output, to a smaller size', () => {
  const layer = new LSTM(2, 4, { projSize: 3, bidirectional: true })
  const [output, [h, c]] = layer.forward(zeros([5, 2, 2]))
  expect([output, h, c].map(({ shape }) => shape)).toEqual([[5, 2, 6], [2, 2, 3], [2, 2, 4]]) // prettier-ignore
  expect(layer.weightHrL0.shape).toEqual([3, 4])
  expect(String(layer)).toContain('projSize=3')
  for (const projSize of [4, 5, -1, 1.5, NaN]) {
    expect(() => new LSTM(2, 4, { projSize })).toThrow(/projSize/)
  }
  const short = [zeros([2, 2, 4]), zeros([2, 2, 4])] as const
  expect(() => layer.forward(zeros([5, 2, 2]), short)).toThrow(/hidden state of shape \[2, 2, 3\]/)
  const cells = [zeros([2, 2, 3]), zeros([2, 2, 3])] as const
  expect(() => layer.forward(zeros([5, 2, 2]), cells)).toThrow(/cell state of shape \[2, 2, 4\]/)
})
