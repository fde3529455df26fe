import { inspect } from 'node:util'
import { zeros } from '@gradtape/core'
import { Dense, Dropout, Module, Parameter, Sequential, Tanh } from '@gradtape/nn'
import { expect, test } from 'vitest'

class Net extends Module {
  readonly scale = new Parameter(zeros([1]))
  readonly features = new Sequential(new Dense(2, 16), new Tanh())
  readonly heads = [new Dense(16, 1, { bias: false }), new Dropout({ p: 0.25 })]
  forward(): void {}
  override extraRepr(): string {
    return 'heads=2'
  }
}

test('modules print as a tree', () => {
  const expected = `Net(
  heads=2
  (features): Sequential(
    (0): Dense(inFeatures=2, outFeatures=16, bias=true)
    (1): Tanh()
  )
  (heads.0): Dense(inFeatures=16, outFeatures=1, bias=false)
  (heads.1): Dropout(p=0.25)
)`
  expect(inspect(new Net())).toBe(expected)
  expect(`${new Net().toString()}`).toBe(expected)
})

test('a module without parts prints on one line', () => {
  expect(inspect(new Tanh())).toBe('Tanh()')
  expect(inspect(new Sequential())).toBe('Sequential()')
})
