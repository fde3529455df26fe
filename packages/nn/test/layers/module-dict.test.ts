import { GradtapeError, tensor, ValueError } from '@gradtape/core'
import { Dense, Identity, Module, ModuleDict, Parameter, ReLU, Tanh } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'
import { expectIdentical } from '../identical.ts'

describe('ModuleDict', () => {
  test('keeps modules by name, in order', () => {
    const [first, second, third] = [new Tanh(), new ReLU(), new Identity()]
    const dict = new ModuleDict<Record<string, Module>>({ first, second })
    expect(dict.set('third', third)).toBe(dict)
    expect(dict.size).toBe(3)
    expect([...dict.keys()]).toEqual(['first', 'second', 'third'])
    expectIdentical([...dict.values()], [first, second, third])
    expect([...dict].map(([name]) => name)).toEqual(['first', 'second', 'third'])
    expectIdentical([dict.get('third'), dict.get('first')], [third, first])
    expect([dict.has('first'), dict.has('fourth')]).toEqual([true, false])
    dict.set('first', third)
    expectIdentical([...dict.values()], [third, second, third])
    expect([dict.delete('second'), dict.delete('second'), dict.size]).toEqual([true, false, 2])
    dict.clear()
    expect([...dict]).toEqual([])
  })

  test('names stay as they are, as PyTorch has them', () => {
    const dict = new ModuleDict({
      convA: new Dense(1, 2),
      conv_b: new Dense(2, 1, { bias: false }),
    })
    const names = ['convA.weight', 'convA.bias', 'conv_b.weight']
    expect(Object.keys(dict.stateDict())).toEqual(names)
    expect(dict.namedParameters().map(([name]) => name)).toEqual(names)
    expect(dict.namedChildren().map(([name]) => name)).toEqual(['convA', 'conv_b'])
    class Net extends Module {
      readonly headsOf = dict
      forward(): void {}
    }
    const net = new Net()
    expect(Object.keys(net.stateDict())).toEqual(names.map((name) => `heads_of.${name}`))
    expect(String(net)).toContain('(convA): Dense(')
  })

  test('reaches what it holds, and the fields of a subclass', () => {
    class Scaled extends ModuleDict<{ dense: Dense<1, 1> }> {
      readonly scale = new Parameter(tensor([2]))
    }
    const dict = new Scaled({ dense: new Dense(1, 1) })
    expect(Object.keys(dict.stateDict())).toEqual(['scale', 'dense.weight', 'dense.bias'])
    dict.eval().to('float64')
    expect(dict.get('dense').training).toBe(false)
    expect(dict.get('dense').weight.dtype).toBe('float64')
  })

  test('refuses what is no module or no name', () => {
    const dict = new ModuleDict<Record<string, Module>>()
    expect(() => dict.set('', new Tanh())).toThrow(ValueError)
    expect(() => dict.set('a.b', new Tanh())).toThrow(/ModuleDict: 'a\.b'/)
    expect(() => dict.set('a', Tanh as never)).toThrow(/ModuleDict: .*'a'.*new/)
    expect(() => new ModuleDict({ a: null as never })).toThrow(/ModuleDict: .*'a', got null/)
    expect(() => new ModuleDict(new Tanh() as never)).toThrow(/expected an object of modules/)
    expect(() => new ModuleDict([new Tanh()] as never)).toThrow(/expected an object of modules/)
    expect(dict.size).toBe(0)
    expect(() => dict.get('a')).toThrow(/there is no module 'a'; it holds none/)
    dict.set('b', new Tanh())
    expect(() => dict.get('a')).toThrow(/it holds 'b'/)
  })

  test('computes nothing itself', () => {
    expect(() => new ModuleDict().forward()).toThrow(GradtapeError)
  })
})
