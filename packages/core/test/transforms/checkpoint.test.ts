import { describe, expect, it } from 'vitest'
import {
  checkpoint,
  enableGrad,
  grad,
  gradients,
  jvp,
  manualSeed,
  noGrad,
  rand,
  randn,
  RandomGenerator,
  tensor,
  type Tensor,
} from '../../src/index.ts'
import { host, observeHost } from '../../src/host.ts'

function leaf(data: number | number[]): Tensor {
  return tensor(data, { dtype: 'float64', requiresGrad: true })
}

/** Counts the calls of a function. */
function counted<A extends unknown[], R>(
  f: (...args: A) => R,
): ((...args: A) => R) & { n: number } {
  const counting = Object.assign(
    (...args: A): R => {
      counting.n++
      return f(...args)
    },
    { n: 0 },
  )
  return counting
}

describe('checkpoint', () => {
  it('calls the function once, and once more in the backward pass', () => {
    const x = leaf([0.5, -1])
    const f = counted((a: Tensor) => a.exp().sin().mul(a))
    const y = checkpoint(f, x)
    expect(f.n).toBe(1)
    expect(y.toArray()).toEqual(f(x).toArray())
    f.n = 0
    const [expected] = gradients(f(x).sum(), x)
    const [found] = gradients(y.sum(), x)
    expect(f.n).toBe(2)
    expect(found.toArray()).toEqual(expected.toArray())
  })

  it('reaches tensors that the function uses from outside, leaves and inner values', () => {
    const [x, w] = [leaf([1, 2]), leaf([3, 4])]
    const inner = w.exp()
    const y = checkpoint((a) => a.mul(w).mul(inner).tanh(), x)
    const found = gradients(y.sum(), [x, w, inner], { retainGraph: true })
    const plain = x.mul(w).mul(inner).tanh()
    const expected = gradients(plain.sum(), [x, w, inner])
    expect(found.map((g) => g.toArray())).toEqual(expected.map((g) => g.toArray()))
  })

  it('takes and returns arrays and plain objects, and values that are no tensors', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])]
    const f = ({ pair, power }: { pair: Tensor[]; power: number }, by: number) => ({
      product: pair[0]!.mul(pair[1]!).pow(power),
      rest: [pair[0]!.exp().mul(by), 'note'] as const,
    })
    const { product, rest } = checkpoint(f, { pair: [a, b], power: 2 }, 5)
    expect(rest[1]).toBe('note')
    const found = gradients([product.sum(), rest[0].sum()], [a, b])
    const plain = f({ pair: [a, b], power: 2 }, 5)
    const expected = gradients([plain.product.sum(), plain.rest[0].sum()], [a, b])
    expect(found.map((g) => g.toArray())).toEqual(expected.map((g) => g.toArray()))
  })

  it('pulls back each output by itself, and both at once', () => {
    const x = leaf(2)
    const f = counted((a: Tensor) => [a.exp(), a.sin()] as const)
    const [e, s] = checkpoint(f, x)
    expect(gradients(s, x, { retainGraph: true })[0].item()).toBe(Math.cos(2))
    expect(gradients(e, x, { retainGraph: true })[0].item()).toBe(Math.exp(2))
    const [both] = gradients([e, s], x)
    expect(both.item()).toBeCloseTo(Math.exp(2) + Math.cos(2), 14)
    expect(f.n).toBeLessThanOrEqual(4)
  })

  it('is differentiated to any order', () => {
    const f = (x: Tensor): Tensor => checkpoint((a) => a.pow(4).mul(a.sin()), x).sum()
    const plain = (x: Tensor): Tensor => x.pow(4).mul(x.sin()).sum()
    const x = tensor(0.7, { dtype: 'float64' })
    let [found, expected] = [f, plain]
    for (let order = 0; order < 4; order++) {
      expect(found(x).item()).toBe(expected(x).item())
      ;[found, expected] = [grad(found), grad(expected)]
    }
  })

  it('can be swept again with retainGraph', () => {
    const x = leaf(3)
    const f = counted((a: Tensor) => a.square().exp())
    const y = checkpoint(f, x)
    const [first] = gradients(y, x, { retainGraph: true })
    expect(f.n).toBe(2)
    const [second] = gradients(y, x)
    // Even with retainGraph the values go as the sweep goes.
    expect(f.n).toBe(3)
    expect(second.item()).toBe(first.item())
    expect(() => gradients(y, x)).toThrow(/freed by an earlier backward pass/)
  })

  it('nests: the outer function runs again for the inner arguments', () => {
    const w = leaf(0.5)
    const inner = counted((a: Tensor) => a.mul(w).exp())
    const outer = counted((a: Tensor) => checkpoint(inner, a.sin()).mul(checkpoint(inner, a)))
    const x = leaf(1.25)
    const found = gradients(checkpoint(outer, x), [x, w], { createGraph: true })
    const plain = x.sin().mul(w).exp().mul(x.mul(w).exp())
    const expected = gradients(plain, [x, w], { createGraph: true })
    const values = (list: readonly Tensor[]): number[] => list.map((g) => g.item())
    expect(values(found)).toEqual(values(expected))
    expect(outer.n).toBeGreaterThan(1)
    const again = (list: readonly Tensor[]): number[] => values(gradients(list[0]!, [x, w]))
    const second = again(expected)
    again(found).forEach((g, i) => expect(g).toBeCloseTo(second[i]!, 12))
  })

  it('keeps no arguments of an inner checkpoint either', () => {
    const inner = counted((a: Tensor) => a.exp())
    const outer = counted((a: Tensor) => checkpoint(inner, a.neg()))
    const x = leaf(1.25)
    const [g] = gradients(checkpoint(outer, x), x)
    expect(g.item()).toBe(-Math.exp(-1.25))
    // The outer one runs again for the argument of the inner one, which then runs for its values.
    expect([outer.n, inner.n]).toEqual([2, 3])
  })

  it('works with gradients that the function takes itself', () => {
    const slope = grad((a: Tensor) => a.pow(3).sum())
    const f = (a: Tensor): Tensor =>
      slope(a)
        .mul(rand([1], { dtype: 'float64' }))
        .sin()
    const run = (wrap: (g: typeof f, a: Tensor) => Tensor): number[] => {
      manualSeed(1)
      const x = leaf([0.3])
      const y = wrap(f, x)
      return [y.item(), gradients(y, x)[0].item(), rand([]).item()]
    }
    expect(run((g, a) => checkpoint(g, a))).toEqual(run((g, a) => g(a)))
  })

  it('keeps constants constant', () => {
    const x = leaf([1, 2])
    const y = checkpoint((a) => a.mul(noGrad(() => a.exp())).add(a.detach()), x)
    const [g] = gradients(y.sum(), x)
    expect(g.toArray()).toEqual(x.exp().toArray())
  })

  it('calls the function once where nothing is recorded, or forward mode is at work', () => {
    const f = counted((a: Tensor) => a.exp().sin())
    const x = leaf(0.5)
    expect(noGrad(() => checkpoint(f, x)).requiresGrad).toBe(false)
    expect(checkpoint(f, x.detach()).requiresGrad).toBe(false)
    const [, tangent] = jvp((a: Tensor) => checkpoint(f, a), [x], [tensor(1, { dtype: 'float64' })])
    gradients(tangent, x)
    expect(f.n).toBe(3)
    expect(tangent.item()).toBe(Math.cos(Math.exp(0.5)) * Math.exp(0.5))
  })

  it('is recorded inside of enableGrad, and its backward pass may run inside of noGrad', () => {
    const x = leaf(2)
    const y = noGrad(() => enableGrad(() => checkpoint((a) => a.square().exp(), x)))
    noGrad(() => y.backward())
    expect(x.grad!.item()).toBe(4 * Math.exp(4))
  })
})

describe('random numbers in a checkpoint', () => {
  const own = new RandomGenerator(7)
  const noisy = (a: Tensor): Tensor =>
    a
      .mul(rand([4]))
      .mul(randn([4], { generator: own }))
      .exp()

  it('repeat, from whichever generator, and the streams go on as without it', () => {
    const run = (wrap: (g: typeof noisy, a: Tensor) => Tensor): unknown[] => {
      manualSeed(3)
      own.manualSeed(7)
      const x = tensor([1, 2, 3, 4], { requiresGrad: true })
      const y = wrap(noisy, x)
      const between = rand([2])
      const [g] = gradients(y.sum(), x)
      const after = [rand([2]), rand([2], { generator: own })]
      return [y, between, g, ...after].map((t) => t.toArray())
    }
    expect(run((g, a) => checkpoint(g, a))).toEqual(run((g, a) => g(a)))
  })

  it('repeat when the function seeds its generator, which then stays where it was', () => {
    const x = leaf(2)
    const y = checkpoint((a) => {
      own.manualSeed(1)
      return a.mul(rand([], { generator: own, dtype: 'float64' })).exp()
    }, x)
    own.manualSeed(99)
    const [g] = gradients(y, x)
    expect(g.item()).toBeCloseTo((y.item() * Math.log(y.item())) / 2, 12)
    expect(own.getState()).toEqual({ seed: 99, offset: 0 })
  })

  it('are put back when the function throws in the backward pass', () => {
    let broken = false
    const x = leaf(2)
    const y = checkpoint((a) => {
      const out = a.mul(rand([], { dtype: 'float64' })).exp()
      if (broken) throw new RangeError('broken')
      return out
    }, x)
    const generator = manualSeed(5)
    broken = true
    expect(() => y.backward()).toThrow('broken')
    expect(generator.getState()).toEqual({ seed: 5, offset: 0 })
    expect(x.grad).toBeNull()
    broken = false
    y.backward()
    expect(x.grad).not.toBeNull()
  })

  it('leaves host state visible to who watches around it', () => {
    const seen: PropertyKey[] = []
    const watcher = { read: (_: object, key: PropertyKey) => seen.push(key), update: () => 0 }
    const rate = { lr: 1 }
    const x = leaf(2)
    observeHost(watcher, () => checkpoint((a) => a.mul(host(rate, 'lr')), x))
    expect(seen).toEqual(['lr'])
  })
})

describe('checkpoint refuses', () => {
  const x = leaf([1, 2])
  const refused = (f: (a: Tensor) => unknown, message: RegExp): void => {
    expect(() => checkpoint(f as (a: Tensor) => Tensor, x)).toThrow(message)
    expect(() => noGrad(() => checkpoint(f as (a: Tensor) => Tensor, x))).toThrow(message)
  }

  it('a function that returns nothing, a promise or no tensor, and what is no function', () => {
    refused(() => undefined, /^checkpoint: the function must return a tensor.*got undefined/)
    refused(() => 3, /got 3/)
    refused(async () => x, /^checkpoint: the callback returned a promise/)
    expect(() => checkpoint(x as never)).toThrow(/^checkpoint: expected a function/)
    // @ts-expect-error A promise is refused by its type as well.
    expect(() => checkpoint(async (a: Tensor) => a, x)).toThrow(/promise/)
  })

  const changes: [string, RegExp, (state: { mode: number }, a: Tensor) => Tensor][] = [
    ['another op', /forward pass computed exp of shape \[2\].*sin of shape/, ({ mode }, a) => (mode ? a.sin() : a.exp())],
    ['another shape', /computed random of shape \[2\].*random of shape \[3, 1\]/, ({ mode }, a) => (mode ? a.mul(rand([3, 1])).sum(0) : a.mul(rand([2])))],
    ['fewer ops', /computed 3 operations/, ({ mode }, a) => (mode ? a.exp().exp() : a.exp().exp().exp())],
    ['more ops', /computed 2 operations.*more/, ({ mode }, a) => (mode ? a.exp().exp().exp() : a.exp().exp())],
    ['further requirements', /saved 1 values.*1 and 2/, ({ mode }, a) => a.mul(tensor([3, 4], { dtype: 'float64', requiresGrad: mode === 1 }))],
    ['other requirements', /saved 3 values.*2 and 1/, ({ mode }, a) => (mode ? a.detach() : a).exp().mul(a)],
  ] // prettier-ignore

  it.each(changes)('%s in the backward pass', (_, message, f) => {
    const state = { mode: 0 }
    const a = leaf([1, 2])
    const y = checkpoint((b) => f(state, b), a)
    state.mode = 1
    expect(() => y.sum().backward()).toThrow(message)
    expect(a.grad).toBeNull()
  })

  it('tensors that were changed in place since, saved or only read', () => {
    const a = leaf([1, 2])
    const [w, b] = [leaf([3, 4]), leaf([5, 6])]
    for (const changed of [a, w, b]) {
      const y = checkpoint((c) => c.mul(w).add(b).exp(), a)
      noGrad(() => changed.mul_(1))
      expect(() => y.sum().backward()).toThrow(
        /^checkpoint: a tensor that (mul|add) reads was changed in place/,
      )
    }
    expect([a.grad, w.grad, b.grad]).toEqual([null, null, null])
  })

  it('but not a statistic that the function only moves', () => {
    const a = leaf([1, 2])
    const running = tensor(0, { dtype: 'float64' })
    const y = checkpoint((c) => {
      noGrad(() => running.mul_(0.9).add_(c.detach().mean()))
      return c.exp()
    }, a)
    y.sum().backward()
    expect(a.grad!.toArray()).toEqual(y.toArray())
  })
})
