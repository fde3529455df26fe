import { checkpoint, customOp, matmul, tensor, type Tensor } from '@gradtape/core'
import { describe, expect, test } from 'vitest'
import { gradcheck, gradgradcheck, GradcheckError } from '../src/index.ts'

const leaf = (data: number[], shape: number[] = [data.length]): Tensor =>
  tensor(data, { shape, dtype: 'float64', requiresGrad: true }) as Tensor

describe('custom ops', () => {
  const bilinear = customOp({
    name: 'bilinear',
    forward: (x: Tensor, a: Tensor, y: Tensor) => x.matmul(a).matmul(y),
    vjp: (ct, { inputs: [x, a, y] }) => [
      a.matmul(y).mul(ct),
      x.unsqueeze(1).matmul(y.unsqueeze(0)).mul(ct),
      x.matmul(a).mul(ct),
    ],
  })
  // The derivative comes from the output: exp(x)' is the output itself.
  const growth = customOp({
    forward: (x: Tensor, { rate }: { rate: number }) =>
      tensor(
        Float64Array.from(x.data, (v) => Math.exp(rate * v)),
        { shape: [...x.shape] },
      ),
    vjp: (ct, { output, attributes: { rate } }) => ct.mul(output).mul(rate),
  })

  test('pass gradcheck and gradgradcheck when they are right', () => {
    const inputs: [Tensor, Tensor, Tensor] = [
      leaf([0.5, -1]),
      leaf([1, 2, -0.5, 0.25, 3, -2], [2, 3]),
      leaf([0.5, 1.5, -1]),
    ]
    expect(gradcheck(bilinear, inputs)).toBe(true)
    expect(gradgradcheck(bilinear, inputs)).toBe(true)
    const x = leaf([0.5, -1, 2, 0], [2, 2])
    expect(gradcheck((a: Tensor) => growth(a, { rate: 0.5 }), [x])).toBe(true)
    expect(gradgradcheck((a: Tensor) => growth(a, { rate: 0.5 }), [x])).toBe(true)
  })

  test('are caught when a derivative is wrong, of the first order or the second', () => {
    const wrong = customOp({
      forward: (x: Tensor) => x.square(),
      vjp: (ct, { inputs: [x] }) => ct.mul(x),
    })
    const onlyOnce = customOp({
      forward: (x: Tensor) => x.square(),
      vjp: (ct, { inputs: [x] }) => ct.mul(x.detach()).mul(2),
    })
    const x = leaf([0.5, -1.25])
    expect(() => gradcheck(wrong, [x])).toThrow(GradcheckError)
    expect(gradcheck(onlyOnce, [x])).toBe(true)
    expect(() => gradgradcheck(onlyOnce, [x])).toThrow(GradcheckError)
  })
})

describe('checkpoints', () => {
  const w = leaf([0.5, -1, 2, 0.25], [2, 2])
  const x = leaf([1, -0.5, 0.25, 2], [2, 2])
  const layer = (a: Tensor): Tensor => matmul(a, w).tanh()

  test('pass gradcheck and gradgradcheck, by arguments and by what is used from outside', () => {
    const f = (): Tensor => checkpoint(layer, checkpoint(layer, x))
    expect(gradcheck(f, [x, w])).toBe(true)
    expect(gradgradcheck(f, [x, w])).toBe(true)
  })

  test('one in the other as well', () => {
    const f = (): Tensor => checkpoint((b: Tensor) => checkpoint(layer, b.sin()).mul(b), x)
    expect(gradcheck(f, [x, w])).toBe(true)
    expect(gradgradcheck(f, [x, w])).toBe(true)
  })
})
