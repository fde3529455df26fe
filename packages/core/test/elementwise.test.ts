import { describe, expect, it } from 'vitest'
import { elementwise, record, scalar as s, tensor, vmap, zeros, type Tensor } from '../src/index.ts'

const float64 = { dtype: 'float64' } as const

const slope = elementwise('slope', (x, y, scale) =>
  s.select(s.lt(x, 0), s.mul(scale, s.mul(x, y)), s.mul(x, s.exp(y))),
)

const x = tensor([[-1, 2, 0.5]], float64)
const y = tensor([[0.3], [-0.7]], float64)
const value = (a: number, b: number, scale: number): number =>
  a < 0 ? scale * a * b : a * Math.exp(b)

describe('an elementwise function of one’s own', () => {
  it('broadcasts its operands, tensors or numbers', () => {
    const expected = [0.3, -0.7].map((b) => [-1, 2, 0.5].map((a) => value(a, b, 3)))
    expect(slope(x, y, 3).toArray()).toEqual(expected)
    expect(slope(x, y, tensor(3, float64)).toArray()).toEqual(expected)
    expect(slope(-1, 0.25, tensor(8)).item()).toBe(-2)
    expect(slope(-2, 1, 3).item()).toBe(-6)
  })

  it('promotes dtypes, to a float', () => {
    expect(slope(x.float(), y, 3).dtype).toBe('float64')
    expect(slope(x.to('int32'), 1, 3).dtype).toBe('float32')
    expect(slope(x.to('float16'), 1, 3).dtype).toBe('float32')
  })

  it('has the derivatives of its formula', () => {
    const a = x.clone().requiresGrad_()
    slope(a, y, 3).sum().backward()
    const rest = Math.exp(0.3) + Math.exp(-0.7)
    const expected = tensor([[3 * (0.3 - 0.7), rest, rest]], float64)
    expect(a.grad!.sub(expected).abs().amax().item()).toBeLessThan(1e-15)
  })

  it('runs under vmap', () => {
    const batch = zeros([2, 3], float64).add(x)
    expect(vmap((row: Tensor) => slope(row, y, 3))(batch).shape).toEqual([2, 2, 3])
  })

  it('is called by its name', () => {
    expect(record(() => slope(x, y, 3)).lines.at(-1)!.op).toBe('slope')
    expect(() => slope(zeros([2]), zeros([3]), 1)).toThrow(/^slope: cannot broadcast/)
    expect(() => slope('x' as never, y, 1)).toThrow(/^slope: expected a tensor/)
  })

  it('says how many operands it takes', () => {
    const call = slope as (...operands: Tensor[]) => Tensor
    expect(() => call(x)).toThrow(/^slope: expected 3 operands, got 1$/)
    expect(() => call(x, y, y, y)).toThrow(/^slope: expected 3 operands, got 4$/)
  })
})
