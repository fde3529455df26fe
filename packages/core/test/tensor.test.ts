import { describe, expect, it } from 'vitest'
import { arange, DTypeError, isTensor, tensor, zeros, type Tensor } from '../src/index.ts'

const x = tensor([[1, 2, 3], [4, 5, 6]]) // prettier-ignore

describe('what a tensor tells of itself', () => {
  it('shape, dtype, ndim, numel', () => {
    expect(x).toMatchObject({ shape: [2, 3], dtype: 'float32', ndim: 2, numel: 6 })
    expect(tensor(1)).toMatchObject({ shape: [], ndim: 0, numel: 1 })
    expect(zeros([2, 0])).toMatchObject({ shape: [2, 0], ndim: 2, numel: 0 })
  })

  it('size', () => {
    expect([x.size(0), x.size(1), x.size(-1), x.size(-2)]).toEqual([2, 3, 3, 2])
  })

  it('isLeaf and requiresGrad, as PyTorch has them', () => {
    const w = tensor([1], { requiresGrad: true })
    const seen = [x, w, w.mul(2), w.mul(2).detach()].map((t) => [t.isLeaf, t.requiresGrad])
    expect(seen).toEqual([[true, false], [true, true], [false, true], [true, false]]) // prettier-ignore
  })

  it('isTensor', () => {
    expect([x, x.at(0), [1], 1, null, undefined, { shape: [] }].map(isTensor)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('data', () => {
  it('is the live memory of a contiguous tensor', () => {
    const y = tensor([1, 2, 3])
    const { data } = y
    y.fill_(7)
    expect([...data]).toEqual([7, 7, 7])
    expect(data).toBeInstanceOf(Float32Array)
  })

  it('is the live memory of a contiguous part', () => {
    const y = tensor([[1, 2], [3, 4]]) // prettier-ignore
    const { data } = y.at(1)
    y.fill_(7)
    expect([...data]).toEqual([7, 7])
  })

  it('is a copy in row-major order otherwise', () => {
    const y = tensor([[1, 2], [3, 4]]) // prettier-ignore
    const { data } = y.T
    y.fill_(7)
    expect([...data]).toEqual([1, 3, 2, 4])
    expect([...tensor([5]).expand([3]).data]).toEqual([5, 5, 5])
  })

  it('maps and reduces in all dtypes', () => {
    expect(Array.from(tensor([1, 2], { dtype: 'int32' }).data.map((v) => v * 2))).toEqual([2, 4])
    expect(x.data.reduce((a, b) => a + b, 0)).toBe(21)
    expect([...tensor([true, false]).data]).toEqual([1, 0])
  })
})

describe('to JavaScript', () => {
  it('item', () => {
    expect(tensor([[2.5]]).item()).toBe(2.5)
    expect(tensor(true).item()).toBe(1)
    expect(x.at(1, 2).item()).toBe(6)
  })

  it('toArray', () => {
    expect(x.T.toArray()).toEqual([[1, 4], [2, 5], [3, 6]]) // prettier-ignore
    expect(tensor(3).toArray()).toBe(3)
    expect(zeros([2, 0]).toArray()).toEqual([[], []])
    expect(tensor([true, false]).toArray()).toEqual([true, false])
  })

  it('toTypedArray copies', () => {
    const y = tensor([[1, 2], [3, 4]], { dtype: 'float64' }) // prettier-ignore
    const copy = y.toTypedArray()
    y.fill_(7)
    expect(copy).toEqual(new Float64Array([1, 2, 3, 4]))
    expect(tensor([true]).toTypedArray()).toEqual(new Uint8Array([1]))
    expect(x.T.toTypedArray()).toEqual(new Float32Array([1, 4, 2, 5, 3, 6]))
  })

  it('JSON is the nested arrays', () => {
    expect(JSON.stringify({ x, flag: tensor(true) })).toBe('{"x":[[1,2,3],[4,5,6]],"flag":true}')
  })

  it('iterates over dimension 0', () => {
    const rows = [...x]
    expect(rows.map((row) => row.toArray())).toEqual([[1, 2, 3], [4, 5, 6]]) // prettier-ignore
    const [first, second] = tensor([8, 9])
    expect([first!.item(), second!.item()]).toEqual([8, 9])
    expect([...zeros([0, 2])]).toEqual([])
  })

  it('rows are views that carry gradients', () => {
    const w = tensor([[1, 2], [3, 4]], { requiresGrad: true }) // prettier-ignore
    const [, row] = w
    row!.mul(10).sum().backward()
    expect(w.grad!.toArray()).toEqual([[0, 0], [10, 10]]) // prettier-ignore
  })
})

describe('operators', () => {
  const operand = x as unknown as number
  it.each<[string, () => unknown]>([
    ['x + 1', () => operand + 1],
    ['1 - x', () => 1 - operand],
    ['x * 2', () => operand * 2],
    ['-x', () => -operand],
    ['x < 1', () => operand < 1],
    ["x + ''", () => operand + ''],
    ['x == 1', () => operand == 1],
  ])('%s throws and names the methods', (_, operate) => {
    expect(operate).toThrow(DTypeError)
    expect(operate).toThrow(/^a tensor of shape \[2, 3\] .*x\.add\(y\)/)
  })
})

describe('dtypes', () => {
  it('to, float and double convert and are no copies where nothing changes', () => {
    expect(x.to('float32')).toBe(x)
    expect(x.float()).toBe(x)
    expect(x.double().dtype).toBe('float64')
    expect(tensor([1.9, -1.9]).to('int32').toArray()).toEqual([1, -1])
    expect(tensor([0.5, 0, NaN]).to('bool').toArray()).toEqual([true, false, true])
    expect(tensor([true, false]).to('float64').toArray()).toEqual([1, 0])
  })

  it('gradients flow through conversion, in the dtype of each side', () => {
    const w = tensor([1, 2], { requiresGrad: true })
    const wide = w.double()
    expect(wide.requiresGrad).toBe(true)
    wide.mul(3).sum().backward()
    expect([w.grad!.dtype, w.grad!.toArray()]).toEqual(['float32', [3, 3]])
    expect(w.to('int32').requiresGrad).toBe(false)
  })
})

describe('views', () => {
  const shares = (a: Tensor, b: Tensor): boolean => a.storage === b.storage

  it.each<[string, (t: Tensor) => Tensor]>([
    ['T', (t) => t.T],
    ['mT', (t) => t.mT],
    ['t', (t) => t.t()],
    ['transpose', (t) => t.transpose(0, 1)],
    ['permute', (t) => t.permute([1, 0])],
    ['reshape', (t) => t.reshape([3, 2])],
    ['view', (t) => t.view([-1])],
    ['flatten', (t) => t.flatten()],
    ['squeeze', (t) => t.unsqueeze(0).squeeze(0)],
    ['narrow', (t) => t.narrow(1, 1, 2)],
    ['expand', (t) => t.unsqueeze(0).expand([4, 2, 3])],
    ['split', (t) => t.split(1)[1]!],
    ['at', (t) => t.at(1)],
    ['detach', (t) => t.detach()],
    ['iteration', (t) => [...t][0]!],
  ])('%s shares storage and version', (_, viewOf) => {
    const base = arange(6).reshape([2, 3])
    const view = viewOf(base)
    const { version } = base.storage
    base.fill_(9)
    expect(shares(base, view)).toBe(true)
    expect(new Set(view.data)).toEqual(new Set([9]))
    expect(view.storage.version).toBe(version + 1)
  })

  it('clone and contiguous copies do not', () => {
    expect(shares(x, x.clone())).toBe(false)
    expect(x.contiguous()).toBe(x)
    expect(shares(x, x.T.contiguous())).toBe(false)
    expect(x.T.contiguous().data).toEqual(x.T.data)
    expect(shares(x, x.T.reshape([6]))).toBe(false)
  })

  it('writing through a view writes the base', () => {
    const base = zeros([2, 3])
    base.at(1, 0).fill_(5)
    base.T.at(2).copy_(tensor([7, 8]))
    expect(base.toArray()).toEqual([[0, 0, 7], [5, 0, 8]]) // prettier-ignore
  })
})

describe('requiresGrad_', () => {
  it('switches a leaf on and off and returns it', () => {
    const w = tensor([1])
    expect(w.requiresGrad_()).toBe(w)
    expect(w.requiresGrad).toBe(true)
    expect(w.requiresGrad_(false).requiresGrad).toBe(false)
  })

  it('keeps the place on the tape when it is on already', () => {
    const w = tensor([2], { requiresGrad: true })
    const y = w.mul(w).sum()
    w.requiresGrad_()
    y.backward()
    expect(w.grad!.toArray()).toEqual([4])
  })
})
