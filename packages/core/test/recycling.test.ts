import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import {
  checkpoint,
  customOp,
  gradientOf,
  gradients,
  ones,
  setNotices,
  slice,
  tensor,
  type Tensor,
} from '../src/index.ts'
import { apply, withHandler, type Handler } from '../src/op.ts'
import { recycleMemory, Recycling } from '../src/recycling.ts'
import { useSupply } from '../src/storage.ts'

/** Memory that says how often it was asked for; with garbage in it. */
class Counted {
  asked = 0

  allocUnsafeSlow(bytes: number): { buffer: ArrayBuffer } {
    this.asked++
    return { buffer: new Uint8Array(bytes).fill(0xff).buffer }
  }
}

let memory: Counted
let weight: Tensor

beforeEach(() => {
  memory = new Counted()
  useSupply(new Recycling(memory, 1), 1)
  weight = tensor([1, 2, 3], { requiresGrad: true })
})
afterAll(() => {
  // Of no result, where there is no memory of Node's to go back to.
  useSupply(new Recycling(memory, Infinity), Infinity)
  recycleMemory()
})

const x = tensor([0.5, 0.25, 2])

/** One step; the loss is the sum of `3 · sin(w · x)`. */
function learn(of: (product: Tensor) => Tensor = (product) => product): Tensor {
  const loss = of(weight.mul(x)).sin().mul(3).sum()
  loss.backward()
  return loss
}

const slope = (): number[] => [...x.mul(weight.detach().mul(x).cos()).mul(3).data]

/** Steps until all memory that comes back has come back. */
function settle(step: () => unknown): void {
  for (let i = 0; i < 3; i++) step()
}

describe('memory of a backward pass', () => {
  it('serves the next one, but for gradients that somebody has looked at', () => {
    const step = (): number => {
      const before = memory.asked
      const loss = weight.mul(x).sin().mul(3).sum()
      const forward = memory.asked
      expect(forward).toBeGreaterThan(before)
      weight.grad = null
      loss.backward()
      return memory.asked - forward
    }
    settle(step)
    expect(step()).toBe(0)
    expect(gradientOf(weight)!.toArray()).toEqual(slope())
    expect(step()).toBe(0)
    const [seen, values] = [weight.grad!, slope()]
    expect(step()).toBe(1)
    expect(seen.toArray()).toEqual(values)
  })

  it('is not that of a gradient that the user has set', () => {
    const own = ones([3])
    settle(() => {
      weight.grad = own
      learn()
      weight.grad = null
      learn()
    })
    expect(own.data).toHaveLength(3)
  })

  it('is not that of a gradient that another tensor was given', () => {
    const other: Tensor = ones([3], { requiresGrad: true })
    learn()
    other.grad = gradientOf(weight)
    settle(() => {
      weight.grad = null
      learn()
    })
    expect(other.grad!.toArray()).toEqual(slope())
  })

  it('is not that of gradients that began as one', () => {
    const [a, b] = [ones([3], { requiresGrad: true }), ones([3], { requiresGrad: true })]
    const step = (): void => a.add(b).mul(x).sum().backward()
    settle(step)
    for (const { grad } of [a, b]) expect(grad!.toArray()).toEqual([1.5, 0.75, 6])
  })

  it('is cleared where a result is added to', () => {
    settle(() => {
      weight.grad = null
      learn((product) => product.at(slice(0, 2)))
    })
    expect(weight.grad!.toArray()).toEqual([...slope().slice(0, 2), 0])
  })

  it('is not that of gradients that are added to', () => {
    settle(() => learn())
    learn()
    weight.grad!.data.forEach((g, i) => expect(g).toBeCloseTo(4 * slope()[i]!, 5))
  })

  it('leaves what a hook has seen, made or kept', () => {
    const kept: Tensor[] = []
    const step = (): void => {
      weight.grad = null
      learn((product) => {
        product.registerHook((ct) => {
          const twice = ct.mul(2)
          kept.push(ct, twice)
        })
        return product
      })
    }
    settle(step)
    expect(kept).toHaveLength(6)
    for (const [i, ct] of kept.entries()) {
      expect([...ct.mul(x).data]).toEqual(slope().map((g) => g * (1 + (i % 2))))
    }
  })

  it('leaves what a custom operation has seen, made or kept', () => {
    const kept: Tensor[] = []
    const same = customOp({
      forward: (t: Tensor) => t,
      vjp(ct) {
        const own = ct.mul(1)
        kept.push(ct, own, ct.neg())
        return own
      },
    })
    settle(() => {
      weight.grad = null
      learn(same)
    })
    for (const [i, ct] of kept.entries()) {
      expect([...ct.mul(x).data]).toEqual(slope().map((g) => (i % 3 === 2 ? -g : g)))
    }
  })

  it('leaves what a checkpoint computes again', () => {
    const kept: Tensor[] = []
    const double = (t: Tensor): Tensor => {
      kept.push(t.mul(2))
      return t.exp().log()
    }
    settle(() => {
      weight.grad = null
      learn((product) => checkpoint(double, product))
    })
    expect(kept).toHaveLength(6)
    for (const t of kept) expect(t.toArray()).toEqual([1, 1, 12])
  })

  it('leaves what is looked at while a mistake is noticed', () => {
    const kept: (Tensor | null)[] = []
    setNotices(() => kept.push(other.grad))
    const other: Tensor = ones([3], { requiresGrad: true })
    try {
      for (let i = 0; i < 12; i++) {
        learn()
        weight.detach().sub_(0.1)
        other.grad = null
        other.mul(weight).sum().backward()
      }
    } finally {
      setNotices(true)
    }
    expect(kept).not.toHaveLength(0)
    for (const seen of kept) expect(seen!.data).toHaveLength(3)
  })

  it('leaves the gradient of an inner value', () => {
    const inner: Tensor[] = []
    settle(() => {
      weight.grad = null
      learn((product) => {
        product.retainGrad()
        inner.push(product)
        return product
      })
    })
    for (const { grad } of inner) expect([...grad!.mul(x).data]).toEqual(slope())
  })

  it('leaves what gradients() gives, and a recorded pass', () => {
    const loss = (): Tensor => weight.mul(x).sin().mul(3).sum()
    const [first] = gradients(loss(), [weight])
    loss().backward(undefined, { createGraph: true })
    const recorded = weight.grad!
    weight.grad = null
    settle(() => learn())
    expect(first.toArray()).toEqual(slope())
    expect(recorded.toArray()).toEqual(slope())
    const [second] = gradients(recorded.sum(), [weight])
    const curve = x.square().mul(weight.detach().mul(x).sin()).mul(-3)
    second.data.forEach((h, i) => expect(h).toBeCloseTo(curve.data[i]!, 5))
  })

  it('leaves all to those who watch', () => {
    weight.grad = null
    const kept: Tensor[] = []
    const watcher: Handler = {
      handle(op, inputs, attributes) {
        const out = apply(op, inputs, attributes)
        kept.push(out)
        return out
      },
    }
    withHandler(watcher, () => learn())
    const seen = kept.map((t) => t.toArray())
    settle(() => {
      weight.grad = null
      learn()
    })
    expect(kept.map((t) => t.toArray())).toEqual(seen)
  })

  it('is kept for a step only', () => {
    settle(() => {
      weight.grad = null
      learn()
    })
    const other = tensor([1, 2, 3, 4, 5], { requiresGrad: true })
    for (let i = 0; i < 2; i++) other.sin().sum().backward()
    weight.grad = null
    const loss = weight.mul(x).sin().mul(3).sum()
    const before = memory.asked
    loss.backward()
    // All but the gradient's memory, which came back just now.
    expect(memory.asked - before).toBe(2)
  })

  it('is kept up to a bound, as all of it is held until the pass ends', () => {
    const askedBy = (most: number): number => {
      useSupply(new Recycling(memory, 1, most), 1)
      settle(() => {
        weight.grad = null
        learn()
      })
      const before = memory.asked
      weight.grad = null
      learn()
      return memory.asked - before
    }
    const [none, some, all] = [0, 13, Infinity].map(askedBy)
    expect(some).toBe(none - 2)
    expect(all).toBeLessThan(some)
  })

  it('comes back empty: who still had it finds nothing, rather than what others write', () => {
    learn()
    const { storage } = gradientOf(weight)!
    weight.grad = null
    expect(storage.array).toHaveLength(0)
  })

  it('stays where a pass fails', () => {
    const loss = weight.mul(x).sum()
    weight.registerHook(() => {
      throw new Error('no')
    })
    expect(() => loss.backward()).toThrow('no')
    expect(weight.grad).toBeNull()
    expect(loss.item()).toBe(7)
  })
})
