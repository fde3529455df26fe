import { describe, expect, it } from 'vitest'
import {
  checkpoint,
  customOp,
  DTypeError,
  GradientError,
  grad,
  gradients,
  isGradEnabled,
  jvp,
  ShapeError,
  tensor,
  ValueError,
  type Tensor,
} from '../../src/index.ts'
import { apply, withHandler, type Handler, type Op } from '../../src/op.ts'

function leaf(data: number | number[]): Tensor {
  return tensor(data, { dtype: 'float64', requiresGrad: true })
}

const product = customOp({
  name: 'product',
  forward: (a: Tensor, b: Tensor) => a.mul(b),
  vjp: (ct, { inputs: [a, b] }) => [ct.mul(b), ct.mul(a)],
  jvp: ([ta, tb], { inputs: [a, b] }) => ta.mul(b).add(tb.mul(a)),
})

describe('customOp', () => {
  it('computes from tensors and attributes, or from raw data', () => {
    const power = customOp({
      forward: (x: Tensor, { n }: { n: number }) =>
        tensor(
          Float64Array.from(x.data, (v) => v ** n),
          { shape: [...x.shape] },
        ),
      vjp: (ct, { inputs: [x], attributes: { n } }) => ct.mul(x.pow(n - 1)).mul(n),
    })
    const x = leaf([1, 2, 3])
    const y = power(x, { n: 3 })
    expect(y.toArray()).toEqual([1, 8, 27])
    expect(gradients(y.sum(), x)[0].toArray()).toEqual([3, 12, 27])
  })

  it('is not recorded inside of forward, and calls vjp once for all inputs', () => {
    const seen: unknown[] = []
    const op = customOp({
      forward(a: Tensor, b: Tensor) {
        const out = a.mul(b)
        seen.push(isGradEnabled(), out.requiresGrad)
        return out
      },
      vjp(ct, { inputs: [a, b], output }) {
        seen.push(output.toArray())
        return [ct.mul(b), ct.mul(a)]
      },
    })
    const [a, b] = [leaf([2]), leaf([5])]
    const y = op(a, b)
    const pass = (): unknown => gradients(y, [a, b], { retainGraph: true }).map((g) => g.item())
    expect(pass()).toEqual([5, 2])
    expect(seen).toEqual([false, false, [10]])
    // Another pass asks again.
    expect(pass()).toEqual([5, 2])
    expect(seen).toHaveLength(4)
  })

  it('passes the one door as an op of its own', () => {
    const names: string[] = []
    const watcher: Handler = {
      handle<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
        names.push(`${op.kind} ${op.name}`)
        return apply(op, inputs, attributes)
      },
    }
    withHandler(watcher, () => product(leaf(1), leaf(2)))
    expect(names).toEqual(['custom product'])
  })

  it('is differentiated to any order, and within a checkpoint', () => {
    const cube = customOp({
      forward: (x: Tensor) => x.mul(x).mul(x),
      vjp: (ct, { inputs: [x] }) => ct.mul(x.square()).mul(3),
    })
    const f = (x: Tensor): Tensor => checkpoint((a: Tensor) => cube(cube(a)), x)
    const x = tensor(2, { dtype: 'float64' })
    const orders = [f, grad(f), grad(grad(f)), grad(grad(grad(f)))]
    expect(orders.map((g) => g(x).item())).toEqual([512, 9 * 256, 72 * 128, 504 * 64])
  })

  it('takes null for zeros', () => {
    const first = customOp({
      forward: (a: Tensor, _b: Tensor) => a.clone(),
      vjp: (ct) => [ct, null],
    })
    const constant = customOp({ forward: (x: Tensor) => x.sign(), vjp: () => null })
    const [a, b] = [leaf([2, 3]), leaf([5])]
    const all = gradients(first(a, b).sum(), [a, b])
    expect(all.map((g) => g.toArray())).toEqual([[1, 1], [0]])
    expect(gradients(constant(a).sum(), a)[0].toArray()).toEqual([0, 0])
  })

  it('takes inputs of dtypes without gradients, and any number of inputs', () => {
    const pick = customOp({
      forward: (x: Tensor, index: Tensor) => x.indexSelect(0, index),
      vjp: (ct, { inputs: [x, index] }) => [
        x.mul(0).indexPut([index], ct, { accumulate: true }),
        null,
      ],
    })
    const x = leaf([1, 2, 3])
    const index = tensor([2, 2], { dtype: 'int32' })
    expect(gradients(pick(x, index).sum(), x)[0].toArray()).toEqual([0, 0, 2])

    const total = customOp({
      forward: (...terms: Tensor[]) => terms.reduce((sum, one) => sum.add(one)),
      vjp: (ct, { inputs }) => inputs.map(() => ct),
    })
    const terms = [leaf(1), leaf(2), leaf(3)]
    expect(gradients(total(...terms), terms).map((g) => g.item())).toEqual([1, 1, 1])
  })

  it('may return an input, whose place on the tape stays its own', () => {
    const reverse = customOp({ forward: (x: Tensor) => x, vjp: (ct) => ct.neg() })
    const x = leaf([1, 2])
    const y = reverse(x)
    expect(y === x).toBe(false)
    expect(x.isLeaf).toBe(true)
    y.sum().backward()
    expect(x.grad!.toArray()).toEqual([-1, -1])
  })

  it('may return memory that the user holds as a gradient, which is then copied', () => {
    const odd = customOp({ forward: (x: Tensor) => x.clone(), vjp: (_, { inputs: [x] }) => x })
    const x = leaf([1, 2])
    odd(x).sum().backward()
    odd(x).sum().backward()
    expect(x.grad!.toArray()).toEqual([2, 4])
    expect(x.toArray()).toEqual([1, 2])
  })

  it('has its tangents from jvp, and without one forward mode is refused by name', () => {
    const [a, b] = [tensor([2, 3]), tensor([5, 7])]
    const [y, t] = jvp(product, [a, b], [tensor([1, 10]), tensor([100, 1000])])
    expect([y.toArray(), t.toArray()]).toEqual([[10, 21], [205, 3070]]) // prettier-ignore
    const plain = customOp({ name: 'plain', forward: (x: Tensor) => x, vjp: (ct) => ct })
    expect(() => jvp(plain, [a], [a])).toThrow(/^customOp plain: has no jvp/)
    const wrong = customOp({ name: 'wrong', forward: (x: Tensor) => x, vjp: (ct) => ct, jvp: ([ta]) => ta.sum() }) // prettier-ignore
    expect(() => jvp(wrong, [a], [a])).toThrow(
      /^customOp wrong: jvp returned a tangent of shape \[\] for the output of shape \[2\]/,
    )
  })

  it('notices an input that was changed before the backward pass', () => {
    const a = leaf([1])
    const b = a.mul(2)
    const y = product(a, b)
    gradients(y, a, { retainGraph: true })
    b.detach().mul_(2)
    expect(() => y.backward()).toThrow(/product saved a tensor of shape \[1\]/)
  })

  it('knows its types', () => {
    const op = customOp({
      forward: (x: Tensor, y: Tensor, options: { by: number }) => x.add(y).mul(options.by),
      vjp: (ct, { inputs, attributes }) => {
        inputs satisfies readonly [Tensor, Tensor]
        const scaled = ct.mul(attributes.by)
        return [scaled, scaled]
      },
    })
    // @ts-expect-error The second tensor is missing.
    expect(() => op(leaf(1), { by: 2 })).toThrow(DTypeError)
    // @ts-expect-error An attribute of another type.
    expect(() => op(leaf(1), leaf(2), { by: 'two' })).toThrow(/mul/)
    // @ts-expect-error Promises are no tensors.
    customOp({ forward: async (x: Tensor) => x, vjp: (ct) => ct })
  })
})

describe('customOp refuses', () => {
  const js = customOp as unknown as (definition: unknown) => (...args: unknown[]) => Tensor
  const forward = (x: Tensor): Tensor => x
  const vjp = (ct: Tensor): Tensor => ct

  const definitions: [string, unknown, RegExp][] = [
    ['nothing', undefined, /^customOp: expected \{ forward, vjp \}/],
    ['a function alone', forward, /^customOp: expected \{ forward, vjp \}.*got a function/],
    ['no forward', { name: 'f', vjp }, /^customOp f: forward: expected a function.*undefined/],
    ['no vjp', { name: 'f', forward }, /^customOp f: vjp: expected a function.*undefined/],
    ['a jvp that is none', { forward, vjp, jvp: 3 }, /^customOp: jvp: expected a function.*3/],
    ['a name that is none', { name: 3, forward, vjp }, /^customOp: name must be a string, got 3/],
  ]
  it.each(definitions)('%s', (_, definition, message) => {
    expect(() => js(definition)).toThrow(ValueError)
    expect(() => js(definition)).toThrow(message)
  })

  const results: [string, unknown, RegExp][] = [
    ['nothing', undefined, /^customOp f: forward must return a tensor, got undefined/],
    ['a number', 3, /^customOp f: forward must return a tensor, got 3/],
    ['a promise', Promise.resolve(1), /^customOp f: forward: the callback returned a promise/],
  ]
  it.each(results)('%s from forward', (_, result, message) => {
    const op = js({ name: 'f', forward: () => result, vjp })
    expect(() => op(leaf(1))).toThrow(GradientError)
    expect(() => op(leaf(1))).toThrow(message)
  })

  const [a, b] = [leaf([1, 2]), leaf([3])]
  const c = tensor([1], { dtype: 'float64' })
  const cotangents: [string, unknown, RegExp, new (m: string) => Error][] = [
    ['nothing', undefined, /^customOp f: vjp must return a cotangent for each of 2 inputs.*got undefined/, GradientError],
    ['one for two', a, /for each of 2 inputs.*got a tensor/, GradientError],
    ['too few', [a], /for each of 2 inputs.*got 1 of them/, GradientError],
    ['too many', [a, b, null], /for each of 2 inputs.*got 3 of them/, GradientError],
    ['a number', [a, 3], /must return tensors or null, got 3 for input 1/, GradientError],
    ['a hole', [a, undefined], /must return tensors or null, got undefined for input 1/, GradientError],
    ['another shape', [a, a], /cotangent of shape \[2\] for input 1 of shape \[1\]/, ShapeError],
    ['another dtype', [a, c.to('float32')], /cotangent of dtype float32 for input 1 of dtype float64.*to\('float64'\)/, DTypeError],
    ['a promise', Promise.resolve([a, b]), /^customOp f: vjp: the callback returned a promise/, GradientError],
  ] // prettier-ignore
  it.each(cotangents)('%s from vjp, before anything is accumulated', (_, result, message, type) => {
    const op = js({ name: 'f', forward: (x: Tensor, y: Tensor) => x.add(y), vjp: () => result })
    // The first input is reached by another way as well, and wants no part of a failed pass.
    const y = op(a, b).add(a).sum()
    expect(() => y.backward(undefined, { retainGraph: true })).toThrow(message)
    expect(() => y.backward()).toThrow(type)
    expect([a.grad, b.grad]).toEqual([null, null])
  })

  it('arguments that are not tensors and then attributes', () => {
    const op = js({ name: 'f', forward, vjp })
    expect(() => op()).toThrow(/^customOp f: expected one tensor or more.*got nothing/)
    expect(() => op(3)).toThrow(/got 3/)
    expect(() => op(a, 3, b)).toThrow(/got a tensor, 3, a tensor/)
    expect(() => op(a, 3)).not.toThrow()
  })
})
