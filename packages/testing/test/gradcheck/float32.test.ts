import { customOp, tensor, type Tensor } from '@gradtape/core'
import { describe, expect, test } from 'vitest'
import { gradcheck, gradgradcheck } from '../../src/index.ts'

const single = (data: number[]): Tensor => tensor(data, { dtype: 'float32', requiresGrad: true })

describe('float32 gradients', () => {
  test('are compared with those in float64', () => {
    const f = (a: Tensor, b: Tensor): Tensor => a.mul(b).tanh().softmax(0)
    expect(gradcheck(f, [single([0.5, -1, 2]), single([0.1, 3, -0.5])])).toBe(true)
    expect(gradgradcheck(f, [single([0.5, -1, 2]), single([0.1, 3, -0.5])])).toBe(true)
  })

  test('stand beside float64 ones', () => {
    const double = tensor([1, 2], { dtype: 'float64', requiresGrad: true })
    expect(gradcheck((a, b) => a.mul(b).exp(), [single([0.5, -1]), double])).toBe(true)
  })

  test('whose digits cancel are found', () => {
    // The derivative of (eˣ - 1) / x as tables have it: good enough in float64.
    const cancelling = customOp({
      forward: (a: Tensor) => a.expm1().div(a),
      vjp: (ct, { inputs: [a] }) => {
        const e = a.exp()
        return ct.mul(e.div(a).sub(e.sub(1).div(a.square())))
      },
    })
    const double = tensor([0.003, 1], { dtype: 'float64', requiresGrad: true })
    expect(gradcheck(cancelling, [double])).toBe(true)
    expect(() => gradcheck(cancelling, [single([0.003, 1])])).toThrow(
      expect.objectContaining({
        reason: 'float32',
        worst: expect.objectContaining({ input: 'input 0', index: [0] }),
      }),
    )
    expect(gradcheck(cancelling, [single([0.003, 1])], { rtolFloat32: 1 })).toBe(true)
  })

  test('that are wrong in float64 as well are told by differences', () => {
    expect(() => gradcheck((a) => a.mul(a.detach()), [single([1, 2])])).toThrow(/by differences/)
  })

  test('need the inputs as arguments', () => {
    const a = single([1, 2])
    expect(() => gradcheck(() => a.exp(), [a])).toThrow(/float32/)
  })
})
