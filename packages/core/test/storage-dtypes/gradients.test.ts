import { describe, expect, it } from 'vitest'
import {
  cat,
  checkpoint,
  customOp,
  detectAnomaly,
  grad,
  GradientError,
  gradients,
  jacobian,
  jvp,
  ones,
  tensor,
  vjp,
  vmap,
  zeros,
  type DType,
  type Tensor,
} from '../../src/index.ts'
import { readCases } from '../golden.ts'
import { stored, halves, long } from './stored.ts'

describe('gradients through casts, as PyTorch', () => {
  interface Through {
    name: string
    through: string
    dtype: DType
    values: number[]
    cotangents: number[]
    outputs: number[]
    grads: number[]
  }
  const cases = readCases<Through>(new URL('../golden/torch-storage.json', import.meta.url))
  const moves: Record<string, (x: Tensor) => Tensor> = {
    nothing: (x) => x,
    reshape: (x) => x.reshape([3, 2]).t(),
    narrow: (x) => x.narrow(1, 1, 2),
    expand: (x) => x.unsqueeze(0).expand([2, 2, 3]),
    cat: (x) => cat([x, x.flip(1)], 1),
    indexSelect: (x) => x.indexSelect(1, long(2n, 0n, 0n)),
  }

  it.each(cases.filter((c) => 'through' in c))('$name', (c) => {
    const f = (x: Tensor): Tensor => {
      const half = moves[c.through](x.reshape([2, 3]).to(c.dtype))
      expect(half.dtype).toBe(c.dtype)
      return half.to('float32').square()
    }
    const x = tensor(c.values, { requiresGrad: true })
    const out = f(x)
    expect([...out.data]).toEqual(c.outputs)
    const ct = tensor(c.cotangents, { shape: out.shape })
    out.backward(ct)
    expect([...x.grad!.data]).toEqual(c.grads)
    // Forward mode is the adjoint.
    const u = tensor([1, -2, 3, 0.5, -1, 2])
    const [, pushed] = jvp(f, [x.detach()], [u])
    expect(pushed.mul(ct).sum().item()).toBe(x.grad!.mul(u).sum().item())
  })
})

describe('halves on the tape', () => {
  it.each(halves)('cotangents of %s live in float32', (dtype) => {
    const x = tensor([1, 2, 3], { dtype: 'float64', requiresGrad: true })
    const half = x.to(dtype)
    expect(half.requiresGrad).toBe(true)
    // 1 + 2⁻²⁰ has no value in a half.
    const fine = 1 + 2 ** -20
    half.backward(tensor([fine, fine, fine]))
    expect(x.grad!.dtype).toBe('float64')
    expect([...x.grad!.data]).toEqual([fine, fine, fine])
    const [inner] = gradients(x.to(dtype).at(0), x, { gradOutputs: tensor(fine) })
    expect([...inner.data]).toEqual([fine, 0, 0])
    x.to(dtype).at(1).backward()
    expect(x.grad!.data[1]).toBe(fine + 1)
    expect(() => x.to(dtype).backward(ones([3], { dtype }))).toThrow(
      /backward: the gradient has dtype b?float16, .*to\('float32'\)/,
    )
  })

  it.each(halves)('vjp, jvp, grad and jacobian pass through %s', (dtype) => {
    const x = tensor([1, 2], { dtype: 'float64' })
    const cube = (y: Tensor): Tensor => y.to(dtype).pow(3).sum()
    expect(grad(cube)(x).toArray()).toEqual([3, 12])
    expect(grad((y: Tensor) => grad(cube)(y).sum())(x)).toMatchObject({ dtype: 'float64' })
    expect(grad((y: Tensor) => grad(cube)(y).sum())(x).toArray()).toEqual([6, 12])
    const [out, pull] = vjp((y: Tensor) => y.to(dtype), x)
    expect(out.dtype).toBe(dtype)
    expect(pull(tensor([1, 2]))[0]).toMatchObject({ dtype: 'float64' })
    const [, t] = jvp((y: Tensor) => y.to(dtype), [x], [tensor([1, 2], { dtype: 'float64' })])
    expect([t.dtype, t.toArray()]).toEqual(['float32', [1, 2]])
    for (const mode of ['forward', 'reverse'] as const) {
      const rows = jacobian((y: Tensor) => y.to(dtype), { mode })(x)
      expect(rows.toArray()).toEqual([
        [1, 0],
        [0, 1],
      ])
    }
    expect(grad((y: Tensor) => cube(y).to(dtype))(x).toArray()).toEqual([3, 12])
    // Tangents need no leaf.
    const pushed = jvp((y: Tensor) => y.square(), [ones([2], { dtype })], [tensor([1, 2])])[1]
    expect([pushed.dtype, pushed.toArray()]).toEqual(['float32', [2, 4]])
    // What does not depend on the primals has zeros, of the dtype that tangents have.
    const constant = jvp((y: Tensor) => ones(y.shape, { dtype }), [x], [x])[1]
    expect([constant.dtype, constant.toArray()]).toEqual(['float32', [0, 0]])
  })

  it.each(stored)('%s takes no leaf', (dtype) => {
    const x = zeros([2], { dtype })
    expect(() => x.requiresGrad_()).toThrow(GradientError)
    expect(() => x.requiresGrad_()).toThrow(`dtype ${dtype} `)
    expect(() => tensor([1], { dtype, requiresGrad: true })).toThrow(/float32/)
    expect(() => grad((y: Tensor) => y.sum())(x)).toThrow(GradientError)
    expect(() => vjp((y: Tensor) => y.to('float32'), x)).toThrow(GradientError)
  })

  it('batches, checkpoints and the search for anomalies know them', () => {
    const images = tensor(Uint8Array.of(1, 2, 3, 4), { shape: [2, 2] })
    expect(vmap((x: Tensor) => x.div(2).sum())(images).toArray()).toEqual([1.5, 3.5])
    const flipped = vmap((x: Tensor) => x.flip(0))(images)
    expect([flipped.dtype, [...flipped.data]]).toEqual(['uint8', [2, 1, 4, 3]])
    expect([...vmap((x: Tensor, i: Tensor) => x.take(i))(images, long(1n, -2n)).data]).toEqual([
      2, 3,
    ])
    const w = tensor([1, 2], { requiresGrad: true })
    checkpoint((x: Tensor) => x.to('float16').mul(2).square(), w)
      .sum()
      .backward()
    expect(w.grad!.toArray()).toEqual([8, 16])
    expect(() => detectAnomaly(() => tensor([1e6]).to('float16').mul(w))).toThrow(
      /to made 1 infinite/,
    )
  })

  it('custom ops are given what they can compute with', () => {
    const double = customOp({
      name: 'double',
      forward: (x: Tensor) => tensor(x.data.map((value) => 2 * value)).to('float16'),
      vjp: (ct) => [ct.mul(2)],
    })
    const x = tensor([1, 2], { requiresGrad: true })
    const y = double(x.to('bfloat16'))
    expect(y.dtype).toBe('float16')
    y.to('float32').sum().backward()
    expect(x.grad!.toArray()).toEqual([2, 2])
  })
})
