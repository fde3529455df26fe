import { DTypeError, tensor, ValueError, zeros, type Tensor } from '@gradtape/core'
import { Dense, Dropout, Module, Parameter, Sequential, Tanh } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'
import { expectIdentical } from '../identical.ts'

class Net extends Module {
  readonly inputScale = new Parameter(tensor([2]))
  readonly blocks = [new Dense(2, 3), { deep: new Dense(3, 3, { bias: false }) }]
  readonly byName = { camelCase: new Dense(3, 1), note: 'no module' }
  readonly plain = tensor([7])
  readonly runningMean = this.registerBuffer('runningMean', tensor([1, 2]))
  readonly step = this.registerBuffer('step', tensor(0, { dtype: 'int32' }), { persistent: false })
  readonly #hidden = new Dense(9, 9)

  forward(x: Tensor): Tensor {
    return this.#hidden.forward(x)
  }
}

const names = (entries: [string, unknown][]): string[] => entries.map(([name]) => name)

describe('what a module finds', () => {
  test('parameters in fields, arrays and plain objects, in snake case, its own first', () => {
    expect(names(new Net().namedParameters())).toEqual([
      'input_scale',
      'blocks.0.weight',
      'blocks.0.bias',
      'blocks.1.deep.weight',
      'by_name.camelCase.weight',
      'by_name.camelCase.bias',
    ])
  })

  test('modules, with its own self first and under the empty name', () => {
    const net = new Net()
    const children = ['blocks.0', 'blocks.1.deep', 'by_name.camelCase']
    expect(names(net.namedChildren())).toEqual(children)
    expect(net.children()[2]).toBe(net.byName.camelCase)
    expect(names(net.namedModules())).toEqual(['', ...children])
    expect(net.modules()[0]).toBe(net)
    const outer = new Sequential(net, new Tanh())
    expect(names(outer.namedModules())).toEqual(['', '0', ...children.map((c) => `0.${c}`), '1'])
    expectIdentical(outer.children(), [net, outer.at(1)])
  })

  test('buffers, as they are now', () => {
    const net = new Net()
    expect(names(net.namedBuffers())).toEqual(['running_mean', 'step'])
    const other = tensor([5, 6])
    Object.assign(net, { runningMean: other })
    expectIdentical(net.buffers(), [other, net.step])
  })

  test('numbers in names follow PyTorch', () => {
    class Recurrent extends Module {
      readonly weightIhL0 = new Parameter(zeros([1]))
      readonly fc1 = new Dense(1, 1, { bias: false })
      readonly conv2dOut = new Dense(1, 1, { bias: false })
      forward(): void {}
    }
    expect(names(new Recurrent().namedParameters())).toEqual([
      'weight_ih_l0',
      'fc1.weight',
      'conv2d_out.weight',
    ])
  })

  test('what is shared, once and under its first name', () => {
    const shared = new Dense(2, 2)
    const model = new Sequential(shared, new Tanh(), shared)
    expect(names(model.namedParameters())).toEqual(['0.weight', '0.bias'])
    expectIdentical(model.parameters(), [shared.weight, shared.bias])
    expectIdentical(model.children(), [shared, model.at(1)])
    class Tied extends Module {
      readonly encoder = new Dense(2, 2, { bias: false })
      readonly copy = this.encoder.weight
      forward(): void {}
    }
    expect(names(new Tied().namedParameters())).toEqual(['copy'])
  })

  test('a field that leads back up is not followed', () => {
    class Child extends Module {
      readonly weight = new Parameter(zeros([1]))
      readonly parent: Module
      readonly ring: unknown[] = []
      constructor(parent: Module) {
        super()
        this.parent = parent
        this.ring.push(this.ring)
      }
      forward(): void {}
    }
    class Parent extends Module {
      readonly child = new Child(this)
      forward(): void {}
    }
    const parent = new Parent()
    expect(names(parent.namedParameters())).toEqual(['child.weight'])
    expect(names(parent.namedModules())).toEqual(['', 'child'])
    expect(names(Object.entries(parent.stateDict()))).toEqual(['child.weight'])
    expect(String(parent)).toContain('(parent): Parent(...)')
  })

  test('two members of one name are refused', () => {
    class Twice extends Module {
      readonly fooBar = new Parameter(zeros([1]))
      readonly foo_bar = new Parameter(zeros([1]))
      forward(): void {}
    }
    expect(() => new Twice().parameters()).toThrow(/Twice.*'foo_bar'/)
  })
})

describe('what a module does to all within', () => {
  test('train and eval', () => {
    const model = new Sequential(new Sequential(new Dropout()), new Tanh())
    const training = (): boolean[] => model.modules().map((module) => module.training)
    expect(training()).toEqual([true, true, true, true])
    expect(model.eval()).toBe(model)
    expect(training()).toEqual([false, false, false, false])
    expect(model.train()).toBe(model)
    model.train(false)
    expect(model.training).toBe(false)
    expect(() => model.train('yes' as never)).toThrow(ValueError)
  })

  test('zeroGrad', () => {
    const model = new Sequential(new Dense(2, 2), new Dense(2, 1))
    model
      .forward(zeros([3, 2]))
      .sum()
      .backward()
    expect(model.parameters().every(({ grad }) => grad !== null)).toBe(true)
    model.zeroGrad()
    expect(model.parameters().every(({ grad }) => grad === null)).toBe(true)
  })

  test('requiresGrad_', () => {
    const model = new Sequential(new Dense(2, 2))
    expect(model.requiresGrad_(false)).toBe(model)
    expect(model.forward(zeros([1, 2])).requiresGrad).toBe(false)
    model.requiresGrad_()
    expect(model.parameters().map(({ requiresGrad }) => requiresGrad)).toEqual([true, true])
  })

  test('apply, inner before outer and each once', () => {
    const shared = new Tanh()
    const model = new Sequential(new Sequential(shared), shared)
    const seen: Module[] = []
    expect(model.apply((module) => void seen.push(module))).toBe(model)
    expectIdentical(seen, [shared, model.at(0), model])
  })
})

describe('to', () => {
  test('puts converted parameters in place of the old ones', () => {
    const net = new Net()
    const weight = net.byName.camelCase.weight
    weight.requiresGrad_(false)
    net.inputScale.mul(3).sum().backward()
    const before = net.parameters()
    expect(net.to('float64')).toBe(net)
    const after = net.parameters()
    expect(after.map(({ dtype }) => dtype)).toEqual(before.map(() => 'float64'))
    expect(after.map((p) => p.toArray())).toEqual(before.map((p) => p.toArray()))
    expect(after.every((p) => p instanceof Parameter && p.isLeaf)).toBe(true)
    expect(net.byName.camelCase.weight.requiresGrad).toBe(false)
    expect(net.inputScale.requiresGrad).toBe(true)
    expect(net.inputScale.grad!.dtype).toBe('float64')
    expect(net.inputScale.grad!.toArray()).toEqual([3])
    expect(before.every(({ dtype }) => dtype === 'float32')).toBe(true)
  })

  test('converts float buffers only', () => {
    const net = new Net().to('float64')
    expect(net.buffers().map(({ dtype }) => dtype)).toEqual(['float64', 'int32'])
    expect(net.plain.dtype).toBe('float32')
  })

  test('keeps what is shared shared, and what has the dtype', () => {
    const shared = new Dense(2, 2)
    const model = new Sequential(shared, new Sequential(shared))
    const { weight } = shared
    model.to('float32')
    expect(shared.weight).toBe(weight)
    model.to('float64')
    expectIdentical(model.parameters(), [shared.weight, shared.bias])
    class Tied extends Module {
      readonly encoder = new Dense(2, 2, { bias: false })
      readonly decoder = [this.encoder.weight]
      forward(): void {}
    }
    const tied = new Tied().to('float64')
    expect(tied.decoder[0]).toBe(tied.encoder.weight)
    expect(tied.decoder[0].dtype).toBe('float64')
  })

  test('refuses other dtypes before anything is changed', () => {
    const net = new Net()
    const before = net.parameters()
    expect(() => net.to('int32' as never)).toThrow(DTypeError)
    expectIdentical(net.parameters(), before)
  })
})

describe('registerBuffer', () => {
  class Empty extends Module {
    readonly declared: Tensor | null = null
    forward(): void {}
  }

  test('puts the tensor into its field', () => {
    const module = new Empty()
    const buffer = tensor([1])
    expect(module.registerBuffer('mean', buffer)).toBe(buffer)
    expect((module as unknown as { mean: Tensor }).mean).toBe(buffer)
    expect(module.registerBuffer('absent', null)).toBeNull()
    expect(names(module.namedBuffers())).toEqual(['mean'])
    expectIdentical(module.buffers(), [buffer])
  })

  test('refuses names that are taken or impossible, and what is no tensor', () => {
    const module = new Empty()
    for (const name of ['forward', 'training', 'declared', '', 'a.b']) {
      expect(() => module.registerBuffer(name, tensor([1]))).toThrow(ValueError)
    }
    expect(() => module.registerBuffer('mean', [1] as never)).toThrow(ValueError)
    expect(module.buffers()).toEqual([])
    expect(module.training).toBe(true)
  })
})
