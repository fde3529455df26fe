import { randn, tensor, ValueError, zeros, type Tensor } from '@gradtape/core'
import { Dense, Module, Sequential, Tanh, type StateDict } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'
import { expectIdentical } from '../identical.ts'

class Normalized extends Module {
  readonly linear = new Dense(2, 3)
  readonly runningMean = this.registerBuffer('runningMean', tensor([1, 2, 3]))
  readonly cache = this.registerBuffer('cache', tensor([9]), { persistent: false })

  forward(x: Tensor): Tensor {
    return this.linear.forward(x).sub(this.runningMean)
  }
}

const values = (state: StateDict): Record<string, unknown> =>
  Object.fromEntries(Object.entries(state).map(([name, x]) => [name, x.toArray()]))

/** The message of the ValueError that `load` throws; demands that the module stays as it was. */
function refusal(module: Module, load: () => unknown): string {
  const before = values(module.stateDict())
  expect(load).toThrow(ValueError)
  expect(values(module.stateDict())).toEqual(before)
  try {
    load()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

describe('stateDict', () => {
  test('holds parameters and persistent buffers by name, off the tape, in the same memory', () => {
    const module = new Normalized()
    const state = module.stateDict()
    expect(Object.keys(state)).toEqual(['running_mean', 'linear.weight', 'linear.bias'])
    expect(state['linear.weight'].requiresGrad).toBe(false)
    expect(state['linear.weight'].data).toBe(module.linear.weight.data)
    expect(Object.getPrototypeOf(state)).toBe(Object.prototype)
  })

  test('holds what is shared under each name', () => {
    const shared = new Dense(2, 2, { bias: false })
    const state = new Sequential(shared, new Tanh(), shared).stateDict()
    expect(Object.keys(state)).toEqual(['0.weight', '2.weight'])
  })
})

describe('loadStateDict', () => {
  test('copies into the same tensors', () => {
    const [from, into] = [new Normalized(), new Normalized()]
    from.runningMean.fill_(7)
    const parameters = into.parameters()
    const result = into.loadStateDict(from.stateDict())
    expect(result).toEqual({ missingKeys: [], unexpectedKeys: [] })
    expect(values(into.stateDict())).toEqual(values(from.stateDict()))
    expectIdentical(into.parameters(), parameters)
    expect(into.linear.weight.data).not.toBe(from.linear.weight.data)
    expect(into.linear.weight.requiresGrad).toBe(true)
    const x = randn([4, 2])
    expect(into.forward(x).toArray()).toEqual(from.forward(x).toArray())
  })

  test('lists all that does not fit and loads nothing', () => {
    const module = new Normalized()
    const message = refusal(module, () =>
      module.loadStateDict({
        'linear.weight': zeros([3, 2]),
        'linear.bias': zeros([1, 3], { dtype: 'float64' }),
        linear_bias: zeros([3]),
      }),
    )
    expect(message).toContain('Normalized')
    expect(message).toContain("'running_mean' is missing")
    expect(message).toContain("'linear_bias' has no place")
    expect(message).toContain("'linear.bias' has shape [1, 3], the module's has [3]")
    expect(message).toContain("'linear.bias' has dtype float64, the module's has float32")
    expect(message).not.toContain("'linear.weight'")
  })

  test('passes over names on one side when not strict, but not over what does not fit', () => {
    const module = new Normalized()
    const weight = randn([3, 2])
    const result = module.loadStateDict(
      { 'linear.weight': weight, other: weight },
      { strict: false },
    )
    expect(result).toEqual({
      missingKeys: ['running_mean', 'linear.bias'],
      unexpectedKeys: ['other'],
    })
    expect(module.linear.weight.toArray()).toEqual(weight.toArray())
    refusal(module, () => module.loadStateDict({ 'linear.bias': zeros([2]) }, { strict: false }))
  })

  test('refuses what is no tensor, and no state dict', () => {
    const module = new Dense(1, 1, { bias: false })
    const array = { weight: [[1]] } as unknown as StateDict
    expect(refusal(module, () => module.loadStateDict(array))).toContain("'weight' is no tensor")
    refusal(module, () => module.loadStateDict(zeros([1, 1]) as never))
    refusal(module, () => module.loadStateDict(null as never))
  })
})
