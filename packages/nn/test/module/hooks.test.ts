import { tensor, type Tensor } from '@gradtape/core'
import { Identity, Module, Sequential } from '@gradtape/nn'
import { expect, test } from 'vitest'
import { expectIdentical } from '../identical.ts'

test('a hook sees the module, its inputs and its output, within others too', () => {
  const identity = new Identity()
  const seen: unknown[] = []
  identity.registerForwardHook((...call) => void seen.push(...call.flat()))
  const x = tensor([1, 2])
  expect(new Sequential(identity).forward(x)).toBe(x)
  expectIdentical(seen, [identity, x, x])
})

test('hooks run in order, and what they return replaces the output', () => {
  const module = new Identity()
  module.registerForwardHook((_, __, output: Tensor) => output.mul(2))
  module.registerForwardHook((_, [input], output: Tensor) => output.add(input))
  module.registerForwardHook(() => undefined)
  expect(module.forward(tensor([1, 2])).toArray()).toEqual([3, 6])
})

test('a hook is of one instance', () => {
  const [one, other] = [new Identity(), new Identity()]
  one.registerForwardHook(() => 'replaced')
  expect(one.forward(tensor(1))).toBe('replaced')
  expect(other.forward(tensor(1)).item()).toBe(1)
})

test('remove takes off one registration, and only once', () => {
  const module = new Identity()
  const addOne = (_: Module, __: unknown, output: Tensor): Tensor => output.add(1)
  const first = module.registerForwardHook(addOne)
  module.registerForwardHook(addOne)
  expect(module.forward(tensor(0)).item()).toBe(2)
  first.remove()
  first.remove()
  expect(module.forward(tensor(0)).item()).toBe(1)
})

test('a hook that takes itself off does so after this call', () => {
  const module = new Identity()
  const seen: string[] = []
  const handle = module.registerForwardHook(() => {
    seen.push('once')
    handle.remove()
  })
  module.registerForwardHook(() => void seen.push('always'))
  module.forward(tensor(0))
  module.forward(tensor(0))
  expect(seen).toEqual(['once', 'always', 'always'])
})

test('forward is called on the module', () => {
  class Counting extends Module {
    calls = 0
    forward(): number {
      return ++this.calls
    }
  }
  const module = new Counting()
  module.registerForwardHook(() => undefined)
  expect([module.forward(), module.forward()]).toEqual([1, 2])
  expect(module.calls).toBe(2)
})

test('a forward or a hook that throws leaves all hooks as they were', () => {
  class Failing extends Module {
    fails = true
    forward(x: Tensor): Tensor {
      if (this.fails) throw new Error('in forward')
      return x
    }
  }
  const module = new Failing()
  const seen: string[] = []
  const handle = module.registerForwardHook(() => {
    seen.push('first')
    throw new Error('in a hook')
  })
  module.registerForwardHook(() => void seen.push('second'))
  const x = tensor(1)
  expect(() => module.forward(x)).toThrow('in forward')
  expect(seen).toEqual([])
  module.fails = false
  expect(() => module.forward(x)).toThrow('in a hook')
  handle.remove()
  expect(module.forward(x)).toBe(x)
  expect(seen).toEqual(['first', 'second'])
})
