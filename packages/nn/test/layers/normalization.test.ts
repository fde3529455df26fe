import {
  DTypeError,
  manualSeed,
  noGrad,
  ones,
  randn,
  ShapeError,
  ValueError,
  zeros,
  type Tensor,
} from '@gradtape/core'
import { BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'

/** A tensor whose shape the compiler doesn't know. */
const some = (...shape: number[]): Tensor => zeros(shape)

describe('batch norm', () => {
  test('its state is what the options say', () => {
    const norm = new BatchNorm2d(3)
    expect(Object.keys(norm.stateDict())).toEqual([
      'weight',
      'bias',
      'running_mean',
      'running_var',
      'num_batches_tracked',
    ])
    expect(norm.weight!.toArray()).toEqual([1, 1, 1])
    expect(norm.bias!.toArray()).toEqual([0, 0, 0])
    expect(norm.runningMean!.toArray()).toEqual([0, 0, 0])
    expect(norm.runningVar!.toArray()).toEqual([1, 1, 1])
    expect([norm.numBatchesTracked!.dtype, norm.numBatchesTracked!.item()]).toEqual(['int64', 0])
    expect(norm.parameters().length).toBe(2)
    const bare = new BatchNorm1d(3, { affine: false, trackRunningStats: false })
    expect(Object.keys(bare.stateDict())).toEqual([])
    expect([bare.weight, bare.bias, bare.runningMean, bare.runningVar]).toEqual([
      null,
      null,
      null,
      null,
    ])
    const double = new BatchNorm1d(2, { dtype: 'float64' })
    const dtypes = Object.values(double.stateDict()).map(({ dtype }) => dtype)
    expect(dtypes).toEqual(['float64', 'float64', 'float64', 'float64', 'int64'])
    expect(String(norm)).toBe(
      'BatchNorm2d(3, eps=0.00001, momentum=0.1, affine=true, trackRunningStats=true)',
    )
  })

  test('in training normalises each channel and follows the statistics, off the tape', () => {
    manualSeed(1)
    const norm = new BatchNorm1d(2, { dtype: 'float64', momentum: 0.5 })
    const x = randn([50, 2], { dtype: 'float64' }).mul(3).add(7)
    const input = x.clone().requiresGrad_()
    const y = norm.forward(input)
    expect(y.mean(0).abs().max().item()).toBeLessThan(1e-12)
    expect(y.var(0, { correction: 0 }).at(0).item()).toBeCloseTo(1, 5)
    for (const buffer of norm.buffers()) expect(buffer.requiresGrad).toBe(false)
    for (const c of [0, 1]) {
      const values = x.at('...', c) as Tensor
      expect(norm.runningMean!.at(c).item()).toBeCloseTo(values.mean().item() / 2, 12)
      expect(norm.runningVar!.at(c).item()).toBeCloseTo((1 + values.var().item()) / 2, 12)
    }
    expect(norm.numBatchesTracked!.item()).toBe(1)
    y.square().sum().backward()
    expect(input.grad!.shape).toEqual([50, 2])
  })

  test('in evaluation takes the running statistics and leaves them', () => {
    const norm = new BatchNorm2d(2, { dtype: 'float64' })
    norm.forward(randn([4, 2, 3, 3], { dtype: 'float64' }))
    const before = norm.buffers().map((buffer) => buffer.toArray())
    const x = randn([1, 2, 1, 1], { dtype: 'float64' })
    const y = norm.eval().forward(x)
    expect(norm.buffers().map((buffer) => buffer.toArray())).toEqual(before)
    const { runningMean, runningVar } = norm
    const expected = x.flatten().sub(runningMean!).div(runningVar!.add(1e-5).sqrt())
    expect(y.flatten().sub(expected).abs().max().item()).toBeLessThan(1e-14)
    // What one example is given does not depend on the others.
    const two = norm.forward(randn([2, 2, 3, 3], { dtype: 'float64' }).mul(0).add(x))
    expect(two.at(1, 0, 2, 2).item()).toBe(y.at(0, 0, 0, 0).item())
    norm.train().forward(ones([2, 2, 1, 1], { dtype: 'float64' }))
    expect(norm.numBatchesTracked!.item()).toBe(2)
  })

  test('with momentum null the running mean is the average of all batches', () => {
    const norm = new BatchNorm1d(1, { momentum: null, dtype: 'float64' })
    for (const level of [1, 5, 9]) {
      noGrad(() => norm.forward(randn([4, 1], { dtype: 'float64' }).mul(0).add(level)))
    }
    expect(norm.runningMean!.item()).toBeCloseTo(5, 14)
    expect(norm.runningVar!.item()).toBe(0)
    expect(norm.numBatchesTracked!.item()).toBe(3)
  })

  test('without running statistics takes those of the batch in evaluation, too', () => {
    const norm = new BatchNorm1d(3, { trackRunningStats: false })
    const x = randn([5, 3])
    const trained = norm.forward(x).toArray()
    expect(norm.eval().forward(x).toArray()).toEqual(trained)
  })

  test('to() converts all but the count', () => {
    const norm = new BatchNorm1d(3).to('float64')
    norm.forward(randn([5, 3], { dtype: 'float64' }))
    expect(norm.runningMean!.dtype).toBe('float64')
    expect([norm.numBatchesTracked!.dtype, norm.numBatchesTracked!.item()]).toEqual(['int64', 1])
  })

  test('a call that is refused leaves the state as it was', () => {
    const norm = new BatchNorm1d(2)
    expect(() => norm.forward(some(1, 2))).toThrow(ValueError)
    expect(() => norm.forward(zeros([3, 2], { dtype: 'float64' }))).toThrow(DTypeError)
    expect(norm.buffers().map((buffer) => buffer.toArray())).toEqual([[0, 0], [1, 1], 0])
  })

  test('refuses one value per channel in training, but not in evaluation', () => {
    for (const [norm, x] of [
      [new BatchNorm1d(2), some(1, 2)],
      [new BatchNorm1d(2), some(1, 2, 1)],
      [new BatchNorm2d(2), some(1, 2, 1, 1)],
      [new BatchNorm2d(2), some(0, 2, 4, 4)],
    ] as const) {
      expect(() => norm.forward(x)).toThrow(/batchNorm: .*more than one value.*\[\d, 2/)
      expect(norm.eval().forward(x).shape).toEqual(x.shape)
    }
  })

  test('refuses other channels and dims', () => {
    expect(() => new BatchNorm1d(2).forward(some(4, 3))).toThrow(ShapeError)
    expect(() => new BatchNorm1d(2).forward(some(4, 3))).toThrow(
      /BatchNorm1d\(2\): expected \[N, C\] or \[N, C, L\] with C = 2, got shape \[4, 3\]/,
    )
    expect(() => new BatchNorm1d(2).forward(some(4, 2, 3, 3))).toThrow(ShapeError)
    expect(() => new BatchNorm2d(2).forward(some(4, 2, 3))).toThrow(/BatchNorm2d.*\[N, C, H, W\]/)
    expect(() => new BatchNorm1d(2).forward([1, 2] as never)).toThrow(DTypeError)
    expect(() => new BatchNorm1d(2).forward(zeros([3, 2], { dtype: 'int32' }))).toThrow(DTypeError)
  })

  test('refuses bad sizes and options', () => {
    for (const size of [0, -1, 1.5, '3' as never]) {
      expect(() => new BatchNorm2d(size)).toThrow(/BatchNorm2d: numFeatures/)
    }
    expect(() => new BatchNorm1d(2, { eps: -1 })).toThrow(/BatchNorm1d: eps/)
    expect(() => new BatchNorm1d(2, { momentum: 1.5 })).toThrow(/BatchNorm1d: momentum/)
    expect(() => new BatchNorm1d(2, { momentum: NaN })).toThrow(ValueError)
    expect(() => new BatchNorm1d(2, { affine: 1 as never })).toThrow(/affine.*true or false/)
    expect(() => new BatchNorm1d(2, { trackRunningStats: null as never })).toThrow(ValueError)
    expect(() => new BatchNorm1d(2, { epsilon: 1 } as never)).toThrow(/no option 'epsilon'/)
    expect(() => new BatchNorm1d(2, { dtype: 'int32' as never })).toThrow(DTypeError)
    expect(() => new BatchNorm1d(2, { dtype: 'float16' as never })).toThrow(/BatchNorm1d: dtype/)
  })
})

describe('layer norm', () => {
  test('its parameters are what the options say', () => {
    const norm = new LayerNorm([2, 3])
    expect(Object.keys(norm.stateDict())).toEqual(['weight', 'bias'])
    expect(norm.weight!.toArray()).toEqual([[1, 1, 1], [1, 1, 1]]) // prettier-ignore
    expect(norm.bias!.toArray()).toEqual([[0, 0, 0], [0, 0, 0]]) // prettier-ignore
    expect(new LayerNorm(3).normalizedShape).toEqual([3])
    expect(Object.keys(new LayerNorm(3, { bias: false }).stateDict())).toEqual(['weight'])
    expect(new LayerNorm(3, { elementwiseAffine: false }).parameters()).toEqual([])
    expect(new LayerNorm(3, { dtype: 'float64' }).weight!.dtype).toBe('float64')
    expect(String(norm)).toBe('LayerNorm([2, 3], eps=0.00001, elementwiseAffine=true)')
  })

  test('refuses bad sizes, options and inputs', () => {
    for (const size of [0, -1, 1.5, [2, 0], '3' as never]) {
      expect(() => new LayerNorm(size)).toThrow(/LayerNorm: each size/)
    }
    expect(() => new LayerNorm([])).toThrow(/LayerNorm: .*empty/)
    expect(() => new LayerNorm(2, { eps: -1 })).toThrow(/LayerNorm: eps/)
    expect(() => new LayerNorm(2, { affine: false } as never)).toThrow(
      /LayerNorm: there is no option 'affine'; it takes eps, elementwiseAffine, bias, dtype/,
    )
    expect(() => new LayerNorm(2, { dtype: 'int32' as never })).toThrow(/LayerNorm: dtype/)
    const norm = new LayerNorm([2, 3])
    expect(() => norm.forward(some(4, 3))).toThrow(ShapeError)
    expect(() => norm.forward(some(3))).toThrow(/LayerNorm: .*\[2, 3\].*\[3\]/)
    expect(() => norm.forward(zeros([2, 3], { dtype: 'float64' }))).toThrow(DTypeError)
    expect(() => norm.forward(1 as never)).toThrow(DTypeError)
  })
})

describe('group norm', () => {
  test('its parameters are what the options say', () => {
    const norm = new GroupNorm(2, 4)
    expect(Object.keys(norm.stateDict())).toEqual(['weight', 'bias'])
    expect(norm.weight!.toArray()).toEqual([1, 1, 1, 1])
    expect(norm.bias!.toArray()).toEqual([0, 0, 0, 0])
    expect(new GroupNorm(2, 4, { affine: false }).parameters()).toEqual([])
    expect(new GroupNorm(2, 4, { dtype: 'float64' }).bias!.dtype).toBe('float64')
    expect(String(norm)).toBe('GroupNorm(2, 4, eps=0.00001, affine=true)')
  })

  test('refuses bad sizes, options and inputs', () => {
    expect(() => new GroupNorm(3, 4)).toThrow(/GroupNorm: 3 groups don't divide 4 channels/)
    expect(() => new GroupNorm(0, 4)).toThrow(/GroupNorm: numGroups/)
    expect(() => new GroupNorm(1, -4)).toThrow(/GroupNorm: numChannels/)
    expect(() => new GroupNorm(1, 4, { eps: NaN })).toThrow(ValueError)
    expect(() => new GroupNorm(1, 4, { groups: 2 } as never)).toThrow(/no option 'groups'/)
    expect(() => new GroupNorm(2, 4, { dtype: 'int32' as never })).toThrow(/GroupNorm: dtype/)
    const norm = new GroupNorm(2, 4)
    expect(() => norm.forward(some(3, 6))).toThrow(ShapeError)
    expect(() => norm.forward(some(4))).toThrow(/GroupNorm\(2, 4\): .*C = 4, got shape \[4\]/)
    expect(() => norm.forward(zeros([2, 4], { dtype: 'float64' }))).toThrow(DTypeError)
    expect(() => norm.forward(zeros([2, 4], { dtype: 'bool' }))).toThrow(DTypeError)
  })
})
