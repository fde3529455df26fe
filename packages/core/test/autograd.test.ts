import { describe, expect, it } from 'vitest'
import { gradients, GradientError, matmul, noGrad, tensor, type Tensor } from '../src/index.ts'
import { apply, type Op } from '../src/op.ts'

function leaf(data: number | number[] | number[][]): Tensor {
  return tensor(data, { dtype: 'float64', requiresGrad: true })
}

const cube = (x: Tensor): Tensor => x.mul(x).mul(x)

describe('backward', () => {
  it('accumulates into the leaves', () => {
    const x = leaf([1, 2])
    x.square().sum().backward()
    expect(x.grad!.toArray()).toEqual([2, 4])
    x.mul(10).sum().backward()
    expect(x.grad!.toArray()).toEqual([12, 14])
    x.grad = null
    x.mul(3).sum().backward()
    expect(x.grad!.toArray()).toEqual([3, 3])
  })

  it('accumulates in place: who holds the gradient sees the sum', () => {
    const x = leaf([1, 2])
    x.sum().backward()
    const held = x.grad
    x.sum().backward()
    expect(x.grad).toBe(held)
    expect(held!.toArray()).toEqual([2, 2])
  })

  it('reaches every path to a leaf', () => {
    const x = leaf(3)
    const y = x.mul(2)
    y.mul(x).add(y).add(x).backward()
    expect(x.grad!.item()).toBe(4 * 3 + 2 + 1)
  })

  it('has ties share a gradient in the precision of the tensor', () => {
    const x = leaf([2, 2, 2])
    x.max().backward()
    expect(x.grad!.toArray()).toEqual([1 / 3, 1 / 3, 1 / 3])
  })

  it('takes the result of an op without derivatives for a constant', () => {
    const opaque: Op<null> = {
      name: 'opaque',
      kind: 'custom',
      forward: ([x]) => x.mul(2),
      rule: () => null,
      push: () => null,
      batch: 'each',
    }
    expect(apply(opaque, [leaf([1])], null).requiresGrad).toBe(false)
  })

  it('leaves no grad on inner values nor on tensors that require none', () => {
    const x = leaf([1])
    const c = tensor([2], { dtype: 'float64' })
    const y = x.mul(c)
    y.sum().backward()
    expect([y.grad, c.grad]).toEqual([null, null])
  })

  it('takes a gradient, of a tensor of any shape', () => {
    const x = leaf([1, 2])
    x.mul(3).backward(tensor([1, 10], { dtype: 'float64' }))
    expect(x.grad!.toArray()).toEqual([3, 30])
  })

  it('gives nothing to a leaf that was switched off since', () => {
    const x = leaf([1, 2])
    const w = leaf([3, 4])
    const y = x.mul(w).sum()
    x.requiresGrad_(false)
    y.backward()
    expect(x.grad).toBe(null)
    expect(w.grad!.toArray()).toEqual([1, 2])
  })

  it('of a tensor of one element needs none, whatever its shape', () => {
    const x = leaf([[2]])
    x.mul(5).backward()
    expect(x.grad!.toArray()).toEqual([[5]])
  })

  it('of a leaf itself is 1', () => {
    const x = leaf(7)
    x.backward()
    expect(x.grad!.item()).toBe(1)
  })

  it('keeps the dtype of each leaf', () => {
    const x = tensor([1], { requiresGrad: true })
    const w = leaf([2])
    x.mul(w).sum().backward()
    expect([x.grad!.dtype, w.grad!.dtype]).toEqual(['float32', 'float64'])
  })

  it('sums over what was broadcast', () => {
    const row = leaf([1, 2])
    const column = leaf([[1], [2], [3]])
    row.mul(column).sum().backward()
    expect(row.grad!.toArray()).toEqual([6, 6])
    expect(column.grad!.toArray()).toEqual([[3], [3], [3]])
  })
})

describe('retainGraph', () => {
  it('allows a second pass', () => {
    const x = leaf([3])
    const y = x.square().sum()
    y.backward(undefined, { retainGraph: true })
    y.backward()
    expect(x.grad!.toArray()).toEqual([12])
    expect(() => y.backward()).toThrow(/freed/)
  })

  it('is needed only where something was saved', () => {
    const x = leaf([3])
    const shared = x.exp()
    shared.mul(2).sum().backward(undefined, { retainGraph: true })
    shared.mul(3).sum().backward()
    expect(x.grad!.item()).toBeCloseTo(5 * Math.exp(3), 10)
  })
})

describe('inputs', () => {
  it('accumulates into these leaves only', () => {
    const a = leaf([1])
    const b = leaf([2])
    a.mul(b)
      .sum()
      .backward(undefined, { inputs: [a] })
    expect([a.grad!.toArray(), b.grad]).toEqual([[2], null])
    a.mul(b).sum().backward(undefined, { inputs: b })
    expect([a.grad!.toArray(), b.grad!.toArray()]).toEqual([[2], [1]])
  })

  it('runs no rule that leads elsewhere', () => {
    const a = leaf([1])
    const b = leaf([2])
    const inner = b.square()
    const y = a.add(inner).sum()
    noGrad(() => b.add_(1))
    y.backward(undefined, { inputs: [a] })
    expect(a.grad!.toArray()).toEqual([1])
  })
})

describe('createGraph', () => {
  it('records the pass, so that grad can be differentiated', () => {
    const x = leaf(2)
    cube(x).backward(undefined, { createGraph: true })
    const first = x.grad!
    expect([first.item(), first.requiresGrad]).toEqual([12, true])
    x.grad = null
    first.backward()
    expect(x.grad!.item()).toBe(12)
  })

  it('is off unless given', () => {
    const x = leaf(2)
    cube(x).backward()
    expect(x.grad!.requiresGrad).toBe(false)
  })

  it('records inside noGrad, too', () => {
    const x = leaf(2)
    const y = cube(x)
    const [first] = noGrad(() => gradients(y, x, { createGraph: true }))
    expect(first!.requiresGrad).toBe(true)
  })

  it('adds to a grad that the user set to an expanded view', () => {
    const a = leaf([1, 2])
    const b = leaf([3, 4])
    b.grad = tensor(10, { dtype: 'float64' }).expand([2])
    a.mul(b).sum().backward()
    expect([a.grad!.toArray(), b.grad.toArray()]).toEqual([
      [3, 4],
      [11, 12],
    ])
  })

  it('adds to a grad that is on the tape without writing over it', () => {
    const x = leaf(2)
    cube(x).backward(undefined, { createGraph: true })
    const held = x.grad!
    cube(x).backward()
    expect([held.item(), x.grad!.item()]).toEqual([12, 24])
  })
})

describe('memory of gradients', () => {
  it.each([false, true])('is shared by no two leaves (createGraph: %s)', (createGraph) => {
    const a = leaf([1, 2])
    const b = leaf([3, 4])
    const ct = tensor([1, 1], { dtype: 'float64' })
    a.add(b).backward(ct, { createGraph })
    noGrad(() => {
      a.grad!.mul_(2)
      ct.fill_(9)
    })
    expect(a.grad!.toArray()).toEqual([2, 2])
    expect(b.grad!.toArray()).toEqual([1, 1])
  })

  it('is its own where a gradient is spread, reshaped or transposed', () => {
    const x = leaf([[1, 2], [3, 4]]) // prettier-ignore
    x.sum().backward()
    x.grad!.at(0, 0).fill_(5)
    expect(x.grad!.toArray()).toEqual([[5, 1], [1, 1]]) // prettier-ignore
    const y = leaf([[1, 2]])
    const ct = tensor([[1], [2]], { dtype: 'float64' })
    y.T.backward(ct)
    y.grad!.fill_(7)
    expect(ct.toArray()).toEqual([[1], [2]])
  })

  it('a gradient of the leaf itself is not the one that was given', () => {
    const x = leaf([1, 2])
    const ct = tensor([3, 4], { dtype: 'float64' })
    x.backward(ct)
    x.grad!.fill_(0)
    expect(ct.toArray()).toEqual([3, 4])
  })

  it('gradients() gives one memory to each', () => {
    const a = leaf([1, 2])
    const b = leaf([3, 4])
    const [first, second] = gradients(a.add(b).sum(), [a, b])
    first!.fill_(9)
    expect(second!.toArray()).toEqual([1, 1])
  })
})

describe('gradients', () => {
  it('gives gradients by leaves and by inner values, and touches no grad', () => {
    const x = leaf([1, 2])
    const y = x.mul(3)
    const [byX, byY] = gradients(y.square().sum(), [x, y])
    expect(byX!.toArray()).toEqual([18, 36])
    expect(byY!.toArray()).toEqual([6, 12])
    expect(x.grad).toBe(null)
  })

  it('takes one input, or the same one twice', () => {
    const x = leaf(5)
    expect(gradients(x.square(), x).map((g) => g.item())).toEqual([10])
    expect(gradients(x.square(), [x, x]).map((g) => g.item())).toEqual([10, 10])
    expect(gradients(x, x).map((g) => g.item())).toEqual([1])
  })

  it('sums over outputs, weighted by gradOutputs', () => {
    const x = leaf([1, 2])
    const weights = tensor([1, 100], { dtype: 'float64' })
    const [total] = gradients([x.sum(), x.mul(2)], x, { gradOutputs: [null, weights] })
    expect(total!.toArray()).toEqual([1 + 2, 1 + 200])
    const [single] = gradients(x.mul(2), x, { gradOutputs: weights })
    expect(single!.toArray()).toEqual([2, 200])
  })

  it('allowUnused gives null', () => {
    const [a, b] = [leaf(1), leaf(2)]
    expect(gradients(a.mul(2), [a, b], { allowUnused: true })[1]).toBe(null)
    expect(() => gradients(a.mul(2), [a, b])).toThrow(/input 1.*allowUnused/)
  })

  it('retainGraph keeps the tape, createGraph as well', () => {
    const x = leaf(2)
    const y = cube(x)
    gradients(y, x, { retainGraph: true })
    const [first] = gradients(y, x, { createGraph: true })
    const [second] = gradients(first!, x, { createGraph: true })
    const [third] = gradients(second!, x)
    expect([first, second, third].map((g) => g!.item())).toEqual([12, 12, 6])
  })

  it('second order through matmul, softmax and reductions agrees with the Hessian by hand', () => {
    const w = leaf([[1, 2], [3, 4]]) // prettier-ignore
    const v = tensor([1, -1], { dtype: 'float64' })
    const y = w.matmul(v).square().sum()
    const [first] = gradients(y, w, { createGraph: true })
    // y = Σ (w v)², so the Hessian applied to u is 2 (u v) vᵀ.
    const u = tensor([[1, 0], [2, 5]], { dtype: 'float64' }) // prettier-ignore
    const [hvp] = gradients(first!.mul(u).sum(), w)
    const expected = u.matmul(v).mul(2).unsqueeze(1).matmul(v.unsqueeze(0))
    expect(hvp!.toArray()).toEqual(expected.toArray())
  })
})

describe('detach', () => {
  it('cuts the tape', () => {
    const x = leaf(3)
    x.mul(x.detach()).backward()
    expect(x.grad!.item()).toBe(3)
  })

  it('shares memory, and its changes are noticed', () => {
    const x = leaf([3])
    const y = x.square().sum()
    x.detach().fill_(5)
    expect(x.toArray()).toEqual([5])
    expect(() => y.backward()).toThrow(/changed in place/)
  })
})

describe('the tape', () => {
  it('is deep without recursion', () => {
    const x = leaf(1)
    let y = x
    for (let i = 0; i < 20_000; i++) y = y.add(1)
    y.backward()
    expect(x.grad!.item()).toBe(1)
  })

  it('doubles a path without walking it twice', () => {
    const x = leaf(1)
    let y = x
    for (let i = 0; i < 40; i++) y = y.add(y)
    y.backward()
    expect(x.grad!.item()).toBe(2 ** 40)
  })

  it('computes nothing for what needs no gradient', () => {
    const w = leaf([[1, 2], [3, 4]]) // prettier-ignore
    const data = tensor([[1, 0], [0, 1]], { dtype: 'float64' }) // prettier-ignore
    matmul(data, w).sum().backward()
    expect(data.grad).toBe(null)
    expect(w.grad!.toArray()).toEqual([[1, 1], [1, 1]]) // prettier-ignore
  })

  it('a failed pass changes no grad', () => {
    const a = leaf([1])
    const b = leaf([2])
    a.mul(3).sum().backward()
    const inner = b.square()
    const y = a.add(inner.square()).sum()
    noGrad(() => inner.add_(1))
    expect(() => y.backward()).toThrow(GradientError)
    expect([a.grad!.toArray(), b.grad]).toEqual([[3], null])
  })
})
