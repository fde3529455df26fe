import { describe, expect, it } from 'vitest'
import { enableGrad, isGradEnabled, noGrad, tensor, zeros, type Tensor } from '../../src/index.ts'

function leaf(data: number): Tensor {
  return tensor(data, { dtype: 'float64', requiresGrad: true })
}

describe('noGrad and enableGrad', () => {
  it('switch recording, nest, and return what the callback returns', () => {
    const x = leaf(2)
    const seen: boolean[] = []
    const result = noGrad(() => {
      seen.push(isGradEnabled(), x.mul(2).requiresGrad)
      enableGrad(() => {
        seen.push(isGradEnabled(), x.mul(2).requiresGrad)
        noGrad(() => seen.push(isGradEnabled()))
        seen.push(isGradEnabled())
      })
      seen.push(isGradEnabled())
      return 'done'
    })
    expect(result).toBe('done')
    expect(seen).toEqual([false, false, true, true, false, true, false])
    expect([isGradEnabled(), x.mul(2).requiresGrad]).toEqual([true, true])
  })

  it('restore the mode when the callback throws, however deep', () => {
    const fail = (): never => {
      throw new Error('stop')
    }
    expect(() => noGrad(() => enableGrad(() => noGrad(fail)))).toThrow('stop')
    expect(isGradEnabled()).toBe(true)
    noGrad(() => {
      expect(() => enableGrad(fail)).toThrow('stop')
      expect(isGradEnabled()).toBe(false)
    })
    expect(isGradEnabled()).toBe(true)
  })

  it('restore the mode when an op throws', () => {
    const bad = tensor([1, 2, 3]) as Tensor
    expect(() => noGrad(() => bad.add(tensor([1, 2]) as Tensor))).toThrow(/^add: /)
    expect(() => bad.requiresGrad_().matmul(zeros([2, 2]) as Tensor)).toThrow(/^matmul: /)
    expect(isGradEnabled()).toBe(true)
  })

  it('new leaves may still require gradients inside noGrad', () => {
    expect(noGrad(() => leaf(1)).requiresGrad).toBe(true)
  })
})
