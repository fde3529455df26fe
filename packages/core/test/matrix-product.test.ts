import { describe, expect, it } from 'vitest'
import { arange, grad, matrixProduct, record, tensor, vmap, type Tensor } from '../src/index.ts'
import { product } from '../src/kinds/contraction.ts'

const numbers = (...shape: number[]): Tensor =>
  arange(shape.reduce((a, b) => a * b, 1), { dtype: 'float64' }).mul(0.7).sin().reshape(shape) // prettier-ignore
const times = (a: Tensor, b: Tensor): Tensor => matrixProduct('times', a, b, true)

describe('a product with a transposed matrix', () => {
  const b = numbers(5, 3)

  it.each([[[4, 3]], [[1, 3]], [[3]], [[2, 4, 3]], [[2, 1, 4, 3]], [[0, 3]]])(
    'of %j is that with the transpose, and so are its gradients',
    (shape) => {
      const sides = [times, (x: Tensor, w: Tensor) => x.matmul(w.mT)].map((multiply) => {
        const [x, w] = [numbers(...shape), b].map((t) => t.clone().requiresGrad_())
        const out = multiply(x, w)
        out.mul(out).sum().backward()
        return [out, x.grad, w.grad].map((t) => t!.toArray())
      })
      expect(sides[0]).toEqual(sides[1])
    },
  )

  it('takes operands that lie in any way', () => {
    const a = numbers(3, 4)
    expect(times(a.T, b).toArray()).toEqual(a.T.clone().matmul(b.T).toArray())
    expect(times(a.T, numbers(3, 5).T).toArray()).toEqual(a.T.matmul(numbers(3, 5)).toArray())
    const batch = numbers(4, 2, 3).transpose(0, 1)
    expect(times(batch, b).toArray()).toEqual(batch.clone().matmul(b.T).toArray())
  })

  it('promotes dtypes, and computes in those that it can compute in', () => {
    const whole = tensor([[1, 2, 3]])
    expect(times(whole, b).dtype).toBe('float64')
    expect(times(whole.to('float16'), whole.to('float16'))).toMatchObject({ dtype: 'float32' })
    expect(times(whole.to('int32'), whole.to('int32')).toArray()).toEqual([[14]])
    expect(() => times(whole.gt(1), whole.gt(1))).toThrow(/^times: not defined for bool tensors/)
  })

  it('is of single examples under vmap', () => {
    const each = vmap((row: Tensor, w: Tensor) => times(row, w), { inDims: [0, null] })
    expect(each(numbers(4, 3), b).toArray()).toEqual(times(numbers(4, 3), b).toArray())
  })

  it('leaves gradients that lie as their tensors do', () => {
    const w = b.clone().requiresGrad_()
    times(numbers(40, 3), w).sum().backward()
    expect(w.grad!.layout.isContiguous).toBe(true)
  })

  it('has one product of tall matrices as the gradient of a matrix for a whole batch', () => {
    const [x, w] = [numbers(2, 4, 3), b.clone().requiresGrad_()]
    const tape = record(() => times(x, w).sum().backward())
    const products = tape.lines.filter(({ op, phase }) => op === 'matmul' && phase === 'backward')
    expect(products.map(({ shape }) => shape)).toEqual([[5, 3]])
  })
})

describe('a transposed batch times a matrix', () => {
  const [x, w] = [numbers(2, 3, 4), numbers(3, 5)]

  it.each(['left', 'right'])(
    'is that of the transposes, in two orders of its %s gradient',
    (side) => {
      const sides = [
        (a: Tensor, c: Tensor) => product(a, c, true),
        (a: Tensor, c: Tensor) => a.mT.matmul(c),
      ]
      const [first, second] = sides.map((multiply) => {
        const f = (t: Tensor): Tensor =>
          (side === 'left' ? multiply(t, w) : multiply(x, t)).sin().sum()
        const at = side === 'left' ? x : w
        const slope = (t: Tensor): Tensor => grad(f)(t).square().sum()
        return [f(at), grad(f)(at), grad(slope)(at)]
      })
      first.forEach((value, k) => {
        expect(value.shape).toEqual(second[k].shape)
        expect(value.sub(second[k]).abs().amax().item()).toBeLessThan(1e-13)
      })
    },
  )
})
