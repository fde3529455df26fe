import { isGradEnabled, noGrad, rand, randn, setNotices, tensor, zeros } from '@gradtape/core'
import { Dense, Dropout, functional as F } from '@gradtape/nn'
import { SGD } from '@gradtape/optim'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

let heard: string[]
beforeEach(() => {
  heard = []
  setNotices((message) => heard.push(message))
})
afterEach(() => setNotices(true))

const x = rand([4, 2])
const labels = tensor([0, 1, 2, 0], { dtype: 'int32' })

/** A step by a loss of a model's output. */
function train(steps: number, model: Dense<number, number>, optimizer: SGD, clear = true): void {
  for (let step = 0; step < steps; step++) {
    if (clear) optimizer.zeroGrad()
    model.forward(x).square().mean().backward()
    optimizer.step()
  }
}

describe('a notice is given, once, when', () => {
  test('gradients are never cleared', () => {
    const model = new Dense(2, 3)
    train(20, model, new SGD(model.parameters(), { lr: 0.1 }), false)
    expect(heard).toEqual([
      expect.stringMatching(/updated 3 times with gradients added .*zeroGrad/),
    ])
  })

  test('a parameter gets no gradient', () => {
    const [used, unused] = [new Dense(2, 3), new Dense(2, 3, { bias: false })]
    train(20, used, new SGD([...used.parameters(), ...unused.parameters()], { lr: 0.1 }))
    expect(heard).toEqual([
      expect.stringMatching(/SGD has parameters .* in 10 steps \(2: \[3, 2\]\)/),
    ])
  })

  test('no optimizer holds a parameter', () => {
    const model = new Dense(2, 3)
    train(20, model, new SGD([model.weight], { lr: 0.1 }))
    expect(heard).toEqual([
      expect.stringMatching(/shape \[3\] has the gradients of 11 .* optimizer/),
    ])
  })

  test('a module in training mode is used for an evaluation', () => {
    const dropout = new Dropout()
    noGrad(() => {
      for (let i = 0; i < 5; i++) dropout.forward(x)
    })
    expect(isGradEnabled()).toBe(true)
    expect(heard).toEqual([expect.stringMatching(/Dropout .* model\.eval\(\)/)])
  })

  test('a loss grows with the batch', () => {
    const w = zeros([3], { requiresGrad: true })
    for (const count of [3, 3, 2, 3]) {
      F.mseLoss(w.narrow(0, 0, count), zeros([count]), { reduction: 'sum' })
    }
    expect(heard).toEqual([expect.stringMatching(/of 3 losses and then of 2: .* 'mean'/)])
  })

  test('softmax stands before crossEntropy', () => {
    F.crossEntropy(randn([4, 3]).softmax(1), labels)
    F.crossEntropy(randn([4, 3]).softmax(1), labels)
    expect(heard).toEqual([
      expect.stringMatching(/crossEntropy .* after softmax; give it the logits/),
    ])
  })
})

describe('no notice is given', () => {
  test('in a training that is as it should be', () => {
    const model = new Dense(2, 3)
    const optimizer = new SGD(model.parameters(), { lr: 0.1 })
    train(30, model, optimizer)
    const dropout = new Dropout()
    for (let i = 0; i < 5; i++) dropout.forward(x)
    dropout.eval()
    noGrad(() => dropout.forward(x))
    F.crossEntropy(randn([4, 3]), labels)
    expect(heard).toEqual([])
  })

  test('while gradients of several batches are summed', () => {
    const model = new Dense(2, 3)
    const optimizer = new SGD(model.parameters(), { lr: 0.1 })
    for (let step = 0; step < 5; step++) {
      optimizer.zeroGrad()
      for (let part = 0; part < 32; part++) model.forward(x).square().mean().backward()
      optimizer.step()
    }
    expect(heard).toEqual([])
  })

  test('when they are switched off', () => {
    setNotices(false)
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const model = new Dense(2, 3)
    train(20, model, new SGD(model.parameters(), { lr: 0.1 }), false)
    expect(warn).not.toHaveBeenCalled()
    setNotices(true)
    train(20, model, new SGD(model.parameters(), { lr: 0.1 }), false)
    expect(warn).toHaveBeenCalledTimes(1)
    expect(warn.mock.calls[0][0]).toMatch(/^gradtape: .*setNotices\(false\)/)
    warn.mockRestore()
  })
})
