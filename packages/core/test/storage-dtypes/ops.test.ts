import { describe, expect, it } from 'vitest'
import {
  cat,
  DTypeError,
  einsum,
  ones,
  ShapeError,
  slice,
  stack,
  tensor,
  where,
  zeros,
  type DType,
  type Tensor,
} from '../../src/index.ts'
import { stored, computesIn, raw, long } from './stored.ts'

describe('ops that compute', () => {
  const dtypes = ['bool', 'int32', 'float32', 'float64', ...stored] as const
  const number = (dtype: DType): DType => (computesIn as Record<string, DType>)[dtype] ?? dtype
  const one = (dtype: DType): Tensor => ones([2], { dtype })

  it.each(dtypes.flatMap((a) => stored.map((b) => [a, b] as const)))(
    'convert %s and %s on use',
    (a, b) => {
      const like = one(number(a)).add(one(number(b)))
      for (const z of [
        one(a).add(one(b)),
        one(b).add(one(a)),
        where(ones([2], { dtype: 'bool' }), one(a), one(b)).add(1),
      ]) {
        expect([z.dtype, z.toArray()]).toEqual([like.dtype, [2, 2]])
      }
      const [p, q] = [one(a === 'bool' ? 'int32' : a), one(b)]
      for (const z of [p.dot(q), einsum('i,i->', q, p), p.reshape([1, 2]).matmul(q).at(0)]) {
        expect([z.dtype, z.item()]).toEqual([like.dtype, 2])
      }
      const joined = cat([one(a), one(b)])
      expect(joined.dtype).toBe(a === b ? a : like.dtype)
      expect([...joined.data]).toEqual([1, 1, 1, 1])
      // 0-d tensors count only where their category is higher.
      const scalar = ones([], { dtype: b })
      expect(one(a).add(scalar).dtype).toBe(
        one(number(a)).add(ones([], { dtype: number(b) })).dtype,
      )
    },
  )

  it('images become floats in one step', () => {
    const images = tensor(Uint8Array.of(0, 51, 255, 102), { shape: [2, 2] })
    expect(images.dtype).toBe('uint8')
    expect(images.div(255)).toMatchObject({ dtype: 'float32' })
    expect(images.div(255).toArray()).toEqual(
      tensor([
        [0, 0.2],
        [1, 0.4],
      ]).toArray(),
    )
    expect(images.sum()).toMatchObject({ dtype: 'int32' })
    expect(images.sum().item()).toBe(408)
    expect(images.add(1).toArray()).toEqual([
      [1, 52],
      [256, 103],
    ])
    expect(images.gt(100).toArray()).toEqual([
      [false, false],
      [true, true],
    ])
    expect(images.max(1).values.dtype).toBe('int32')
    expect(() => images.mean()).toThrow(/^mean: expected a float tensor, got int32/)
    expect(() => images.add(0.5)).toThrow(/^add: the number 0.5 has no value in int32/)
  })

  it('halves compute in float32', () => {
    const x = tensor([1, 2048], { dtype: 'float16' })
    expect(x.add(1).toArray()).toEqual([2, 2049])
    expect(x.mean()).toMatchObject({ dtype: 'float32' })
    expect(x.mean().item()).toBe(1024.5)
    expect(x.softmax(0).dtype).toBe('float32')
    expect(x.round({ decimals: 1 }).toArray()).toEqual([1, 2048])
    expect(tensor([Infinity], { dtype: 'float16' }).nanToNum().item()).toBeGreaterThan(1e38)
    expect(x.mul(tensor([2, 2], { dtype: 'float64' })).dtype).toBe('float64')
  })

  it('int64 is an error where it is no int32', () => {
    const big = long(1n, 2n ** 31n)
    expect(() => big.add(1)).toThrow(DTypeError)
    expect(() => big.add(1)).toThrow(/2147483648 has no value in int32/)
    expect(() => big.sum()).toThrow(/2147483648 has no value in int32/)
    expect(() => big.to('int32')).toThrow(/^to: 2147483648 has no value in int32/)
    expect(() => zeros([2], { dtype: 'int32' }).copy_(big)).toThrow(/2147483648/)
    expect(() => tensor([1, 2]).at(long(0n, -(2n ** 40n)))).toThrow(/-1099511627776 has no value/)
    expect(big.to('float64').sum().item()).toBe(2147483649)
    expect(long(-5n, 7n).mul(2).toArray()).toEqual([-10, 14])
    expect(long(7n).remainder(long(0n).add(4)).item()).toBe(3)
    expect(() => long(7n).remainder(long(0n))).toThrow(/divided by 0/)
    expect(() => long(7n).pow(-1)).toThrow(/negative powers/)
  })
})

describe('ops that move elements', () => {
  // More than a float64 holds, and bits that no number has.
  const precise = [2n ** 53n + 1n, -(2n ** 62n) - 1n, 3n, 4n, 5n, 6n] as const
  const samples: Record<(typeof stored)[number], Tensor> = {
    uint8: tensor(Uint8Array.of(1, 2, 3, 253, 254, 255), { shape: [2, 3] }),
    int64: tensor(BigInt64Array.from(precise), { shape: [2, 3] }),
    float16: tensor(Uint16Array.of(0x7e01, 1, 0x3c00, 0x7c00, 0x8000, 5), { dtype: 'float16', shape: [2, 3] }), // prettier-ignore
    bfloat16: tensor(Uint16Array.of(0x7fc1, 1, 0x3f80, 0x7f80, 0x8000, 5), { dtype: 'bfloat16', shape: [2, 3] }), // prettier-ignore
  }
  const places = tensor([[0, 1, 2], [3, 4, 5]], { dtype: 'int32' }) // prettier-ignore
  const mask = tensor([[true, false, true], [false, false, true]]) // prettier-ignore
  const moves: Record<string, (x: Tensor) => Tensor> = {
    reshape: (x) => x.reshape([3, 2]),
    'reshape with a copy': (x) => x.t().reshape([6]),
    permute: (x) => x.permute([1, 0]),
    'at with ranges': (x) => x.at(slice(1), slice(null, null, 2)),
    'at with an index': (x) => x.at('...', long(2n, -1n, 0n)),
    'at with a mask': (x) => x.at(mask),
    expand: (x) => x.unsqueeze(0).expand([2, 2, 3]).contiguous(),
    flip: (x) => x.flip([0, 1]),
    roll: (x) => x.roll(1, 1),
    repeat: (x) => x.repeat([2, 1]),
    chunk: (x) => x.chunk(2, 1)[0],
    unbind: (x) => x.unbind(1)[2],
    split: (x) => x.split([1, 2], 1)[1],
    cat: (x) => cat([x, x.t().reshape([2, 3])]),
    stack: (x) => stack([x, x], 2),
    gather: (x) => x.gather(1, tensor(BigInt64Array.of(2n, 0n), { shape: [2, 1] })),
    indexSelect: (x) => x.indexSelect(0, long(1n, 0n, 1n)),
    take: (x) => x.take(long(-1n, 0n)),
    maskedSelect: (x) => x.maskedSelect(mask),
    scatter: (x) => x.scatter(1, tensor([[1], [0]], { dtype: 'int32' }), x),
    indexPut: (x) => x.indexPut([long(0n)], x.at(1)),
    clone: (x) => x.t().clone(),
    diagonal: (x) => x.diagonal(),
    'pad by reflection': (x) => x.pad([1, 1], { mode: 'reflect' }),
    'pad without a place': (x) => x.pad([-1, 0]),
  }

  it.each(stored.flatMap((dtype) => Object.keys(moves).map((name) => [dtype, name] as const)))(
    'keep %s: %s',
    (dtype, name) => {
      const x = samples[dtype]
      const elements = raw(x)
      for (const given of [x, x.t().contiguous().t()]) {
        const out = moves[name](given)
        const from = moves[name](given.layout.isContiguous ? places : places.t().contiguous().t())
        expect([out.dtype, out.shape]).toEqual([dtype, from.shape])
        expect(Array.from(raw(out))).toEqual(Array.from(from.data, (i) => elements[i]))
      }
    },
  )

  it.each(stored)('views of %s share memory', (dtype) => {
    const x = zeros([2, 3], { dtype })
    x.at(1).fill_(3)
    expect(x.t().at(0).toArray()).toEqual([0, 3])
  })

  it.each(stored)('triangles and padding of %s', (dtype) => {
    const x = ones([2, 2], { dtype })
    expect([x.tril(), x.triu(), x.pad([1, 0], { value: 7 })].map((y) => y.dtype)).toEqual([
      dtype,
      dtype,
      dtype,
    ])
    expect(x.tril().toArray()).toEqual([
      [1, 0],
      [1, 1],
    ])
    expect(x.pad([1, 0], { value: 7 }).at(0).toArray()).toEqual([7, 1, 1])
  })

  it.each(stored)('what is added to %s is computed', (dtype) => {
    const x = tensor([1, 2, 3], { dtype })
    const index = tensor([0, 0], { dtype: 'int32' })
    for (const y of [
      x.scatterAdd(0, index, tensor([1, 2], { dtype })),
      x.indexPut([index], tensor([1, 2], { dtype }), { accumulate: true }),
    ]) {
      expect([y.dtype, y.toArray()]).toEqual([computesIn[dtype], [4, 2, 3]])
    }
  })

  it('bytes and floats are no indices', () => {
    const x = tensor([1, 2, 3])
    const bytes = tensor(Uint8Array.of(1, 0, 1))
    expect(() => x.at(bytes)).toThrow(/^at: a tensor of dtype uint8 is no key/)
    expect(() => x.take(bytes)).toThrow(/^take: expected an int32 tensor as the index, got uint8/)
    expect(() => x.scatterAdd(0, bytes, x)).toThrow(/^scatterAdd: expected an int32 tensor/)
    expect(() => x.maskedSelect(bytes)).toThrow(/^maskedSelect: expected a bool tensor/)
    expect(() => where(bytes, x, x)).toThrow(/^where: expected a bool tensor/)
    expect(() => x.take(long(3n))).toThrow(ShapeError)
  })
})
