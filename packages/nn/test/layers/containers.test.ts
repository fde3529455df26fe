import { GradtapeError, tensor, ValueError } from '@gradtape/core'
import { Dense, Identity, Module, ModuleList, ReLU, Sequential, Tanh } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'
import { expectIdentical } from '../identical.ts'

describe('Sequential', () => {
  test('applies its layers in order', () => {
    class Plus extends Module {
      readonly amount: number
      constructor(amount: number) {
        super()
        this.amount = amount
      }
      forward(x: number): number {
        return 10 * x + this.amount
      }
    }
    const model: Module = new Sequential(new Plus(1), new Plus(2), new Plus(3))
    expect(model.forward(0)).toBe(123)
  })

  test('of no layers gives back its input', () => {
    const x = tensor([1])
    expect(new Sequential().forward(x)).toBe(x)
  })

  test('is iterable, has a length and places', () => {
    const layers = [new Dense(1, 2), new Tanh(), new Dense(2, 1)] as const
    const model = new Sequential(...layers)
    expect(model.length).toBe(3)
    expectIdentical([...model], layers)
    expectIdentical([model.at(0), model.at(2), model[1]], [layers[0], layers[2], layers[1]])
    expectIdentical([model.at(-1), model.at(-3)], [layers[2], layers[0]])
    expect([model.at(3), model.at(-4)]).toEqual([undefined, undefined])
    expect(model.namedChildren().map(([name]) => name)).toEqual(['0', '1', '2'])
  })

  test('a layer can be exchanged in its place', () => {
    const model: Module = new Sequential(new Tanh(), new ReLU())
    Object.assign(model, { 0: new Identity() })
    expect(model.forward(tensor([-1, 2])).toArray()).toEqual([0, 2])
  })

  test('takes modules only', () => {
    expect(() => new Sequential(new Tanh(), ((x: unknown) => x) as unknown as Tanh)).toThrow(
      ValueError,
    )
    expect(() => new Sequential(Tanh as never)).toThrow(/place 0.*new/)
  })
})

describe('ModuleList', () => {
  test('grows, is iterable, has a length and places', () => {
    const [a, b, c, d] = [new Tanh(), new ReLU(), new Identity(), new Dense(1, 1)]
    const list = new ModuleList<Module>([a])
    expect(list.push(b, c)).toBe(3)
    expect(list.append(d)).toBe(list)
    expectIdentical([...list], [a, b, c, d])
    expect(list.length).toBe(4)
    expectIdentical([list[1], list.at(-1), list.at(0)], [b, d, a])
    expect(list.at(4)).toBeUndefined()
    expect(Object.keys(list.stateDict())).toEqual(['3.weight', '3.bias'])
  })

  test('takes any iterable, and modules only', () => {
    const list = new ModuleList(new Set([new Tanh(), new Tanh()]))
    expect(list.length).toBe(2)
    expect(() => list.push(new Tanh(), 3 as never)).toThrow(/place 3/)
    expect(list.length).toBe(2)
    expect(() => new ModuleList([null as never])).toThrow(ValueError)
  })

  test('computes nothing itself', () => {
    expect(() => new ModuleList().forward()).toThrow(GradtapeError)
  })
})
