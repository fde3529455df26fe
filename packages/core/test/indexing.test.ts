import { describe, expect, it } from 'vitest'
import {
  arange,
  gradients,
  noGrad,
  slice,
  tensor,
  zeros,
  type Key,
  type Tensor,
} from '../src/index.ts'

const int32 = (values: number[] | number[][]): Tensor => tensor(values, { dtype: 'int32' })
const version = (x: Tensor): number => x.storage.version

describe('what is named twice', () => {
  const index = int32([1, 0, 1])

  it('keeps the last value, which alone has a gradient', () => {
    const x = tensor([1, 2, 3], { requiresGrad: true })
    const src = tensor([10, 20, 30], { requiresGrad: true })
    for (const y of [x.scatter(0, index, src), x.indexPut([index], src)]) {
      expect(y.toArray()).toEqual([20, 30, 3])
      const grads = gradients(y, [x, src], { gradOutputs: tensor([5, 6, 7]) })
      expect(grads.map((g) => g.toArray())).toEqual([
        [0, 0, 7],
        [0, 5, 6],
      ])
    }
  })

  it('is added up', () => {
    const x = tensor([1, 2, 3], { requiresGrad: true })
    const src = tensor([10, 20, 30], { requiresGrad: true })
    for (const y of [x.scatterAdd(0, index, src), x.indexPut([index], src, { accumulate: true })]) {
      expect(y.toArray()).toEqual([21, 42, 3])
      const grads = gradients(y, [x, src], { gradOutputs: tensor([5, 6, 7]) })
      expect(grads.map((g) => g.toArray())).toEqual([
        [5, 6, 7],
        [6, 5, 6],
      ])
    }
  })

  it('last is last in row-major order, whatever the layout', () => {
    const twice = int32([[0, 0], [0, 0]]) // prettier-ignore
    const values = tensor([[1, 3], [2, 4]]).T // prettier-ignore
    expect(zeros([2]).indexPut([twice], values).toArray()).toEqual([4, 0])
    expect(zeros([2]).indexPut_([twice.T], values).toArray()).toEqual([4, 0])
    expect(zeros([2]).indexPut_([twice], values.T).toArray()).toEqual([4, 0])
  })
})

describe('dtypes', () => {
  it('values take that of the tensor', () => {
    const y = zeros([2], { dtype: 'float64' }).indexPut([0], tensor(0.5))
    expect([y.dtype, y.toArray()]).toEqual(['float64', [0.5, 0]])
    const src = tensor([0.1], { dtype: 'float64', requiresGrad: true })
    const z = zeros([2]).scatter(0, int32([1]), src)
    expect([z.dtype, z.toArray()]).toEqual(['float32', [0, Math.fround(0.1)]])
    z.sum().backward()
    expect([src.grad!.dtype, src.grad!.toArray()]).toEqual(['float64', [1]])
    expect(int32([1, 2]).indexPut_([1], tensor(true)).toArray()).toEqual([1, 1])
  })

  it('int32 sums wrap as its other sums do', () => {
    const x = int32([2147483647])
    expect(x.scatterAdd(0, int32([0]), int32([1])).toArray()).toEqual([-2147483648])
    expect(x.indexPut_([0], 1, { accumulate: true }).toArray()).toEqual([-2147483648])
  })
})

describe('indexPut_', () => {
  it.each<[string, (x: Tensor) => Tensor, readonly Key[]]>([
    ['a row', (x) => x, [1]],
    ['everything', (x) => x, []],
    ['a range of a transposed tensor', (x) => x.T, [slice(1), 0]],
    ['an index into a transposed tensor', (x) => x.T, [int32([2, 0])]],
    ['a mask over two dims of a transposed tensor', (x) => x.T, [tensor([[true, false], [false, true], [true, true]])]], // prettier-ignore
    ['pairs, in a narrowed tensor', (x) => x.narrow(1, 1, 2), [int32([1, 0]), int32([-1, 0])]],
    ['parted keys', (x) => x.reshape([1, 2, 3, 1]).permute([2, 0, 1, 3]), [int32([2, 0]), '...', int32([0])]], // prettier-ignore
    ['nothing', (x) => x, [tensor([false, false])]],
  ])('writes what indexPut makes: %s', (_, view, keys) => {
    for (const accumulate of [false, true]) {
      const base = arange(6, { dtype: 'float64' }).reshape([2, 3])
      const x = view(base)
      const values = arange(x.at(...keys).numel)
        .add(10)
        .reshape(x.at(...keys).shape)
      const expected = x.indexPut(keys, values, { accumulate }).toArray()
      const before = version(x)
      expect(x.indexPut_(keys, values, { accumulate })).toBe(x)
      expect(x.toArray()).toEqual(expected)
      expect(version(base)).toBe(before + 1)
      expect(x.at(...keys).shape).toEqual(values.shape)
    }
  })

  it('reads values that overlap the tensor before it writes', () => {
    const x = arange(4)
    x.indexPut_([slice(1)], x.narrow(0, 0, 3))
    expect(x.toArray()).toEqual([0, 0, 1, 2])
    const y = arange(4, { dtype: 'int32' })
    y.indexPut_([y.flip(0)], y)
    expect(y.toArray()).toEqual([3, 2, 1, 0])
    const z = int32([1, 0])
    z.indexPut_([z], z)
    expect(z.toArray()).toEqual([0, 1])
  })

  it('is refused while gradients are recorded, and noticed where the value was saved', () => {
    const w = tensor([1, 2], { requiresGrad: true })
    const x = zeros([2])
    expect(() => w.indexPut_([0], 5)).toThrow(/^indexPut_: .*\[2\].*in place.*noGrad/)
    expect(() => x.indexPut_([0], w.at(0))).toThrow(/^indexPut_: .*would be written/)
    expect([w.toArray(), x.toArray(), version(w), version(x)]).toEqual([[1, 2], [0, 0], 0, 0])
    const y = w.square().sum()
    noGrad(() => w.indexPut_([int32([0])], 5))
    expect(w.toArray()).toEqual([5, 2])
    expect(() => y.backward()).toThrow(/square saved .*changed in place/)
  })

  it('is no matter for what was picked before', () => {
    const x = tensor([1, 2, 3])
    const picked = x.at(int32([0, 2]))
    x.indexPut_([0], 9)
    expect(picked.toArray()).toEqual([1, 3])
  })
})

describe('saved indices', () => {
  it('a change of one is an error at backward', () => {
    const w = tensor([1, 2, 3], { requiresGrad: true })
    const index = int32([0, 2])
    const y = w.gather(0, index).sum()
    index.fill_(1)
    expect(() => y.backward()).toThrow(/gather saved .*changed in place/)
  })
})
