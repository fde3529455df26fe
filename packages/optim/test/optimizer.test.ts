import { describe, expect, test } from 'vitest'
import { isGradEnabled, isTensor, noGrad, tensor, type Tensor } from '@gradtape/core'
import { Adam, RMSprop, SGD } from '@gradtape/optim'
import { descend, leaf, optimizers, valuesOf } from './parameters.ts'

describe.each(Object.entries(optimizers))('%s', (_, Optimizer) => {
  test('changes parameters in place, in the memory that views see', () => {
    const w = leaf()
    const { data } = w
    descend(new Optimizer([w], { lr: 0.1 }), [w])
    expect(w.data).toBe(data)
    expect(Array.from(data)).not.toEqual([1, -2, 3])
    expect(w.isLeaf && w.requiresGrad).toBe(true)
  })

  test('leaves parameters without a gradient alone', () => {
    const [w, idle] = [leaf(), leaf()]
    const optimizer = new Optimizer([w, idle], { lr: 0.1, weightDecay: 0.1 })
    descend(optimizer, [w])
    expect(Array.from(idle.data)).toEqual([1, -2, 3])
    expect(optimizer.state.has(idle)).toBe(false)
  })

  test('clears gradients to null', () => {
    const w = leaf()
    w.sum().backward()
    new Optimizer([w]).zeroGrad()
    expect(w.grad).toBeNull()
  })

  test('takes transposed parameters, empty ones and 0-d ones', () => {
    const values = [
      [1, 2, 3],
      [4, 5, 6],
    ]
    const options = { dtype: 'float64' } as const
    const turned = tensor(values, options).T.requiresGrad_()
    const straight = turned.contiguous().detach().clone().requiresGrad_()
    const empty = tensor([], { ...options, requiresGrad: true })
    const scalar = tensor(2, { ...options, requiresGrad: true })
    const params: Tensor[] = [turned, straight, empty, scalar]
    const optimizer = new Optimizer(params, { lr: 0.1 })
    for (let i = 0; i < 3; i++) {
      optimizer.zeroGrad()
      for (const p of params) p.pow(3).sum().backward()
      optimizer.step()
    }
    expect(turned.toArray()).toEqual(straight.toArray())
    expect(empty.shape).toEqual([0])
    expect(scalar.item()).not.toBe(2)
  })

  test('keeps state in the dtype of the parameter', () => {
    const w = tensor([1, 2], { dtype: 'float32', requiresGrad: true })
    const optimizer = new Optimizer([w], Optimizer === SGD ? { momentum: 0.9 } : {})
    descend(optimizer, [w])
    const kept = Object.values(optimizer.state.get(w)!).filter(isTensor)
    expect(kept.length).toBeGreaterThan(0)
    for (const buffer of kept)
      expect([buffer.dtype, buffer.requiresGrad]).toEqual(['float32', false])
  })

  test('groups have options of their own, and defaults for the rest', () => {
    const [a, b, c] = [leaf(), leaf(), leaf()]
    const optimizer = new Optimizer([{ params: [a] }, { params: b, lr: 0 }], { lr: 0.5 })
    optimizer.addParamGroup({ params: [c], weightDecay: 0.25 })
    expect(optimizer.paramGroups.map(({ lr }) => lr)).toEqual([0.5, 0, 0.5])
    expect(optimizer.paramGroups[2].weightDecay).toBe(0.25)
    expect(optimizer.paramGroups[2].maximize).toBe(false)
    descend(optimizer, [a, b, c])
    const [moved, still, added] = valuesOf([a, b, c])
    expect(moved).not.toEqual([1, -2, 3])
    expect(still).toEqual([1, -2, 3])
    expect(added).not.toEqual([1, -2, 3])
  })

  test('follows options that are set between steps', () => {
    const w = leaf()
    const optimizer = new Optimizer([w], { lr: 0.1 })
    descend(optimizer, [w])
    const before = valuesOf([w])
    optimizer.paramGroups[0].lr = 0
    descend(optimizer, [w])
    expect(valuesOf([w])).toEqual(before)
  })

  test('takes steps inside noGrad and with gradients that are on the tape', () => {
    const w = leaf()
    const optimizer = new Optimizer([w], { lr: 0.1 })
    w.pow(3).sum().backward(undefined, { createGraph: true })
    expect(w.grad!.requiresGrad).toBe(true)
    noGrad(() => optimizer.step())
    optimizer.step()
    const kept = Object.values(optimizer.state.get(w) ?? {}).filter(isTensor)
    expect(kept.every((buffer) => !buffer.requiresGrad)).toBe(true)
    expect(w.isLeaf).toBe(true)
  })
})

describe('closures', () => {
  test('run before the update, with gradients recorded, and give the loss', () => {
    const w = leaf()
    const optimizer = new SGD([w], { lr: 0.1 })
    const step = () =>
      optimizer.step(() => {
        expect(isGradEnabled()).toBe(true)
        optimizer.zeroGrad()
        const loss = w.square().sum()
        loss.backward()
        return loss
      })
    expect(step().item()).toBe(14)
    const loss: Tensor = noGrad(step)
    expect(loss.item()).toBeCloseTo(0.64 * 14, 12)
    expect(optimizer.step()).toBeUndefined()
    expect(optimizer.step(() => 3)).toBe(3)
  })

  test('that return promises are refused by the compiler and at run time, before any update', () => {
    const w = leaf()
    w.sum().backward()
    const optimizer = new SGD([w], { lr: 0.1 })
    // @ts-expect-error a closure must be synchronous
    expect(() => optimizer.step(async () => w.sum())).toThrow(/promise/)
    expect(Array.from(w.data)).toEqual([1, -2, 3])
  })

  test('that throw change nothing', () => {
    const w = leaf()
    w.sum().backward()
    const optimizer = new SGD([w], { lr: 0.1 })
    const failing = (): number => {
      throw new RangeError('no data')
    }
    expect(() => optimizer.step(failing)).toThrow('no data')
    expect(Array.from(w.data)).toEqual([1, -2, 3])
  })
})

describe('the tape', () => {
  test('notices that a step changed what it had saved', () => {
    const w = leaf()
    const loss = w.square().sum()
    loss.backward(undefined, { retainGraph: true })
    new SGD([w], { lr: 0.1 }).step()
    expect(() => loss.backward()).toThrow(/square.*changed in place/)
  })
})

test('options of other optimizers are refused by the compiler', () => {
  // @ts-expect-error Adam has no momentum
  expect(() => new Adam([leaf()], { momentum: 0.9 })).toThrow(/no option 'momentum'/)
  // @ts-expect-error one tensor is no list
  expect(() => new SGD(leaf())).toThrow(/array/)
})

test('SGD and RMSprop take up momentum that is switched on between steps', () => {
  for (const Optimizer of [SGD, RMSprop]) {
    const w = leaf()
    const optimizer = new Optimizer([w], { lr: 0.1 })
    descend(optimizer, [w])
    optimizer.paramGroups[0].momentum = 0.9
    descend(optimizer, [w])
    const { momentumBuffer } = optimizer.state.get(w)!
    expect(momentumBuffer!.shape).toEqual([3])
  }
})

test('a weight decay of 0 leaves infinite parameters as they are', () => {
  for (const Optimizer of [SGD, Adam, RMSprop]) {
    const w = leaf([Infinity])
    w.grad = tensor([1], { dtype: 'float64' })
    new Optimizer([w], { lr: 0.1 }).step()
    expect(w.item()).toBe(Infinity)
  }
})
