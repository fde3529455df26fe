import { describe, expect, it } from 'vitest'
import {
  arange,
  gradientOf,
  gradients,
  noGrad,
  ones,
  tensor,
  vmap,
  zeros,
  type Tensor,
} from '../src/index.ts'

const float64 = { dtype: 'float64' } as const

/** What an op makes of so many elements: their places. */
const made = (numel: number): Tensor => arange(numel, float64).mul(1)
const counted = (numel: number): number[] => Array.from({ length: numel }, (_, i) => i)

describe('small results share arrays', () => {
  it('but no elements, of however many each has', () => {
    const sizes = [0, 1, 8, 9, 31, 100, 257, 256, 3000, 129, 4095, 128, 128, 4096, 700, 4097, 10]
    const all = sizes.map(made)
    all.forEach((x, k) => expect([...x.data]).toEqual(counted(sizes[k])))
  })

  it.each([2, 64, 128, 256, 257, 700, 1024, 1025, 4095])(
    'so that one array holds several of %i elements, but keeps no more than 16 of them alive',
    (numel) => {
      const most = Math.max(1024, 16 * numel)
      const arrays = Array.from({ length: 40 }, () => made(numel).storage.array)
      for (const array of arrays) expect(array.length).toBeLessThanOrEqual(most)
      expect(new Set(arrays).size).toBeLessThan(10)
      const later = Array.from(
        { length: Math.ceil(most / numel) + 1 },
        () => made(numel).storage.array,
      )
      expect(later.at(-1)).not.toBe(arrays[0])
    },
  )

  it('and numbers, which losses are, only small ones', () => {
    const losses = Array.from({ length: 40 }, (_, k) => made(20).sum().add(k))
    for (const { storage } of losses) expect(storage.array.length).toBeLessThanOrEqual(16)
    expect(losses.map((x) => x.item())).toEqual(losses.map((_, k) => 190 + k))
    expect(new Set(losses.map(({ storage }) => storage.array)).size).toBeLessThan(20)
  })

  it('and are not seen by one another in place', () => {
    const all = Array.from({ length: 6 }, () => made(20))
    // An array may have been full after the first or second.
    const [a, b, c] = all.slice(all[0].storage.array === all[2].storage.array ? 0 : 3)
    expect(new Set([a, b, c].map((x) => x.storage.array)).size).toBe(1)
    b.add_(a)
    b.copy_(b.mul(10))
    b.at(2).fill_(7)
    expect([...a.data]).toEqual(counted(20))
    expect([...b.data]).toEqual(counted(20).map((i) => (i === 2 ? 7 : 20 * i)))
    expect([...c.data]).toEqual(counted(20))
  })
})

describe('what a user is handed holds nothing else', () => {
  it('data', () => {
    const x = made(20)
    made(20)
    expect(x.data).toHaveLength(20)
    expect(x.data.buffer.byteLength).toBe(160)
    expect(x.reshape([4, 5]).at(1).data.buffer.byteLength).toBe(160)
  })

  it('data stays live, for views that were made before as well', () => {
    const x = made(20)
    const view = x.reshape([4, 5]).at(1)
    const { data } = x
    x.fill_(3)
    view.fill_(4)
    expect(x.data).toBe(data)
    expect(data[4]).toBe(3)
    expect(data[5]).toBe(4)
  })

  it('typed arrays', () => {
    expect((made(20).toTypedArray() as Float64Array).buffer.byteLength).toBe(160)
  })

  it('gradients', () => {
    const w = ones([20], { ...float64, requiresGrad: true })
    w.mul(arange(20, float64)).sum().backward()
    expect(w.grad!.storage.array).toHaveLength(20)
    expect([...w.grad!.data]).toEqual(counted(20))
    const [inner] = gradients(w.mul(arange(20, float64)).sum(), [w])
    expect(inner.storage.array).toHaveLength(20)
    expect([...inner.data]).toEqual(counted(20))
  })

  it('but an optimizer, which has done with a gradient when it returns, is handed it where it lies', () => {
    const w = ones([20], { ...float64, requiresGrad: true })
    w.mul(arange(20, float64)).sum().backward()
    expect(gradientOf(w)!.storage.array.length).toBeGreaterThan(20)
    expect([...gradientOf(w)!.data]).toEqual(counted(20))
  })

  it('inside of vmap, too', () => {
    const x = made(20)
    const out = vmap((row: Tensor) => {
      expect(x.data.buffer.byteLength).toBe(160)
      return row.add(x)
    })(zeros([3, 20], float64))
    expect(out.toArray()).toEqual([counted(20), counted(20), counted(20)])
  })
})

it('trains to the same bits again', () => {
  const train = (): number[] => {
    const x = arange(60, float64).reshape([20, 3]).sin()
    const w = arange(12, float64).reshape([3, 4]).cos().requiresGrad_()
    const b = zeros([4], { ...float64, requiresGrad: true })
    return Array.from({ length: 50 }, () => {
      const loss = x.matmul(w).add(b).tanh().square().mean()
      loss.backward()
      noGrad(() => {
        for (const p of [w, b]) p.sub_(p.grad!.mul(0.5))
      })
      w.grad = b.grad = null
      return loss.item()
    })
  }
  const losses = train()
  expect(losses.at(-1)).toBeLessThan(losses[0] / 2)
  made(50)
  expect(train()).toEqual(losses)
})

it('is one of its own for what is made of numbers', () => {
  for (const x of [tensor(counted(20)), zeros([20]), ones([20]), arange(20), made(20).clone()]) {
    expect(x.storage.array).toHaveLength(20)
  }
})
