import { DTypeError, noGrad, tensor, type Tensor } from '@gradtape/core'
import { describe, expect, it } from 'vitest'
import { Dense } from '../../src/index.ts'
import { crossEntropy, dropout, linear, mseLoss, nllLoss } from '../../src/functional/index.ts'

const x = tensor([[0.5, -1, 2], [1, 0.25, 0]]) // prettier-ignore

describe('dtypes that only keep elements', () => {
  it('hold labels', () => {
    const labels = tensor([2, 0], { dtype: 'int32' })
    for (const dtype of ['int64', 'uint8'] as const) {
      expect(crossEntropy(x, labels.to(dtype)).item()).toBe(crossEntropy(x, labels).item())
      expect(nllLoss(x, labels.to(dtype)).item()).toBe(nllLoss(x, labels).item())
    }
    const some = tensor(BigInt64Array.of(-100n, 1n))
    expect(crossEntropy(x, some).item()).toBe(crossEntropy(x, some.to('int32')).item())
    expect(() => crossEntropy(x, tensor(BigInt64Array.of(0n, 3n)))).toThrow(/label 3 at element 1/)
    expect(() => crossEntropy(x, tensor([0, 1], { dtype: 'float16' }))).toThrow(DTypeError)
  })

  it('hold inputs, which become float32', () => {
    const weight = tensor([[1, 2, 3]], { requiresGrad: true })
    for (const dtype of ['float16', 'bfloat16'] as const) {
      const half = x.to(dtype)
      const results: [Tensor, Tensor][] = [
        [linear(half, weight), linear(x, weight)],
        [mseLoss(x, half), mseLoss(x, x)],
        [crossEntropy(half, half.softmax(1)), crossEntropy(x, x.softmax(1))],
        [dropout(half, { p: 0 }), dropout(x, { p: 0 })],
      ]
      for (const [found, expected] of results) {
        expect([found.dtype, found.toArray()]).toEqual(['float32', expected.toArray()])
      }
    }
    expect(() => linear(x.to('uint8'), weight)).toThrow(/^linear: .*float.* got dtype uint8/)
  })

  it('are no dtypes of modules', () => {
    const dense = new Dense(2, 1)
    expect(() => dense.to('float16' as never)).toThrow(
      /^to: expected 'float32' or 'float64', got 'float16'/,
    )
    const state = dense.stateDict()
    const halves = Object.fromEntries(Object.entries(state).map(([k, v]) => [k, v.to('float16')]))
    const before = dense.weight.toArray()
    expect(() => dense.loadStateDict(halves)).toThrow(/float16.*convert/)
    expect(dense.weight.toArray()).toEqual(before)
    noGrad(() => dense.weight.copy_(halves['weight']))
    expect(dense.weight.toArray()).toEqual(halves['weight'].toArray())
  })
})
