import {
  DTypeError,
  manualSeed,
  RandomGenerator,
  randn,
  ShapeError,
  ValueError,
  zeros,
  type Tensor,
} from '@gradtape/core'
import { Conv1d, Conv2d, ConvTranspose2d, Parameter, type Module } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'

/** A tensor whose shape the compiler doesn't know. */
const some = (...shape: number[]): Tensor => zeros(shape)

/** What all of them have. */
type Starting = Pick<Conv2d<number, number>, 'weight' | 'bias' | 'parameters'>

describe('layers of convolutions', () => {
  test('their parameters are what sizes and options say', () => {
    const conv = new Conv2d(4, 6, [2, 3], { groups: 2 })
    expect(conv.weight.shape).toEqual([6, 2, 2, 3])
    expect(conv.bias!.shape).toEqual([6])
    expect(conv.parameters().every((p) => p instanceof Parameter)).toBe(true)
    expect(new Conv1d(4, 6, 3).weight.shape).toEqual([6, 4, 3])
    expect(new ConvTranspose2d(4, 6, [2, 3], { groups: 2 }).weight.shape).toEqual([4, 3, 2, 3])
    const bare = new Conv2d(4, 6, 2, { bias: false, dtype: 'float64' })
    expect(bare.bias).toBeNull()
    expect(bare.weight.dtype).toBe('float64')
    expect(Object.keys(bare.stateDict())).toEqual(['weight'])
    expect(Object.keys(conv.stateDict())).toEqual(['weight', 'bias'])
  })

  test.each([
    ['Conv1d', () => new Conv1d(40, 300, 10), 40 * 10],
    ['Conv1d in groups', () => new Conv1d(40, 300, 10, { groups: 4 }), 10 * 10],
    ['Conv2d', () => new Conv2d(4, 1000, [2, 5]), 4 * 10],
    ['ConvTranspose2d', () => new ConvTranspose2d(1000, 8, 5, { groups: 2 }), 4 * 25],
  ])('%s starts uniform in ±1/√fan', (_, make: () => Starting, fan) => {
    manualSeed(1)
    const layer = make()
    manualSeed(1)
    expect(make().weight.toTypedArray()).toEqual(layer.weight.toTypedArray())
    const bound = 1 / Math.sqrt(fan)
    for (const { data } of layer.parameters()) {
      const low = data.reduce((a, b) => Math.min(a, b))
      const high = data.reduce((a, b) => Math.max(a, b))
      expect(low).toBeGreaterThanOrEqual(-bound)
      expect(high).toBeLessThanOrEqual(bound)
    }
    expect(layer.weight.std().item() / bound).toBeCloseTo(1 / Math.sqrt(3), 2)
    expect(layer.weight.mean().item() / bound).toBeCloseTo(0, 1)
    expect(layer.bias!.std().item() / bound).toBeGreaterThan(0.4)
  })

  test('take a generator of their own', () => {
    const make = (): Tensor => new Conv2d(2, 3, 3, { generator: new RandomGenerator(7) }).weight
    expect(make().toArray()).toEqual(make().toArray())
  })

  test('print their sizes, and options that differ from the usual', () => {
    expect(String(new Conv2d(1, 2, 3))).toBe(
      'Conv2d(inChannels=1, outChannels=2, kernelSize=[3, 3], stride=[1, 1])',
    )
    const options = { padding: 1, dilation: 2, groups: 2, bias: false } as const
    expect(String(new Conv1d(2, 4, 3, { ...options, paddingMode: 'circular' }))).toBe(
      "Conv1d(inChannels=2, outChannels=4, kernelSize=[3], stride=[1], dilation=[2], groups=2, bias=false, padding=[1], paddingMode='circular')",
    )
    expect(String(new Conv1d(1, 1, 3, { padding: 'same' }))).toMatch(/padding='same'\)$/)
    expect(String(new ConvTranspose2d(1, 1, 3, { stride: 2, padding: 1, outputPadding: 1 }))).toBe(
      'ConvTranspose2d(inChannels=1, outChannels=1, kernelSize=[3, 3], stride=[2, 2], padding=[1, 1], outputPadding=[1, 1])',
    )
  })

  test('outputSize gives back each size that the stride joins', () => {
    const down = new Conv2d(1, 2, 3, { stride: 3, padding: 1 })
    const up = new ConvTranspose2d(2, 1, 3, { stride: 3, padding: 1 })
    for (const size of [7, 8, 9]) {
      const small = down.forward(randn([1, 1, size, size]))
      expect(small.shape).toEqual([1, 2, 3, 3])
      expect(up.forward(small, { outputSize: size }).shape).toEqual([1, 1, size, size])
    }
  })
})

describe('layers of convolutions refuse', () => {
  const sizes: [string, (size: number) => Module][] = [
    ['inChannels', (n) => new Conv2d(n, 2, 3)],
    ['outChannels', (n) => new Conv2d(2, n, 3)],
    ['kernelSize', (n) => new Conv1d(1, 1, n)],
    ['stride', (n) => new Conv1d(1, 1, 1, { stride: n })],
    ['dilation', (n) => new ConvTranspose2d(1, 1, 1, { dilation: n })],
    ['groups', (n) => new Conv1d(1, 1, 1, { groups: n })],
    ['kernelSize', (n) => new Conv2d(1, 1, [1, n])],
  ]
  test.each(sizes)('%s below 1 and fractions', (name, make) => {
    for (const size of [0, -1, 1.5, NaN, '2' as never]) {
      expect(() => make(size)).toThrow(ValueError)
      expect(() => make(size)).toThrow(new RegExp(`^Conv.*: ${name} must be an integer`))
    }
  })

  test('negative padding, and lists of another length', () => {
    expect(() => new Conv2d(1, 1, 3, { padding: -1 })).toThrow(/Conv2d: padding .* -1/)
    expect(() => new ConvTranspose2d(1, 1, 3, { padding: -1 })).toThrow(ValueError)
    expect(() => new Conv2d(1, 1, [1, 2, 3] as never)).toThrow(/kernelSize.* 2, .*\[1, 2, 3\]/)
    expect(() => new Conv1d(1, 1, [1, 2] as never)).toThrow(ValueError)
  })

  test('groups that do not divide the channels', () => {
    expect(() => new Conv2d(3, 4, 1, { groups: 2 })).toThrow(/Conv2d: 2 groups .* 3 .* 4/)
    expect(() => new Conv2d(4, 3, 1, { groups: 2 })).toThrow(ValueError)
    expect(() => new ConvTranspose2d(4, 3, 1, { groups: 2 })).toThrow(ValueError)
  })

  test('options that there are not, or that make no sense', () => {
    expect(() => new Conv2d(1, 1, 3, { strides: 2 } as never)).toThrow(
      /Conv2d: there is no option 'strides'; it takes stride,/,
    )
    expect(() => new ConvTranspose2d(1, 1, 3, { paddingMode: 'zeros' } as never)).toThrow(
      /ConvTranspose2d: there is no option 'paddingMode'/,
    )
    expect(() => new Conv2d(1, 1, 3, 2 as never)).toThrow(/Conv2d: expected options.* 2/)
    expect(() => new Conv2d(1, 1, 3, { padding: 'full' as never })).toThrow(/Conv2d: .*'full'/)
    expect(() => new Conv2d(1, 1, 3, { padding: 'same', stride: 2 })).toThrow(/'same'.*\[2, 2\]/)
    expect(() => new Conv2d(1, 1, 3, { paddingMode: 'mirror' as never })).toThrow(/'mirror'/)
    expect(() => new Conv2d(1, 1, 3, { bias: 0 as never })).toThrow(/Conv2d: bias.*true or false/)
    expect(() => new Conv2d(1, 1, 3, { dtype: 'int32' as never })).toThrow(/Conv2d: dtype/)
    expect(() => new ConvTranspose2d(1, 1, 3, { stride: 2, outputPadding: 2 })).toThrow(
      /ConvTranspose2d: outputPadding \[2, 2\] .* stride \[2, 2\]/,
    )
  })

  test('inputs of other channels or dims', () => {
    const conv = new Conv2d(3, 4, 3)
    expect(() => conv.forward(some(1, 2, 8, 8))).toThrow(ShapeError)
    expect(() => conv.forward(some(1, 2, 8, 8))).toThrow(/Conv2d\(3, 4\): .*C = 3.*\[1, 2, 8, 8\]/)
    expect(() => conv.forward(some(3, 3))).toThrow(ShapeError)
    expect(() => conv.forward(some(1, 1, 3, 8, 8))).toThrow(ShapeError)
    expect(() => new Conv1d(3, 4, 3).forward(some(1, 1, 3, 8))).toThrow(/Conv1d.*\[N, C, L\]/)
    const up = new ConvTranspose2d(3, 4, 3)
    expect(() => up.forward(some(1, 4, 8, 8))).toThrow(/ConvTranspose2d\(3, 4\)/)
    expect(() => conv.forward(some(3, 2, 2))).toThrow(/kernel of \[3, 3\] is larger/)
    expect(() => conv.forward([1] as never)).toThrow(DTypeError)
    expect(() => conv.forward(zeros([1, 3, 8, 8], { dtype: 'float64' }))).toThrow(DTypeError)
    expect(() => conv.forward(zeros([1, 3, 8, 8], { dtype: 'int32' }))).toThrow(DTypeError)
  })

  test('more padding than there is to mirror or to go around', () => {
    const conv = (paddingMode: 'reflect' | 'circular' | 'replicate', padding: number): Module =>
      new Conv1d(1, 1, 2, { paddingMode, padding })
    expect(() => conv('reflect', 3).forward(some(1, 3))).toThrow(
      /Conv1d.*'reflect'.* 4; .*\[1, 3\]/,
    )
    expect(conv('reflect', 2).forward(some(1, 3)).shape).toEqual([1, 6])
    expect(() => conv('circular', 4).forward(some(1, 3))).toThrow(ShapeError)
    expect(conv('circular', 3).forward(some(1, 3)).shape).toEqual([1, 8])
    expect(conv('replicate', 9).forward(some(1, 3)).shape).toEqual([1, 20])
  })

  test('an outputSize that the stride does not give', () => {
    const up = new ConvTranspose2d(1, 1, 3, { stride: 3, padding: 1 })
    const x = some(1, 1, 3, 3)
    expect(() => up.forward(x, { outputSize: 6 })).toThrow(ShapeError)
    expect(() => up.forward(x, { outputSize: [7, 10] })).toThrow(/\[7, 7\] to \[9, 9\].*\[7, 10\]/)
    expect(() => up.forward(x, { outputSizes: 7 } as never)).toThrow(/there is no option/)
  })
})
