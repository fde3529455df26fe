import { describe, expect, it } from 'vitest'
import {
  arange,
  DTypeError,
  eye,
  full,
  GradientError,
  linspace,
  noGrad,
  ones,
  onesLike,
  rand,
  randint,
  randperm,
  slice,
  tensor,
  zeros,
  type Tensor,
} from '../../src/index.ts'
import { stored, halves, raw, long } from './stored.ts'

describe('in place', () => {
  it.each(stored)('%s can be written', (dtype) => {
    const x = zeros([2, 2], { dtype })
    expect(x.fill_(3).toArray()).toEqual([
      [3, 3],
      [3, 3],
    ])
    x.copy_(tensor([1, 2]))
    x.at(0).copy_(tensor([7, 8], { dtype: 'float64' }))
    expect(x.toArray()).toEqual([
      [7, 8],
      [1, 2],
    ])
    x.t().indexPut_([0], tensor([5, 6], { dtype: 'int32' }).to(dtype))
    x.indexPut_([1, long(1n)], 9)
    expect(x.toArray()).toEqual([
      [5, 8],
      [6, 9],
    ])
    expect(x.zero_().sum().item()).toBe(0)
    expect(x.dtype).toBe(dtype)
  })

  it.each(stored)('%s is not computed with', (dtype) => {
    const x = ones([2], { dtype })
    const before = raw(x)
    for (const change of [
      () => x.add_(1),
      () => x.sub_(x),
      () => x.mul_(2),
      () => x.div_(2),
      () => x.indexPut_([0], 1, { accumulate: true }),
    ]) {
      expect(change).toThrow(DTypeError)
      expect(change).toThrow(new RegExp(`_: a tensor of dtype ${dtype} only keeps elements.*copy_`))
    }
    expect(raw(x)).toEqual(before)
  })

  it('halves and bytes are read where floats are changed', () => {
    const x = tensor([1, 2])
    x.add_(tensor([0.5, 0.25], { dtype: 'bfloat16' })).mul_(tensor(Uint8Array.of(2, 4)))
    expect(x.toArray()).toEqual([3, 9])
    const n = tensor([1, 2], { dtype: 'int32' })
    expect(n.add_(long(3n, 4n)).toArray()).toEqual([4, 6])
    expect(() => n.add_(long(2n ** 40n, 0n))).toThrow(/1099511627776 has no value in int32/)
    expect(() => n.add_(tensor([1, 1], { dtype: 'float16' }))).toThrow(
      /^add_: values of dtype float32/,
    )
  })

  it('numbers must have a value', () => {
    expect(() => zeros([1], { dtype: 'uint8' }).fill_(256)).toThrow(
      /^fill_: the number 256 has no value in uint8/,
    )
    expect(() => zeros([1], { dtype: 'uint8' }).indexPut_([0], -1)).toThrow(
      /-1 has no value in uint8/,
    )
    expect(() => zeros([1], { dtype: 'int64' }).fill_(0.5)).toThrow(/0.5 has no value in int64/)
    expect(
      zeros([1], { dtype: 'int64' })
        .fill_(-(2 ** 40))
        .item(),
    ).toBe(-(2 ** 40))
    expect(() => zeros([1], { dtype: 'uint8' }).pad([1, 0], { value: -1 })).toThrow(
      /^pad: .* uint8/,
    )
  })

  it('writing marks what was saved as changed, also by way of casts', () => {
    const x = tensor([1, 2], { requiresGrad: true })
    const half = x.to('float16')
    expect(() => half.fill_(1)).toThrow(GradientError)
    noGrad(() => half.fill_(1))
    expect(half.toArray()).toEqual([1, 1])
  })
})

describe('creation', () => {
  it.each(stored)('of %s', (dtype) => {
    const options = { dtype }
    const made: [Tensor, unknown][] = [
      [tensor([[1, 2]], options), [[1, 2]]],
      [tensor([true, false], options), [1, 0]],
      [tensor(Float64Array.of(1, 2), options), [1, 2]],
      [tensor(5, options), 5],
      [zeros([2], options), [0, 0]],
      [ones([2], options), [1, 1]],
      [full([2], 7, options), [7, 7]],
      [eye(2, options), [[1, 0], [0, 1]]], // prettier-ignore
      [arange(1, 7, 2, options), [1, 3, 5]],
      [linspace(0, 4, 3, options), [0, 2, 4]],
      [onesLike(zeros([1], options)), [1]],
      [randint(3, 4, [2], options), [3, 3]],
      [randperm(1, options), [0]],
    ]
    for (const [x, expected] of made) {
      expect([x.dtype, x.toArray()]).toEqual([dtype, expected])
    }
    expect(() => rand([2], options)).toThrow(/^rand: expected float32 or float64/)
  })

  it('typed arrays keep their dtype, and are copied', () => {
    const bytes = Uint8Array.of(1, 255)
    const x = tensor(bytes)
    bytes[0] = 9
    expect([x.dtype, x.toArray()]).toEqual(['uint8', [1, 255]])
    expect(tensor(Uint8ClampedArray.of(300)).toArray()).toEqual([255])
    expect(tensor(Uint8ClampedArray.of(300)).dtype).toBe('uint8')
    const n = long(2n ** 62n, -1n)
    expect(n.dtype).toBe('int64')
    expect(n.toTypedArray<BigInt64Array>()).toEqual(BigInt64Array.of(2n ** 62n, -1n))
    expect(tensor(BigInt64Array.of(3n), { dtype: 'float64' }).item()).toBe(3)
    expect(tensor(Uint16Array.of(3), { dtype: 'int32' }).item()).toBe(3)
    expect(tensor(Uint16Array.of(0x3c00), { dtype: 'float16' }).item()).toBe(1)
    expect(() => tensor(Uint16Array.of(1))).toThrow(/Uint16Array.*dtype/)
  })

  it('values must be there', () => {
    expect(() => tensor([1, 256], { dtype: 'uint8' })).toThrow(/^tensor: 256 has no value in uint8/)
    expect(() => tensor([-1], { dtype: 'uint8' })).toThrow(/-1 has no value in uint8/)
    expect(() => tensor([0.5], { dtype: 'int64' })).toThrow(/0.5 has no value in int64/)
    expect(() => tensor([2 ** 63], { dtype: 'int64' })).toThrow(/has no value in int64/)
    expect(() => full([1], 256, { dtype: 'uint8' })).toThrow(/^full: 256 has no value in uint8/)
    expect(() => full([1], NaN, { dtype: 'int64' })).toThrow(/^full: NaN has no value in int64/)
    expect(() => arange(250, 260, { dtype: 'uint8' })).toThrow(/^arange: .* uint8/)
    expect(() => arange(0, 2, 0.5, { dtype: 'int64' })).toThrow(/^arange: .* int64/)
    expect(() => randint(0, 257, [1], { dtype: 'uint8' })).toThrow(/^randint: .* uint8/)
    expect(() => randperm(257, { dtype: 'uint8' })).toThrow(
      /^randperm: uint8 has not all numbers below 257/,
    )
    expect(arange(250, 256, { dtype: 'uint8' }).at(-1).item()).toBe(255)
    expect(arange(250, 260, 300, { dtype: 'uint8' }).toArray()).toEqual([250])
  })
})

describe('reading', () => {
  it('data are numbers', () => {
    const bytes = tensor(Uint8Array.of(1, 2))
    expect(bytes.data).toBeInstanceOf(Uint8Array)
    bytes.fill_(5)
    expect([...bytes.data]).toEqual([5, 5])
    expect(long(1n, -(2n ** 40n)).data).toEqual(Float64Array.of(1, -(2 ** 40)))
    for (const dtype of halves) {
      const x = tensor([1.5, -0, NaN, 3], { dtype })
      expect(x.data).toEqual(Float32Array.of(1.5, -0, NaN, 3))
      expect(x.at(slice(null, null, 2)).data).toEqual(Float32Array.of(1.5, NaN))
      expect(x.toTypedArray()).toBeInstanceOf(Uint16Array)
      expect([...tensor(x.toTypedArray(), { dtype }).data]).toEqual([...x.data])
    }
    expect(long(7n).item()).toBe(7)
    expect(long(7n, 8n).reshape([1, 2]).toArray()).toEqual([[7, 8]])
    expect(JSON.stringify(tensor([0.5, 2], { dtype: 'float16' }))).toBe('[0.5,2]')
    expect([...long(1n, 2n)].map((x) => x.item())).toEqual([1, 2])
  })

  it('prints numbers and the dtype', () => {
    expect(String(tensor(Uint8Array.of(1, 20)))).toBe('tensor([ 1, 20], dtype=uint8)')
    expect(String(long(-(2n ** 40n), 7n))).toBe(
      'tensor([-1099511627776,              7], dtype=int64)',
    )
    expect(String(tensor([0.5, NaN], { dtype: 'float16' }))).toBe(
      'tensor([0.5000,    nan], dtype=float16)',
    )
    expect(String(tensor([1, 256], { dtype: 'bfloat16' }))).toBe(
      'tensor([  1., 256.], dtype=bfloat16)',
    )
    const half = tensor([1], { requiresGrad: true }).to('float16')
    expect(String(half)).toBe('tensor([1.], dtype=float16, requiresGrad=true)')
  })
})
