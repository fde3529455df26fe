import { afterEach, describe, expect, it } from 'vitest'
import {
  arange,
  empty,
  emptyLike,
  eye,
  full,
  fullLike,
  getDefaultDtype,
  linspace,
  manualSeed,
  ones,
  onesLike,
  rand,
  randint,
  randn,
  RandomGenerator,
  randperm,
  setDefaultDtype,
  tensor,
  zeros,
  zerosLike,
  type NestedArray,
  type Tensor,
} from '../src/index.ts'

function described(x: Tensor): { dtype: string; shape: number[]; values: NestedArray } {
  return { dtype: x.dtype, shape: [...x.shape], values: x.toArray() }
}

describe('tensor', () => {
  it.each([
    ['a number', 3, [], 3],
    ['a flat array', [1, 2, 3], [3], [1, 2, 3]],
    ['nested arrays', [[1, 2, 3], [4, 5, 6]], [2, 3], [[1, 2, 3], [4, 5, 6]]], // prettier-ignore
    ['three levels', [[[1], [2]]], [1, 2, 1], [[[1], [2]]]],
    ['nothing', [], [0], []],
    ['empty rows', [[], []], [2, 0], [[], []]],
    ['numbers and booleans', [true, 2], [2], [1, 2]],
  ])('takes %s as float32', (_, data, shape, values) => {
    expect(described(tensor(data))).toEqual({ dtype: 'float32', shape, values })
  })

  it('makes bools of booleans alone', () => {
    const expected = { dtype: 'bool', shape: [2], values: [true, false] }
    expect(described(tensor([true, false]))).toEqual(expected)
    expect(tensor(true).dtype).toBe('bool')
    expect(described(tensor([3, 0, NaN], { dtype: 'bool' })).values).toEqual([true, false, true])
  })

  it('keeps the dtype of a typed array, and copies it', () => {
    const numbers = new Float64Array([1, 2])
    const x = tensor(numbers)
    numbers[0] = 9
    expect(described(x)).toEqual({ dtype: 'float64', shape: [2], values: [1, 2] })
    expect(tensor(new Float32Array(1)).dtype).toBe('float32')
    expect(tensor(new Int32Array(1)).dtype).toBe('int32')
    expect(described(tensor(new Uint8Array([7]), { dtype: 'int32' })).values).toEqual([7])
    expect(described(tensor(new Float64Array([0.5, 0]), { dtype: 'bool' })).values).toEqual([
      true,
      false,
    ])
  })

  it('arranges flat data in a shape, and does not hold on to the array that says it', () => {
    const shape = [2, 2]
    const x = tensor([1, 2, 3, 4], { shape })
    shape[0] = 7
    expect(x.toArray()).toEqual([[1, 2], [3, 4]]) // prettier-ignore
    expect(tensor(new Float32Array(6), { shape: [3, 2] }).shape).toEqual([3, 2])
    expect(tensor([5], { shape: [] }).item()).toBe(5)
  })

  it('rounds to the dtype', () => {
    expect(tensor(0.1).item()).toBe(Math.fround(0.1))
    expect(tensor(0.1, { dtype: 'float64' }).item()).toBe(0.1)
  })

  it('is a leaf with or without gradient', () => {
    expect(tensor([1]).requiresGrad).toBe(false)
    expect(tensor([1], { requiresGrad: true })).toMatchObject({ requiresGrad: true, isLeaf: true })
  })
})

describe('filled tensors', () => {
  const like = tensor([[1, 2]], { dtype: 'int32' })

  it.each([
    ['zeros', zeros([2]), 'float32', [0, 0]],
    ['zeros, 0-d', zeros([]), 'float32', 0],
    ['zeros, empty', zeros([2, 0]), 'float32', [[], []]],
    ['ones', ones([1, 2], { dtype: 'float64' }), 'float64', [[1, 1]]],
    ['ones, bool', ones([1], { dtype: 'bool' }), 'bool', [true]],
    ['full', full([2], 2.5), 'float32', [2.5, 2.5]],
    ['full, int32', full([2], -7, { dtype: 'int32' }), 'int32', [-7, -7]],
    ['full, a boolean', full([2], true), 'bool', [true, true]],
    ['full, a boolean as int32', full([1], true, { dtype: 'int32' }), 'int32', [1]],
    ['full, bool', full([1], 2, { dtype: 'bool' }), 'bool', [true]],
    ['empty', empty([1]), 'float32', [0]],
    ['zerosLike', zerosLike(like), 'int32', [[0, 0]]],
    ['onesLike, in another dtype', onesLike(like, { dtype: 'float64' }), 'float64', [[1, 1]]],
    ['emptyLike', emptyLike(like), 'int32', [[0, 0]]],
    ['fullLike', fullLike(like, 4), 'int32', [[4, 4]]],
    ['eye', eye(2), 'float32', [[1, 0], [0, 1]]], // prettier-ignore
    ['eye, wide', eye(2, 3), 'float32', [[1, 0, 0], [0, 1, 0]]], // prettier-ignore
    ['eye, tall', eye(3, 1, { dtype: 'int32' }), 'int32', [[1], [0], [0]]],
    ['eye, with options', eye(1, { dtype: 'float64' }), 'float64', [[1]]],
  ])('%s', (_, x, dtype, values) => {
    expect([x.dtype, x.toArray()]).toEqual([dtype, values])
  })

  it('require gradients when asked', () => {
    for (const make of [zeros, ones, empty, rand, randn]) {
      expect(make([2], { requiresGrad: true }).requiresGrad).toBe(true)
      expect(make([2]).requiresGrad).toBe(false)
    }
    expect(onesLike(zeros([2], { requiresGrad: true })).requiresGrad).toBe(false)
    expect(eye(2, { requiresGrad: true }).requiresGrad).toBe(true)
    expect(arange(2, { requiresGrad: true }).requiresGrad).toBe(true)
    expect(linspace(0, 1, 2, { requiresGrad: true }).requiresGrad).toBe(true)
  })

  it('does not hold on to the array that says the shape', () => {
    const shape = [2, 3]
    const made = [zeros(shape), rand(shape), zeros([6]).reshape(shape), zeros([6]).view(shape)]
    shape[0] = 9
    for (const x of made) expect(x.shape).toEqual([2, 3])
  })
})

describe('ranges', () => {
  it.each([
    ['arange(3)', arange(3), [0, 1, 2]],
    ['arange(1, 3)', arange(1, 3), [1, 2]],
    ['arange(1, 2, 0.25)', arange(1, 2, 0.25), [1, 1.25, 1.5, 1.75]],
    ['arange(3, 0, -1)', arange(3, 0, -1), [3, 2, 1]],
    ['arange(0)', arange(0), []],
    ['linspace', linspace(0, 1, 5), [0, 0.25, 0.5, 0.75, 1]],
    ['linspace, one step', linspace(3, 4, 1), [3]],
    ['linspace, no step', linspace(3, 4, 0), []],
    ['linspace, falling', linspace(1, -1, 3), [1, 0, -1]],
  ])('%s', (_, x, values) => {
    expect([x.dtype, x.toArray()]).toEqual(['float32', values])
  })

  it('take a dtype', () => {
    expect(arange(2, { dtype: 'int32' }).dtype).toBe('int32')
    expect(linspace(0, 1, 2, { dtype: 'float64' }).dtype).toBe('float64')
  })

  it('meets both ends exactly', () => {
    const x = linspace(0, 1, 50, { dtype: 'float64' })
    expect([x.data[0], x.data[49]]).toEqual([0, 1])
  })
})

describe('random tensors', () => {
  it('come from the generator given, else from the default one', () => {
    const generator = (): RandomGenerator => new RandomGenerator(5)
    expect(rand([3], { generator: generator() }).toArray()).toEqual(
      rand([3], { generator: generator() }).toArray(),
    )
    manualSeed(1)
    const first = [randn([2]), randint(0, 9, [4]), randperm(5)].map((x) => x.toArray())
    manualSeed(1)
    expect([randn([2]), randint(0, 9, [4]), randperm(5)].map((x) => x.toArray())).toEqual(first)
  })

  it('permutations hold each number once', () => {
    for (const n of [0, 1, 2, 9]) {
      const numbers = Array.from({ length: n }, (_, i) => i)
      expect([...randperm(n).data].toSorted()).toEqual(numbers)
    }
  })

  it('have the dtypes promised', () => {
    const dtypes = [rand([1]), randn([1]), randint(0, 2, [1]), randperm(1)].map((x) => x.dtype)
    expect(dtypes).toEqual(['float32', 'float32', 'int32', 'int32'])
    expect(rand([1], { dtype: 'float64' }).dtype).toBe('float64')
    expect(randint(0, 2, [1], { dtype: 'float32' }).dtype).toBe('float32')
  })
})

describe('setDefaultDtype', () => {
  afterEach(() => setDefaultDtype('float32'))

  it('changes what numbers become, and nothing else', () => {
    setDefaultDtype('float64')
    expect(getDefaultDtype()).toBe('float64')
    const made = [tensor([1]), zeros([1]), arange(2), eye(1), rand([1]), linspace(0, 1, 2)]
    for (const x of made) expect(x.dtype).toBe('float64')
    expect(tensor(new Float32Array(1)).dtype).toBe('float32')
    expect(tensor([true]).dtype).toBe('bool')
    expect(tensor([1], { dtype: 'int32' }).div(2).dtype).toBe('float64')
  })
})
