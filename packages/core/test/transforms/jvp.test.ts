import { describe, expect, it } from 'vitest'
import {
  cat,
  checkpoint,
  grad,
  gradients,
  hvp,
  isGradEnabled,
  jvp,
  noGrad,
  ones,
  stopGradient,
  tensor,
  valueAndGrad,
  vjp,
  where,
  type Tensor,
} from '../../src/index.ts'

const f64 = (data: number | number[] | number[][], requiresGrad = false): Tensor =>
  tensor(data, { dtype: 'float64', requiresGrad })
const one = f64(1)
const cube = (x: Tensor): Tensor => x.mul(x).mul(x)
/** d/dx f(x), by forward mode. */
const slope =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    jvp(f, [x], [one])[1]

describe('jvp', () => {
  it('gives the value and the tangent along the given one', () => {
    const [y, t] = jvp((x: Tensor) => x.square(), [f64([1, 2])], [f64([1, 10])])
    expect([y.toArray(), t.toArray()]).toEqual([
      [1, 4],
      [2, 40],
    ])
    expect([t.dtype, t.requiresGrad, y.requiresGrad]).toEqual(['float64', false, false])
  })

  it('adds up what comes by several ways, each broadcast to the value', () => {
    const f = (a: Tensor, b: Tensor): Tensor => a.mul(b).add(a).add(1)
    const [, t] = jvp(f, [f64([[2], [3]]), f64([10, 20])], [f64([[1], [0]]), f64([0, 1])])
    expect(t.toArray()).toEqual([
      [11, 23],
      [0, 3],
    ])
  })

  it('of a tensor used twice by one op', () => {
    const [, t] = jvp((x: Tensor) => cat([x, x.mul(2)]), [f64([1])], [f64([5])])
    expect(t.toArray()).toEqual([5, 10])
    expect(slope((x) => x.mul(x))(f64(3)).item()).toBe(6)
  })

  it('over arrays and plain objects, leaving what is no tensor as it is', () => {
    const f = (p: { w: Tensor; list: Tensor[]; power: number }, x: Tensor) => ({
      y: p.w.pow(p.power).mul(x),
      rest: [p.list[0]!.mul(3), p.list[1]!],
      n: 7,
    })
    const at = { w: f64([2]), list: [f64(1), f64(2)], power: 3 }
    const along = { w: f64([1]), list: [f64(1), f64(4)], power: 3 }
    const [out, t] = jvp(f, [at, f64(1)], [along, f64(2)])
    expect([out.y.toArray(), out.n]).toEqual([[8], 7])
    expect([t.y.toArray(), t.rest.map((x) => x.item()), t.n]).toEqual([[28], [3, 4], 7])
  })

  it('has zeros for what does not depend on the primals', () => {
    const [, t] = jvp((x: Tensor) => [ones([2]), x.argmax(), x.floor(), x.gt(0)], [one], [one])
    expect(t.map((x) => [x.toArray(), x.dtype])).toEqual([
      [[0, 0], 'float32'],
      [0, 'int32'],
      [0, 'float64'],
      [false, 'bool'],
    ])
  })

  it('takes a tensor that is closed over as a constant', () => {
    const x = f64(3)
    expect(slope((y) => y.mul(x))(x).item()).toBe(3)
  })

  it('gives tangents memory of their own', () => {
    const v = f64([1, 2])
    const [, t] = jvp((x: Tensor) => x.add(1), [f64([0, 0])], [v])
    t.add_(1)
    expect(v.toArray()).toEqual([1, 2])
  })

  it('follows the branch taken, and no infinity of the other', () => {
    const f = (x: Tensor): Tensor => where(x.gt(0), x.sqrt(), x.mul(0))
    expect(jvp(f, [f64([4, 0])], [f64([1, 1])])[1].toArray()).toEqual([0.25, 0])
  })

  it('shares the tangent of an extreme among those that tie', () => {
    const [, t] = jvp((x: Tensor) => x.amax(), [f64([1, 5, 5])], [f64([100, 1, 3])])
    expect(t.item()).toBe(2)
  })

  it('converts tangents with their values, and ends them at integers', () => {
    const f = (x: Tensor) => [x.to('float32').mul(2), x.to('int32').to('float64')]
    const [, [a, b]] = jvp(f, [f64(3)], [one])
    expect([a!.dtype, a!.item(), b!.item()]).toEqual(['float32', 2, 0])
  })

  it('goes through noGrad, but neither through detach nor stopGradient', () => {
    expect(slope((x) => noGrad(() => x.mul(2)))(one).item()).toBe(2)
    expect(slope((x) => x.detach().mul(x))(one).item()).toBe(1)
    expect(slope((x) => stopGradient(x).mul(x))(one).item()).toBe(1)
  })

  it('leaves no trace when the function throws', () => {
    const fails = (x: Tensor): Tensor => {
      throw new Error(`stop at ${x.ndim}`)
    }
    expect(() => jvp(fails, [one], [one])).toThrow('stop')
    expect(isGradEnabled()).toBe(true)
    expect(one.clone().add_(1).item()).toBe(2)
  })
})

describe('jvp against differences', () => {
  const index = tensor([2, 0], { dtype: 'int32' })
  const functions: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
    'a layer and its loss': (a, b) => a.matmul(b.T).add(0.5).gelu().softmax(-1).log().mean(),
    'products of stacks': (a, b) => a.unsqueeze(0).matmul(cat([b.T, b.T.exp()]).reshape([2, 3, 2])),
    'shapes and places': (a, b) => cat([a.T, b.T.flip(0)]).indexSelect(0, index).at(null, 0),
    'statistics': (a, b) => a.std(1).mul(b.logsumexp(1)).div(b.norm()),
    'extremes and products': (a, b) => a.amax(0).mul(b.max(1).values.prod()).maximum(b.at(0)),
    'powers': (a, b) => a.abs().pow(b).atan2(b),
  } // prettier-ignore

  it.each(Object.entries(functions))('%s', (_, f) => {
    const primals = [f64([[0.5, -1.2, 2], [1.5, 0.3, -0.7]]), f64([[0.9, 2.1, -0.4], [-1.1, 0.6, 1.4]])] as const // prettier-ignore
    const along = [f64([[1, 0.2, -0.5], [0.3, -1, 0.7]]), f64([[-0.8, 0.4, 1], [0.6, 0.1, -0.9]])] as const // prettier-ignore
    const at = (h: number): Tensor =>
      f(primals[0].add(along[0].mul(h)), primals[1].add(along[1].mul(h)))
    const difference = at(1e-5).sub(at(-1e-5)).div(2e-5)
    const [y, t] = jvp(f, [...primals], [...along])
    expect(y.toArray()).toEqual(at(0).toArray())
    expect(t.shape).toEqual(difference.shape)
    const error = t.sub(difference).abs().max().item()
    expect(error).toBeLessThan(1e-8 * (1 + difference.abs().max().item()))
  })
})

describe('nested', () => {
  const x = f64(2)

  it('jvp of jvp, to any order', () => {
    const orders = [slope(cube), slope(slope(cube)), slope(slope(slope(cube)))]
    expect(orders.map((f) => f(x).item())).toEqual([12, 12, 6])
    expect(slope(slope(slope(slope(cube))))(x).item()).toBe(0)
  })

  it('grad of jvp and jvp of grad, and three levels of both', () => {
    const f = (a: Tensor): Tensor => a.sin().mul(a.exp())
    const second = grad(grad(f))(x).item()
    expect(grad(slope(f))(x).item()).toBeCloseTo(second, 12)
    expect(slope(grad(f))(x).item()).toBeCloseTo(second, 12)
    const third = grad(grad(grad(f)))(x).item()
    for (const g of [slope(grad(slope(f))), grad(slope(grad(f))), slope(grad(grad(f)))]) {
      expect(g(x).item()).toBeCloseTo(third, 12)
    }
    expect(grad(grad(slope(f)))(x).item()).toBeCloseTo(third, 12)
  })

  it('keeps the levels apart', () => {
    // d/dx (x · d/dy (x + y)) is 1, and d/dx (x · d/dy (x · y)) is 2 x.
    for (const d of [slope, grad]) {
      for (const e of [slope, grad]) {
        expect(d((a) => a.mul(e((y) => a.add(y))(one)))(f64(5)).item()).toBe(1)
        expect(d((a) => a.mul(e((y) => a.mul(y))(one)))(f64(5)).item()).toBe(10)
        expect(d((a) => a.mul(e((y) => a.mul(y))(a)))(f64(5)).item()).toBe(10)
      }
    }
  })

  it('pushes tangents through a backward pass that adds up many cotangents', () => {
    // x^4 written so that three cotangents meet at each factor.
    const f = (a: Tensor): Tensor => {
      const b = a.mul(1)
      return b.mul(b).mul(b).mul(b)
    }
    expect(slope(grad(f))(x).item()).toBe(48)
    expect(noGrad(() => slope(grad(f))(x)).item()).toBe(48)
  })

  it('valueAndGrad carries the tangent of the value, too', () => {
    const [, [value, g]] = jvp((a: Tensor) => valueAndGrad(cube)(a), [x], [one])
    expect([value.item(), g.item(), value.requiresGrad]).toEqual([12, 12, false])
  })

  it('tangents are on the tape where gradients are wanted', () => {
    const w = f64(3, true)
    const [, t] = jvp((a: Tensor) => cube(a).mul(w), [x], [one])
    t.backward()
    expect([t.item(), w.grad!.item()]).toEqual([36, 12])
    const v = f64(5, true)
    const [, along] = jvp(cube, [x], [v])
    expect(gradients(along, v)[0].item()).toBe(12)
    expect(noGrad(() => jvp(cube, [x], [v]))[1].requiresGrad).toBe(false)
  })
})

describe('vjp', () => {
  it('gives the value and its pullback, which may be called again', () => {
    const [y, pullback] = vjp((a: Tensor, b: Tensor) => a.mul(b), f64([1, 2]), f64([3, 4]))
    expect([y.toArray(), y.requiresGrad]).toEqual([[3, 8], false])
    expect(pullback(f64([1, 0])).map((g) => g.toArray())).toEqual([
      [3, 0],
      [1, 0],
    ])
    expect(pullback(f64([0, 1])).map((g) => g.toArray())).toEqual([
      [0, 4],
      [0, 2],
    ])
  })

  it('over arrays and plain objects; zeros for what is not used', () => {
    const f = (p: { w: Tensor; unused: Tensor }): Tensor[] => [p.w.mul(2), ones([])]
    const [, pullback] = vjp(f, { w: f64([1, 2]), unused: f64([1]) })
    const [g] = pullback([f64([1, 10]), ones([])])
    expect([g.w.toArray(), g.unused.toArray()]).toEqual([[2, 20], [0]])
  })

  it('nests: gradients of pullbacks, by primal and cotangent', () => {
    const f = (x: Tensor, ct: Tensor): Tensor => vjp(cube, x)[1](ct)[0]
    expect(f(f64(2), f64(5)).item()).toBe(60)
    expect(grad(f, { argnums: [0, 1] })(f64(2), f64(5)).map((g) => g.item())).toEqual([60, 12])
    expect(jvp(f, [f64(2), f64(5)], [one, one])[1].item()).toBe(72)
    const v = f64(5, true)
    expect(gradients(vjp(cube, f64(2))[1](v)[0], v)[0].item()).toBe(12)
  })
})

describe('hvp', () => {
  it('is the Hessian times the vectors, in the form of the primals', () => {
    const f = (a: Tensor, [b]: Tensor[]): Tensor => a.square().mul(b!).sum()
    const [forA, [forB]] = hvp(f, [f64([2, 3]), [f64([5, 7])]], [f64([1, 0]), [f64([0, 1])]])
    expect([forA.toArray(), forB!.toArray()]).toEqual([
      [10, 6],
      [4, 0],
    ])
  })

  it('leaves what is no tensor alone', () => {
    const f = (a: Tensor, n: number): Tensor => a.pow(n).sum()
    expect(hvp(f, [f64([2]), 3], [f64([1]), 3])[0].toArray()).toEqual([12])
  })

  it('goes through checkpoints, and stands in them', () => {
    const f = (a: Tensor): Tensor => a.sin().mul(a.exp()).sum()
    const [at, along] = [f64([0.3, 0.7]), f64([1, 2])]
    const product = (g: typeof f, a: Tensor): Tensor => hvp(g, [a], [along])[0]
    const expected = product(f, at).toArray()
    expect(product((a) => checkpoint(f, a), at).toArray()).toEqual(expected)
    const leaf = at.clone().requiresGrad_()
    expect(checkpoint((a) => product(f, a), leaf).toArray()).toEqual(expected)
    const third = grad((a: Tensor) => product(f, a).sum())(at).toArray()
    expect(grad((a: Tensor) => checkpoint((b) => product(f, b), a).sum())(at).toArray()).toEqual(
      third,
    )
  })

  it('nests', () => {
    const curvature = (a: Tensor): Tensor => hvp((b: Tensor) => b.pow(4), [a], [one])[0]
    expect([grad(curvature)(f64(2)).item(), slope(curvature)(f64(2)).item()]).toEqual([48, 48])
  })
})

describe('stopGradient', () => {
  it('makes constants of trees, in the same memory', () => {
    const w = f64([1], true)
    const { a, n } = stopGradient({ a: [w, w.mul(2)], n: 3 })
    expect([a.map((x) => x.requiresGrad), a[0]!.toArray(), n]).toEqual([[false, false], [1], 3])
    expect(grad((x: Tensor) => stopGradient(x).mul(x))(f64(3)).item()).toBe(3)
  })
})
