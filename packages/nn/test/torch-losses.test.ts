import { describe, expect, test } from 'vitest'
import type { Tensor } from '@gradtape/core'
import * as nn from '@gradtape/nn'
import { differences } from '../../core/test/close.ts'
import type { Described, Encoded } from '../../core/test/close.ts'
import { byName, disagreements, leafOf, readCases, resolve } from '../../core/test/golden.ts'
import type { Expectation, OpCase } from '../../core/test/golden.ts'

/** A constructor of nn and its arguments, which may be modules themselves. */
interface Construction {
  new: string
  args: unknown[]
}

interface ModuleCase extends Expectation {
  name: string
  module: Construction
  training: boolean
  state: Record<string, Described>
  stateGrads: Record<string, Encoded[]>
}

const cases = readCases<OpCase | ModuleCase>(new URL('golden/torch-losses.json', import.meta.url))
const isModuleCase = (one: OpCase | ModuleCase): one is ModuleCase => 'module' in one
const losses = byName(nn.functional)

function construct({ new: name, args }: Construction): nn.Module {
  const classes = nn as unknown as Record<string, new (...args: unknown[]) => nn.Module>
  return new classes[name](...args.map((arg) => (isConstruction(arg) ? construct(arg) : arg)))
}

function isConstruction(arg: unknown): arg is Construction {
  return typeof arg === 'object' && arg !== null && 'new' in arg
}

describe('losses agree with PyTorch', () => {
  test.each(cases.filter((one): one is OpCase => !isModuleCase(one)))('$name', (expected) => {
    const call = (inputs: Tensor[]): unknown =>
      losses[expected.op](...(resolve(expected.args, inputs) as unknown[]))
    expect(disagreements(expected, call)).toEqual([])
  })
})

describe('modules agree with PyTorch', () => {
  test.each(cases.filter(isModuleCase))('$name', (expected) => {
    const module = construct(expected.module).train(expected.training)
    const entries = Object.entries(expected.state)
    module.loadStateDict(Object.fromEntries(entries.map(([key, value]) => [key, leafOf(value)])))
    expect(disagreements(expected, ([x]) => module.forward(x))).toEqual([])
    const named = Object.fromEntries(module.namedParameters())
    expect(Object.keys(named)).toEqual(Object.keys(expected.state))
    for (const [key, values] of Object.entries(expected.stateGrads)) {
      const gradient = { ...expected.state[key], values }
      expect(differences(named[key].grad as Tensor, gradient, `gradient of ${key}`)).toEqual([])
    }
  })
})
