import { describe, expect, it } from 'vitest'
import { grad, isGradEnabled, noGrad, tensor, valueAndGrad, type Tensor } from '../../src/index.ts'

function leaf(data: number): Tensor {
  return tensor(data, { dtype: 'float64', requiresGrad: true })
}

const cube = (x: Tensor): Tensor => x.mul(x).mul(x)

describe('grad', () => {
  it('differentiates by the first argument', () => {
    const f = grad((x: Tensor, y: Tensor) => x.mul(y).sum())
    expect(f(tensor([1, 2]), tensor([3, 4])).toArray()).toEqual([3, 4])
  })

  it('by the arguments that argnums names', () => {
    const f = (x: Tensor, y: Tensor): Tensor => x.mul(y).mul(y).sum()
    const [x, y] = [tensor([2]), tensor([3])]
    expect(grad(f, { argnums: 1 })(x, y).toArray()).toEqual([12])
    const [byY, byX] = grad(f, { argnums: [1, 0] })(x, y)
    expect([byY.toArray(), byX.toArray()]).toEqual([[12], [9]])
    const [only] = grad(f, { argnums: [0] })(x, y)
    expect(only.toArray()).toEqual([9])
  })

  it('over arrays and plain objects, leaving what is no tensor as it is', () => {
    const loss = (p: { w: Tensor; layers: Tensor[]; power: number }): Tensor =>
      p.w.pow(p.power).sum().add(p.layers[0]!.mul(p.layers[1]!).sum())
    const at = { w: tensor([2]), layers: [tensor([3]), tensor([4])], power: 3 }
    const g = grad(loss)(at)
    expect(g.w.toArray()).toEqual([12])
    expect(g.layers.map((x) => x.toArray())).toEqual([[4], [3]])
    expect(g.power).toBe(3)
    expect(at.w.requiresGrad).toBe(false)
  })

  it('gives zeros for what the function does not use', () => {
    const f = grad(([used]: Tensor[]) => used!.sum())
    expect(f([tensor([1]), tensor([1, 2])]).map((x) => x.toArray())).toEqual([[1], [0, 0]])
    expect(grad((x: Tensor) => tensor(x.numel))(tensor([5])).toArray()).toEqual([0])
  })

  it('valueAndGrad gives both, off the tape', () => {
    const [value, g] = valueAndGrad((x: Tensor) => x.square().sum())(tensor([1, 2]))
    expect([value.item(), value.requiresGrad, g.toArray(), g.requiresGrad]).toEqual([
      5,
      false,
      [2, 4],
      false,
    ])
  })

  it('nests to any order', () => {
    const f = (x: Tensor): Tensor => x.pow(4).sum()
    const x = tensor(2, { dtype: 'float64' })
    const orders = [f, grad(f), grad(grad(f)), grad(grad(grad(f))), grad(grad(grad(grad(f))))]
    expect(orders.map((g) => g(x).item())).toEqual([16, 32, 48, 48, 24])
  })

  it('keeps inner and outer perturbations apart', () => {
    // d/dx (x · d/dy (x + y)) is 1, not 2.
    const f = grad((x: Tensor) => x.mul(grad((y: Tensor) => x.add(y))(x.detach())))
    expect(f(tensor(5)).item()).toBe(1)
    const g = grad((x: Tensor) => x.mul(grad((y: Tensor) => x.mul(y))(x)))
    expect(g(tensor(5)).item()).toBe(10)
  })

  it('closes over tensors that require gradients, and stays on their tape', () => {
    const w = leaf(3)
    const slope = grad((x: Tensor) => x.square().mul(w))(tensor(2, { dtype: 'float64' }))
    expect([slope.item(), slope.requiresGrad]).toEqual([12, true])
    slope.backward()
    expect(w.grad!.item()).toBe(4)
  })

  it('of a tensor on the tape is on it as well, and leaves grad alone', () => {
    const x = leaf(2)
    const slope = grad(cube)(x)
    expect([slope.item(), x.grad]).toEqual([12, null])
    slope.backward()
    expect(x.grad!.item()).toBe(12)
  })

  it('works inside noGrad', () => {
    expect(noGrad(() => grad(cube)(tensor(2))).item()).toBe(12)
    expect(noGrad(() => grad(grad(cube))(tensor(2))).item()).toBe(12)
  })

  it('a noGrad inside is constant', () => {
    expect(grad((x: Tensor) => noGrad(() => x.mul(2)).mul(x))(tensor(3)).item()).toBe(6)
  })

  it('leaves no trace when the function throws', () => {
    const f = grad((x: Tensor): Tensor => {
      throw new Error(`stop at ${x.ndim}`)
    })
    expect(() => f(tensor(1))).toThrow('stop')
    expect(isGradEnabled()).toBe(true)
  })
})
