import { describe, expect, it } from 'vitest'
import {
  grad,
  hessian,
  jacobian,
  jvp,
  tensor,
  zeros,
  type JacobianOptions,
  type Tensor,
} from '../../src/index.ts'

const f64 = (data: number | number[] | number[][]): Tensor => tensor(data, { dtype: 'float64' })
const modes: Required<Pick<JacobianOptions, 'mode'>>[] = [{ mode: 'forward' }, { mode: 'reverse' }]

describe.each(modes)('jacobian, $mode', (options) => {
  it('of a map between vectors', () => {
    const f = (x: Tensor): Tensor => x.matmul(f64([[1, 2, 3], [4, 5, 6]])) // prettier-ignore
    const j = jacobian(f, options)(f64([7, 8]))
    expect(j.toArray()).toEqual([[1, 4], [2, 5], [3, 6]]) // prettier-ignore
    expect(j.requiresGrad).toBe(false)
  })

  it('has the shape of the value, then that of the argument', () => {
    const f = (x: Tensor): Tensor => x.mul(f64([[1], [2]])).sum(0)
    const j = jacobian(f, options)(f64([[1, 2, 3]]))
    expect([j.shape, j.sum().item()]).toEqual([[3, 1, 3], 9])
    expect(jacobian((x: Tensor) => x.square(), options)(f64(3)).item()).toBe(6)
  })

  it('by several arguments, over arrays and plain objects', () => {
    const f = (p: { w: Tensor }, x: Tensor) => ({ y: p.w.mul(x), rest: [x.sum()] })
    const { y, rest } = jacobian(f, { argnums: [0, 1], ...options })({ w: f64(2) }, f64([3, 4]))
    expect([y[0].w.toArray(), y[1].toArray()]).toEqual([[3, 4], [[2, 0], [0, 2]]]) // prettier-ignore
    expect([rest[0]![0].w.toArray(), rest[0]![1].toArray()]).toEqual([0, [1, 1]])
  })

  it('by one argument, with others that are no tensors', () => {
    const f = (n: number, x: Tensor): Tensor => x.pow(n)
    expect(jacobian(f, { argnums: 1, ...options })(2, f64([3])).toArray()).toEqual([[6]])
  })

  it('of nothing, by nothing, and of what does not depend on the argument', () => {
    const f = jacobian((x: Tensor) => [x.mul(2), zeros([2])], options)
    const [none, constant] = f(zeros([0, 3]))
    expect([none!.shape, constant!.shape]).toEqual([[0, 3, 0, 3], [2, 0, 3]]) // prettier-ignore
    expect(f(f64([1]))[1]!.toArray()).toEqual([[0], [0]])
  })

  it('nests', () => {
    const cubes = (x: Tensor): Tensor => x.pow(3)
    const twice = jacobian(jacobian(cubes, options), options)(f64([2, 5]))
    expect(twice.toArray()).toEqual([[[12, 0], [0, 0]], [[0, 0], [0, 30]]]) // prettier-ignore
    const total = (x: Tensor): Tensor => jacobian(cubes, options)(x).sum()
    expect(grad(total)(f64([2, 5])).toArray()).toEqual([12, 30])
    expect(jvp(total, [f64([2, 5])], [f64([1, 1])])[1].item()).toBe(42)
  })
})

describe('hessian', () => {
  it('of a quadratic form is twice its symmetric part', () => {
    const a = f64([[1, 2], [5, 3]]) // prettier-ignore
    const f = (x: Tensor): Tensor => x.matmul(a).matmul(x)
    expect(hessian(f)(f64([1, -1])).toArray()).toEqual([[2, 7], [7, 6]]) // prettier-ignore
  })

  it("of Rosenbrock's function", () => {
    const f = (p: Tensor): Tensor => {
      const [x, y] = [p.at(0), p.at(1)]
      return x.sub(1).square().add(y.sub(x.square()).square().mul(100))
    }
    expect(hessian(f)(f64([1, 1])).toArray()).toEqual([[802, -400], [-400, 200]]) // prettier-ignore
  })

  it('by several arguments, a block for each pair', () => {
    const f = (x: Tensor, y: Tensor): Tensor => x.square().mul(y).sum()
    const [[xx, xy], [yx, yy]] = hessian(f, { argnums: [0, 1] })(f64([3]), f64([5]))
    expect([xx, xy, yx, yy].map((block) => block.toArray())).toEqual([[[10]], [[6]], [[6]], [[0]]])
  })

  it('nests', () => {
    const total = (x: Tensor): Tensor => hessian((y: Tensor) => y.pow(4).sum())(x).sum()
    expect(grad(total)(f64([1, 2])).toArray()).toEqual([24, 48])
  })
})
