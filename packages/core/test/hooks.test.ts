import { describe, expect, test } from 'vitest'
import { gradients, ones, tensor, vmap, type Tensor } from '../src/index.ts'

const leaf = (): Tensor => tensor([1, 2, 3], { dtype: 'float64', requiresGrad: true })

describe('registerHook', () => {
  test('tells the complete gradient, once, before it goes on', () => {
    const x = leaf()
    const y = x.mul(2)
    const seen: unknown[] = []
    y.registerHook((g) => {
      seen.push(g.toArray(), x.grad)
    })
    y.square().add(y).sum().backward()
    expect(seen).toEqual([[5, 9, 13], null])
    expect(x.grad!.toArray()).toEqual([10, 18, 26])
  })

  test('puts what the hook returns in its place, one hook after the other', () => {
    const x = leaf()
    x.registerHook((g) => g.mul(10))
    x.registerHook((g) => g.add(1))
    x.sum().backward()
    expect(x.grad!.toArray()).toEqual([11, 11, 11])
    const y = x.mul(1)
    expect(gradients(y.sum(), x)[0].toArray()).toEqual([11, 11, 11])
  })

  test('is taken off by its handle', () => {
    const x = leaf()
    const first = x.registerHook((g) => g.mul(10))
    const second = x.registerHook((g) => g.neg())
    first.remove()
    first.remove()
    x.sum().backward()
    expect(x.grad!.toArray()).toEqual([-1, -1, -1])
    second.remove()
    x.grad = null
    x.sum().backward()
    expect(x.grad!.toArray()).toEqual([1, 1, 1])
  })

  test('hands out memory that nothing is written into afterwards', () => {
    const x = leaf()
    const kept: Tensor[] = []
    x.registerHook((g) => void kept.push(g))
    x.sum().backward()
    x.sum().backward()
    x.grad!.mul_(100)
    expect(kept.map((g) => g.toArray())).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ])
    const constant = ones([3], { dtype: 'float64' })
    const y = leaf()
    y.registerHook(() => constant)
    y.sum().backward()
    y.grad!.zero_()
    expect(constant.toArray()).toEqual([1, 1, 1])
  })

  test('is recorded where the backward pass is', () => {
    const x = leaf()
    const y = x.mul(1)
    y.registerHook((g) => g.mul(x))
    const [g] = gradients(y.square().sum(), x, { createGraph: true })
    // g = 2y · x: by x it is 2y, and by y it is 2x, which passes the hook once more.
    expect(gradients(g.sum(), x)[0].toArray()).toEqual([4, 12, 24])
  })

  test('changes nothing when it throws, or returns what is no gradient', () => {
    const x = leaf()
    const w = leaf()
    for (const [hook, message] of [
      [() => 3, /must return nothing, or a gradient of shape \[3\] .* got 3/],
      [() => ones([2], { dtype: 'float64' }), /shape \[3\] .* got shape \[2\]/],
      [() => ones([3]), /dtype float64, .* dtype float32/],
      [async () => {}, /promise/],
      [
        () => {
          throw new Error('no')
        },
        /^no$/,
      ],
    ] as const) {
      const handle = x.registerHook(hook as never)
      expect(() => w.mul(x).sum().backward()).toThrow(message)
      expect([x.grad, w.grad]).toEqual([null, null])
      handle.remove()
    }
    expect(() => x.registerHook(3 as never)).toThrow(/registerHook: expected a function/)
    expect(() => ones([2]).registerHook(() => {})).toThrow(/registerHook: .* requires no gradient/)
  })

  test('works under transforms', () => {
    const f = (x: Tensor): Tensor => {
      const y = x.detach().requiresGrad_()
      y.registerHook((g) => g.mul(2))
      return gradients(y.square().sum(), y)[0]
    }
    const rows = ones([2, 3], { dtype: 'float64' })
    expect(vmap(f)(rows).toArray()).toEqual(rows.mul(4).toArray())
  })
})

describe('retainGrad', () => {
  test('keeps the gradient of what was computed, as leaves do', () => {
    const x = leaf()
    const y = x.mul(2)
    y.retainGrad()
    const z = y.square().sum()
    z.backward(undefined, { retainGraph: true })
    expect(y.grad!.toArray()).toEqual([4, 8, 12])
    expect(x.grad!.toArray()).toEqual([8, 16, 24])
    z.backward()
    expect(y.grad!.toArray()).toEqual([8, 16, 24])
    y.grad!.zero_()
    expect(x.grad!.toArray()).toEqual([16, 32, 48])
  })

  test('keeps it as hooks left it', () => {
    const x = leaf()
    const y = x.mul(1)
    y.retainGrad()
    y.registerHook((g) => g.mul(3))
    y.sum().backward()
    expect([y.grad!.toArray(), x.grad!.toArray()]).toEqual([
      [3, 3, 3],
      [3, 3, 3],
    ])
  })

  test('means nothing for leaves and is refused where there is no gradient', () => {
    const x = leaf()
    x.retainGrad()
    x.sum().backward()
    expect(x.grad!.toArray()).toEqual([1, 1, 1])
    expect(() => ones([2]).retainGrad()).toThrow(/retainGrad: .* requires no gradient/)
  })
})
