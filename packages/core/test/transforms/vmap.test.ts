import { describe, expect, test } from 'vitest'
import {
  checkpoint,
  customOp,
  grad,
  gradients,
  hessian,
  hvp,
  jacobian,
  jvp,
  manualSeed,
  noGrad,
  ones,
  rand,
  randn,
  randperm,
  stack,
  stopGradient,
  tensor,
  vjp,
  vmap,
  where,
  zeros,
  type Tensor,
} from '../../src/index.ts'

const f64 = (data: number | readonly (number | readonly number[])[]): Tensor =>
  tensor(data as number[], { dtype: 'float64' })
const rows = f64([
  [1, 2],
  [3, 4],
  [5, 6],
])

describe('vmap', () => {
  test('runs a function of one example over a batch', () => {
    let calls = 0
    const f = (x: Tensor, y: Tensor): Tensor => {
      calls++
      expect([x.shape, y.shape]).toEqual([[2], [2]])
      return x.dot(y)
    }
    const out = vmap(f)(rows, rows.mul(10))
    expect(out.toArray()).toEqual([50, 250, 610])
    expect(calls).toBe(1)
  })

  test('maps along the dims that are asked for, and shares what has none', () => {
    const f = (x: Tensor, y: Tensor, power: number): Tensor => x.pow(power).add(y)
    const along = vmap(f, { inDims: [1, null, null], outDims: -1 })
    expect(along(rows.T, f64([10, 20]), 2).toArray()).toEqual(
      rows
        .pow(2)
        .add(f64([10, 20]))
        .T.toArray(),
    )
    expect(vmap(f, { inDims: [-1, 0, null] })(rows, rows.T, 1).shape).toEqual([2, 3])
  })

  test('takes and returns arrays and plain objects', () => {
    const f = (
      { w, b }: { w: Tensor; b: Tensor },
      [x]: [Tensor],
    ): { y: Tensor; same: Tensor[] } => ({
      y: w.dot(x).add(b),
      same: [b, x],
    })
    const params = { w: f64([1, 10]), b: f64([100, 200, 300]) }
    const out = vmap(f, { inDims: [{ w: null, b: 0 }, 0], outDims: { y: 0, same: [0, 1] } })(
      params,
      [rows],
    )
    expect(out.y.toArray()).toEqual([121, 243, 365])
    expect(out.same[0].toArray()).toEqual([100, 200, 300])
    expect(out.same[1].toArray()).toEqual(rows.T.toArray())
  })

  test('repeats what is the same for all, unless it is asked for once', () => {
    const shared = f64([7, 8])
    expect(vmap((x: Tensor) => (x.ndim > 0 ? shared : x))(rows).toArray()).toEqual([
      [7, 8],
      [7, 8],
      [7, 8],
    ])
    const f = (x: Tensor): Tensor[] => [x, shared.mul(2)]
    const [, once] = vmap(f, { outDims: [0, null] })(rows)
    expect(once.toArray()).toEqual([14, 16])
    expect(() => vmap(f, { outDims: null })(rows)).toThrow(/outDims is null .* differs/)
  })

  test('takes a batch of none', () => {
    expect(vmap((x: Tensor) => x.sum())(zeros([0, 3])).shape).toEqual([0])
  })

  test('nests with itself', () => {
    const outer = vmap(
      vmap((a: Tensor, b: Tensor) => a.mul(b), { inDims: [null, 0] }),
      {
        inDims: [0, null],
      },
    )
    expect(outer(f64([1, 2, 3]), f64([10, 20])).toArray()).toEqual([
      [10, 20],
      [20, 40],
      [30, 60],
    ])
    const cube = rows.reshape([3, 1, 2]).expand([3, 2, 2])
    const sums = vmap(vmap((x: Tensor) => x.sum(0).add(rows.sum()), { inDims: 1 }))(cube)
    expect(sums.toArray()).toEqual(cube.sum(1).add(21).toArray())
  })

  test('prints what stands for one example of each', () => {
    let seen = ''
    vmap((x: Tensor) => {
      seen = `${x}`
      return x
    })(rows)
    expect(seen).toBe('tensor(one for each of 3 examples, shape=[2], dtype=float64)')
  })
})

describe('vmap and gradients', () => {
  const loss = (w: Tensor, x: Tensor): Tensor => w.dot(x).pow(3)
  const w = f64([0.5, -1])
  const slopes = (v: Tensor): number[][] =>
    [...rows].map((x) => grad(loss)(v, x).toArray() as number[])

  test('give the gradient of each example', () => {
    const perExample = vmap(grad(loss), { inDims: [null, 0] })(w, rows)
    expect(perExample.toArray()).toEqual(slopes(w))
    expect(perExample.requiresGrad).toBe(false)
  })

  test('and those of a function of it', () => {
    const total = (v: Tensor): Tensor =>
      vmap(grad(loss), { inDims: [null, 0] })(v, rows)
        .square()
        .sum()
    const looped = (v: Tensor): Tensor =>
      stack([...rows].map((x) => grad(loss)(v, x)))
        .square()
        .sum()
    expect(grad(total)(w).toArray()).toEqual(grad(looped)(w).toArray())
    expect(hessian(total)(w).toArray()).toEqual(hessian(looped)(w).toArray())
    const v = ones([2], { dtype: 'float64' })
    const [atOnce] = hvp(total, [w], [v])
    const [oneByOne] = hvp(looped, [w], [v])
    expect(atOnce.sub(oneByOne).abs().max().item()).toBeLessThan(1e-9)
  })

  test('reach leaves that the function closes over', () => {
    const leaf = f64([0.5, -1]).requiresGrad_()
    vmap((x: Tensor) => leaf.dot(x).square())(rows)
      .sum()
      .backward()
    expect(leaf.grad!.toArray()).toEqual(
      grad((v: Tensor) => rows.matmul(v).square().sum())(w).toArray(),
    )
    const both = vmap((x: Tensor) => grad((v: Tensor) => v.mul(leaf).dot(x).square())(x))(rows)
    expect(both.requiresGrad).toBe(true)
    leaf.grad = null
    both.sum().backward()
    const looped = (v: Tensor): Tensor =>
      stack([...rows].map((x) => grad((u: Tensor) => u.mul(v).dot(x).square())(x))).sum()
    expect(leaf.grad!.toArray()).toEqual(grad(looped)(w).toArray())
  })

  test('nest with every other transform, in either order', () => {
    const f = (x: Tensor): Tensor => x.sin().mul(x.flip([0]))
    const each = (g: (x: Tensor) => Tensor): number[][] =>
      [...rows].map((x) => g(x).toArray() as number[])
    const v = f64([1, -2])
    const along = (x: Tensor): Tensor => jvp(f, [x], [v])[1]
    const back = (x: Tensor): Tensor => vjp(f, x)[1](v)[0]
    const scalar = (x: Tensor): Tensor => f(x).square().sum()
    expect(vmap(along)(rows).toArray()).toEqual(each(along))
    expect(vmap(back)(rows).toArray()).toEqual(each(back))
    expect(vmap(jacobian(f))(rows).toArray()).toEqual(each(jacobian(f)))
    expect(vmap(jacobian(f, { mode: 'forward' }))(rows).toArray()).toEqual(
      each(jacobian(f, { mode: 'forward' })),
    )
    expect(vmap(hessian(scalar))(rows).toArray()).toEqual(each(hessian(scalar)))
    expect(vmap((x: Tensor) => hvp(scalar, [x], [v])[0])(rows).toArray()).toEqual(
      each((x) => hvp(scalar, [x], [v])[0]),
    )
    const twice = grad((x: Tensor) => grad(scalar)(x).dot(v))
    expect(vmap(twice)(rows).toArray()).toEqual(each(twice))
    const [, pushed] = jvp(vmap(f), [rows], [rows.mul(0).add(v)])
    expect(pushed.toArray()).toEqual(each(along))
    const inside = vmap((x: Tensor) => checkpoint(f, x))
    expect(inside(rows).toArray()).toEqual(each(f))
    const around = (x: Tensor): Tensor => checkpoint((a: Tensor) => vmap(grad(scalar))(a), x).sum()
    expect(grad(around)(rows).toArray()).toEqual(
      grad((x: Tensor) => vmap(grad(scalar))(x).sum())(rows).toArray(),
    )
  })

  test('are cut by detach, stopGradient and noGrad on every level', () => {
    for (const cut of [
      (x: Tensor) => x.detach(),
      (x: Tensor) => stopGradient(x),
      (x: Tensor) => noGrad(() => x.mul(1)),
    ]) {
      const f = (x: Tensor): Tensor => vmap((a: Tensor) => cut(a).mul(a).sum())(x).sum()
      expect(grad(f)(rows).toArray()).toEqual(rows.toArray())
      const inner = vmap(grad((a: Tensor) => cut(a).mul(a).sum()))(rows)
      expect(inner.toArray()).toEqual(rows.toArray())
    }
  })

  test('hold noGrad outside off the outer tape only', () => {
    const x = rows.detach().requiresGrad_()
    const out = noGrad(() => vmap(grad((a: Tensor) => a.square().sum()))(x))
    expect([out.toArray(), out.requiresGrad]).toEqual([rows.mul(2).toArray(), false])
  })

  test('work by gradients() in the function', () => {
    const f = (x: Tensor): Tensor => {
      const leaf = x.detach().requiresGrad_()
      return gradients(leaf.pow(3).sum(), leaf)[0]
    }
    expect(vmap(f)(rows).toArray()).toEqual(rows.square().mul(3).toArray())
  })
})

describe('vmap and ops of other kinds', () => {
  test('calls a custom op for each example', () => {
    const seen: number[][] = []
    const cube = customOp({
      forward: (x: Tensor, y: Tensor) => {
        seen.push([...x.data])
        return x.pow(3).add(y)
      },
      vjp: (ct, { inputs: [x] }) => [ct.mul(x.square()).mul(3), ct],
      jvp: ([t, u], { inputs: [x] }) => t.mul(x.square()).mul(3).add(u),
    })
    const y = f64([1, 1])
    expect(vmap((x: Tensor) => cube(x, y))(rows).toArray()).toEqual(rows.pow(3).add(1).toArray())
    expect(seen).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    const slope = vmap(grad((x: Tensor) => cube(x, y).sum()))(rows)
    expect(slope.toArray()).toEqual(rows.square().mul(3).toArray())
    expect(() => vmap((x: Tensor) => cube(x, y))(zeros([0, 2]))).toThrow(/batch of none/)
  })

  test('draws random numbers as it is told', () => {
    const draw = (x: Tensor): Tensor => x.mul(0).add(rand([2], { dtype: 'float64' }))
    expect(() => vmap(draw)(rows)).toThrow(/randomness: 'different'/)
    manualSeed(3)
    const same = vmap(draw, { randomness: 'same' })(rows)
    expect(same.at(0).toArray()).toEqual(same.at(1).toArray())
    manualSeed(3)
    const different = vmap(draw, { randomness: 'different' })(rows)
    expect(new Set(different.toTypedArray()).size).toBe(6)
    // Nobody else is given the same numbers: the next ones are those that follow.
    const next = rand([2], { dtype: 'float64' }).toArray() as number[]
    manualSeed(3)
    const all = [...rand([64], { dtype: 'float64' }).toTypedArray()]
    expect(next).toEqual(all.slice(6, 8))
    expect(next.some((value) => different.toTypedArray().includes(value))).toBe(false)
    const orders = vmap((x: Tensor) => randperm(5).add(x.sum().mul(0)), {
      randomness: 'different',
    })(rows)
    for (const order of orders) {
      expect([...order.data].toSorted()).toEqual([0, 1, 2, 3, 4])
    }
    expect(orders.at(0).toArray()).not.toEqual(orders.at(1).toArray())
    const noise = vmap((x: Tensor) => randn([3]).add(x.sum().mul(0)), { randomness: 'different' })
    expect(new Set(noise(rows.float()).toTypedArray()).size).toBe(9)
  })

  test('writes in place into what carries the batch', () => {
    const x = rows.clone()
    const f = (a: Tensor, by: Tensor): Tensor => a.mul_(by).at(0)
    expect(vmap(f)(x, f64([1, 10, 100])).toArray()).toEqual([1, 30, 500])
    expect(x.toArray()).toEqual([
      [1, 2],
      [30, 40],
      [500, 600],
    ])
    vmap((a: Tensor, i: Tensor) => a.indexPut_([i], -1))(x, tensor([0, 1, 0], { dtype: 'int32' }))
    expect(x.toArray()).toEqual([
      [-1, 2],
      [30, -1],
      [-1, 600],
    ])
    const y = stack([rows, rows], 1)
    vmap((a: Tensor, i: Tensor) => a.indexPut_(['...', i], 0))(
      y,
      tensor([0, 1, 0], { dtype: 'int32' }),
    )
    expect(y.sum(1).toArray()).toEqual(x.ne(-1).to('float64').mul(rows).mul(2).toArray())
    const shared = f64([0, 0])
    expect(() => vmap((a: Tensor) => shared.add_(a))(rows)).toThrow(/add_: .* all examples share/)
    expect(shared.toArray()).toEqual([0, 0])
    const one = f64([1, 2]).reshape([1, 2]).expand([3, 2])
    expect(() => vmap((a: Tensor) => a.mul_(2))(one)).toThrow(/share one place/)
    expect(one.at(0).toArray()).toEqual([1, 2])
  })

  test('notices a saved value that was changed in place', () => {
    const f = (x: Tensor): Tensor =>
      grad((a: Tensor) => {
        const y = a.mul(2)
        const z = y.square().sum()
        noGrad(() => y.detach().zero_())
        return z
      })(x)
    expect(() => vmap(f)(rows)).toThrow(/changed in place/)
  })

  test('names the shapes of one example in errors', () => {
    expect(() => vmap((x: Tensor) => x.add(f64([1, 2, 3])))(rows)).toThrow(
      /add: cannot broadcast \[2\] with \[3\]/,
    )
    expect(() => vmap((x: Tensor) => x.matmul(rows))(rows)).toThrow(/\[2\] and \[3, 2\]/)
  })

  test('refuses what would have another shape for each example', () => {
    const f = (x: Tensor): Tensor => x.maskedSelect(x.gt(2))
    expect(() => vmap(f)(rows)).toThrow(/vmap: .*mask.*where/)
    const masked = (x: Tensor): Tensor => where(x.gt(2), x, x.mul(0))
    expect(vmap(masked)(rows).toArray()).toEqual([
      [0, 0],
      [3, 4],
      [5, 6],
    ])
  })

  test('checks the indices of all examples', () => {
    const x = f64([1, 2, 3])
    const pick = (i: Tensor): Tensor => x.at(i)
    expect(vmap(pick)(tensor([2, 0], { dtype: 'int32' })).toArray()).toEqual([3, 1])
    expect(() => vmap(pick)(tensor([2, 3], { dtype: 'int32' }))).toThrow(/index 3 is out of range/)
  })
})

describe('vmap refuses', () => {
  const id = (x: Tensor): Tensor => x

  test('to show elements', () => {
    for (const read of [
      (x: Tensor) => x.item(),
      (x: Tensor) => x.data,
      (x: Tensor) => x.toArray(),
      (x: Tensor) => [...x.at(0).data],
    ]) {
      const f = (x: Tensor): Tensor => x.mul(Number(read(x)))
      expect(() => vmap(f)(f64([[1], [2]]))).toThrow(/inside of vmap .* where/)
    }
    let kept: Tensor = zeros([1])
    vmap((x: Tensor) => (kept = x.mul(2)))(rows)
    expect(() => kept.add(1)).toThrow(/inside of vmap/)
  })

  test('backward, whose gradients have no place', () => {
    const leaf = f64([1, 2]).requiresGrad_()
    const f = (x: Tensor): Tensor => {
      leaf.dot(x).backward()
      return x
    }
    expect(() => vmap(f)(rows)).toThrow(/backward: inside of vmap/)
    expect(leaf.grad).toBe(null)
  })

  test.each([
    ['no function', () => vmap(3 as never), /vmap: expected a function/],
    ['a promise', () => vmap<[Tensor], Tensor>((async (x: Tensor) => x) as never)(rows), /promise/],
    ['nothing', () => vmap<[Tensor], unknown>(() => undefined)(rows), /must return a tensor/],
    ['no tensors', () => vmap((n: number) => tensor(n))(3), /nothing to map over/],
    ['only shared ones', () => vmap(id, { inDims: null })(rows), /nothing to map over/],
    ['a 0-d tensor', () => vmap(id)(f64(1)), /0-d tensor has no dim/],
    ['a dim that is none', () => vmap(id, { inDims: 2 })(rows), /inDims: .*2/],
    ['an out dim that is none', () => vmap(id, { outDims: 2 })(rows), /outDims: .*2/],
    ['other sizes', () => vmap((x: Tensor, y: Tensor) => x.add(y))(rows, rows.T), /3 .*2 /],
    [
      'a list that is too short',
      () => vmap((x: Tensor, y: Tensor) => x.add(y), { inDims: [0] })(rows, rows),
      /a list of 2.*got a list of 1/,
    ],
    [
      'dims in another form',
      () => vmap(id, { inDims: [{ a: 0 }] as any })(rows),
      /one dim .*the keys a/,
    ],
    ['outDims in another form', () => vmap(id, { outDims: [0] })(rows), /one dim in outDims/],
    ['a dim that is a string', () => vmap(id, { inDims: 'x' } as any)(rows), /got 'x'/],
    [
      'an unknown randomness',
      () => vmap(id, { randomness: 'some' as never }),
      /'different', got 'some'/,
    ],
    ['options that are none', () => vmap(id, 1 as never), /vmap/],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message)
  })
})
