import { describe, expect, it } from 'vitest'
import {
  cat,
  maximum,
  pow,
  sub,
  tensor,
  where,
  zeros,
  type DType,
  type Tensor,
} from '../src/index.ts'

const dtypes: readonly DType[] = ['bool', 'int32', 'float32', 'float64']

describe('promotion, as PyTorch', () => {
  const table: [DType, DType, DType][] = [
    ['bool', 'bool', 'bool'],
    ['bool', 'int32', 'int32'],
    ['bool', 'float32', 'float32'],
    ['bool', 'float64', 'float64'],
    ['int32', 'int32', 'int32'],
    ['int32', 'float32', 'float32'],
    ['int32', 'float64', 'float64'],
    ['float32', 'float32', 'float32'],
    ['float32', 'float64', 'float64'],
    ['float64', 'float64', 'float64'],
  ]
  const one = (dtype: DType): Tensor => tensor([1], { dtype })

  it.each(table)('%s with %s is %s', (a, b, expected) => {
    const results = [
      one(a).add(one(b)),
      one(b).add(one(a)),
      one(a).mul(one(b)),
      one(a).maximum(one(b)),
      where(tensor([true]), one(a), one(b)),
      cat([one(a), one(b)]),
    ]
    expect(results.map((x) => x.dtype)).toEqual(results.map(() => expected))
    expect(results.slice(0, 5).every((x) => [1, 2].includes(x.item()))).toBe(true)
  })

  it.each(dtypes)('true division of %s gives floats', (dtype) => {
    const expected = dtype === 'float64' ? 'float64' : 'float32'
    expect(one(dtype).div(one(dtype)).dtype).toBe(expected)
    expect(one(dtype).div(2)).toMatchObject({ dtype: expected })
    expect(one(dtype).div(2).item()).toBe(0.5)
  })

  it.each(dtypes)('functions of floats make floats of %s', (dtype) => {
    const expected = dtype === 'float64' ? 'float64' : 'float32'
    for (const f of ['exp', 'sqrt', 'sin', 'sigmoid', 'tanh', 'log1p'] as const) {
      expect(one(dtype)[f]().dtype).toBe(expected)
    }
  })

  it.each(dtypes)('comparisons of %s give bool', (dtype) => {
    expect(one(dtype).ge(one('float64')).dtype).toBe('bool')
    expect(one(dtype).eq(1).dtype).toBe('bool')
    expect(one(dtype).isnan().dtype).toBe('bool')
    expect(one(dtype).logicalNot().dtype).toBe('bool')
  })

  it('a 0-d tensor counts only where its category is higher, on either side', () => {
    const scalar = (dtype: DType): Tensor => tensor(1, { dtype })
    const rows: [DType, DType, DType][] = [
      ['float32', 'float64', 'float32'],
      ['float64', 'float32', 'float64'],
      ['float32', 'int32', 'float32'],
      ['int32', 'float32', 'float32'],
      ['int32', 'float64', 'float64'],
      ['bool', 'int32', 'int32'],
      ['int32', 'bool', 'int32'],
    ]
    for (const [dimensioned, zero, expected] of rows) {
      expect(one(dimensioned).add(scalar(zero)).dtype).toBe(expected)
      expect(scalar(zero).mul(one(dimensioned)).dtype).toBe(expected)
    }
    expect(scalar('float32').add(scalar('float64')).dtype).toBe('float64')
  })

  it('rounding and signs keep the dtype', () => {
    for (const dtype of ['int32', 'float32', 'float64'] as const) {
      for (const f of ['neg', 'abs', 'sign', 'square', 'relu', 'floor', 'round'] as const) {
        expect(one(dtype)[f]().dtype).toBe(dtype)
      }
    }
  })

  it('sums of bools count, means are of floats', () => {
    expect(tensor([true, true, false]).sum()).toMatchObject({ dtype: 'int32' })
    expect(tensor([true, true, false]).sum().item()).toBe(2)
    expect(tensor([1, 2], { dtype: 'int32' }).sum().dtype).toBe('int32')
    expect(tensor([1, 2], { dtype: 'float64' }).mean().dtype).toBe('float64')
    expect(tensor([1, 2]).argmax().dtype).toBe('int32')
    expect(tensor([1, 2]).max(0).indices.dtype).toBe('int32')
    expect(tensor([1, 2]).any().dtype).toBe('bool')
  })
})

describe('numbers', () => {
  it.each(['int32', 'float32', 'float64'] as const)('never change the dtype of %s', (dtype) => {
    const x = tensor([4, 6], { dtype })
    for (const f of ['add', 'sub', 'mul', 'pow', 'maximum', 'remainder'] as const) {
      expect(x[f](2).dtype).toBe(dtype)
    }
    expect(x.sub(1).toArray()).toEqual([3, 5])
  })

  it('stand on either side as functions', () => {
    const x = tensor([4], { dtype: 'int32' })
    expect(sub(1, x).item()).toBe(-3)
    expect(sub(1, x).dtype).toBe('int32')
    expect(pow(2, x).item()).toBe(16)
    expect(maximum(7, 3).item()).toBe(7)
  })

  it('are rounded to a float32 tensor, as PyTorch rounds them', () => {
    expect(tensor([1]).mul(0.1).item()).toBe(Math.fround(0.1))
    expect(
      tensor([Math.fround(0.1)])
        .eq(0.1)
        .item(),
    ).toBe(1)
  })

  it.each(['add', 'sub', 'mul', 'pow', 'maximum', 'remainder'] as const)(
    'a fraction on int32 throws: %s',
    (f) => {
      const x = tensor([4], { dtype: 'int32' })
      expect(() => x[f](0.5)).toThrow(new RegExp(`${f}: the number 0.5 has no value in int32`))
    },
  )

  it('a fraction may be compared with integers, and divides them', () => {
    const x = tensor([4], { dtype: 'int32' })
    expect(x.gt(3.5).item()).toBe(1)
    expect(x.gt(4.5).item()).toBe(0)
    expect(x.div(0.5).item()).toBe(8)
  })
})

describe('int32', () => {
  const int = (...values: number[]): Tensor => tensor(values, { dtype: 'int32' })

  it('wraps around, exactly', () => {
    expect(
      int(2 ** 31 - 1)
        .add(1)
        .item(),
    ).toBe(-(2 ** 31))
    expect(int(123456789).mul(int(987654321)).item()).toBe(Math.imul(123456789, 987654321))
    expect(
      int(2 ** 31 - 1, 1)
        .sum()
        .item(),
    ).toBe(-(2 ** 31))
  })

  it('has remainders with the sign of the divisor', () => {
    expect(int(-7, 7).remainder(int(3, -3)).toArray()).toEqual([2, -2])
    expect(int(-7, 7).fmod(int(3, -3)).toArray()).toEqual([-1, 1])
  })
})

describe('bool', () => {
  const p = tensor([true, true, false, false])
  const q = tensor([true, false, true, false])

  it('adds as or, multiplies as and', () => {
    expect(p.add(q).toArray()).toEqual([true, true, true, false])
    expect(p.mul(q).toArray()).toEqual([true, false, false, false])
    expect(p.logicalXor(q).toArray()).toEqual([false, true, true, false])
    expect(p.logicalNot().toArray()).toEqual([false, false, true, true])
    expect(p.maximum(q).toArray()).toEqual([true, true, true, false])
  })

  it.each<[string, () => Tensor]>([
    ['sub', () => p.sub(q)],
    ['neg', () => p.neg()],
    ['sub with a number', () => sub(1, p)],
    ['add with a number', () => p.add(1)],
    ['mul with a number', () => p.mul(2)],
  ])('%s is refused', (_, f) => {
    expect(f).toThrow(/not defined for bool tensors/)
  })

  it('keeps nothing but 0 and 1', () => {
    const made = [
      tensor([0.5, 256]).to('bool'),
      zeros([2], { dtype: 'bool' }).fill_(2),
      zeros([2], { dtype: 'bool' }).copy_(tensor([3, 0.25])),
      p.add(p).narrow(0, 0, 2),
    ]
    for (const x of made) expect([...x.data]).toEqual([1, 1])
  })
})
