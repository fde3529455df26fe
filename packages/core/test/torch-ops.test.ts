import { describe, expect, test } from 'vitest'
import * as core from '../src/index.ts'
import { farthest } from './close.ts'
import { byName, disagreements, leafOf, outputsOf, readCases, resolve, viewOf } from './golden.ts'
import type { OpCase } from './golden.ts'

const files = ['convolution', 'indexing', 'ops', 'ordering', 'rearranging', 'special-values']
const cases = files.flatMap((name) =>
  readCases<OpCase>(new URL(`golden/torch-${name}.json`, import.meta.url)),
)
const functions = byName(core)

/** Where the language reserves the method's name, the function has another. */
const METHODS: Record<string, string> = { variance: 'var' }

const isMethod = ({ op, args }: OpCase): boolean =>
  op !== 'where' &&
  (functions[op] as unknown as { entry?: core.EntryInfo }).entry?.method !== null &&
  typeof args[0] === 'object' &&
  args[0] !== null &&
  '$' in args[0]

describe('ops agree with PyTorch', () => {
  test.each(cases)('$name', (expected) => {
    const call = (inputs: core.Tensor[]): unknown =>
      functions[expected.op](...(resolve(expected.args, inputs) as unknown[]))
    expect(disagreements(expected, call)).toEqual([])
  })
})

describe('methods are the functions', () => {
  test.each(cases.filter(isMethod))('$name', ({ op, inputs, args }) => {
    const tensors = inputs.map((input) => viewOf(leafOf(input), input))
    const [self, ...rest] = resolve(args, tensors) as [core.Tensor, ...unknown[]]
    const byMethod = outputsOf(byName(self)[METHODS[op] ?? op].call(self, ...rest))
    const byFunction = outputsOf(functions[op](self, ...rest))
    expect(byMethod.map((y) => [y.shape, y.dtype, y.toArray()])).toEqual(
      byFunction.map((y) => [y.shape, y.dtype, y.toArray()]),
    )
  })

  test('where takes its condition as an argument', () => {
    const condition = core.tensor([1, 0], { dtype: 'bool' })
    expect(
      core
        .tensor([1, 2])
        .where(condition, core.tensor([3, 4]))
        .toArray(),
    ).toEqual([1, 4])
  })
})

describe('the comparison', () => {
  test('is relative to the largest finite element of the array', () => {
    expect(farthest([1e3, 1e-10], [1e3, 0], 1e-12)).toBeUndefined()
    expect(farthest([1e3, 1e-8], [1e3, 0], 1e-12)).toMatch(/element 1 is 1e-8, expected 0/)
    expect(farthest([Infinity, 1e-8], [Infinity, 0], 1e-12)).toMatch(/element 1/)
    expect(farthest([1e-300], [0], 1e-12)).toMatch(/element 0/)
  })

  test('is of each element on its own where the case says so', () => {
    expect(farthest([1e3, 1e-10], [1e3, 0], 1e-12, 'each')).toMatch(/element 1 is 1e-10/)
    expect(farthest([1e3, 1.01], [1e3, 1], 0.1, 'each')).toBeUndefined()
    expect(farthest([1e3, 1.01], [1e3, 1], 1e-3, 'each')).toMatch(/element 1/)
    expect(farthest([1e3, -0], [1e3, 0], 1e-12, 'each')).toBeUndefined()
    expect(farthest([1e3, -0], [1e3, 0], 1e-12, 'signed')).toMatch(/element 1 is -0, expected 0/)
    expect(farthest([NaN, 1], [Infinity, 1], 1, 'each')).toMatch(/element 0/)
  })

  test('holds NaN and infinities to themselves', () => {
    expect(farthest([NaN, Infinity, -0], [NaN, Infinity, 0], 0)).toBeUndefined()
    expect(farthest([0], [NaN], 1)).toMatch(/element 0/)
    expect(farthest([NaN], [0], 1)).toMatch(/element 0/)
    expect(farthest([-Infinity, 1], [Infinity, 1], 1)).toMatch(/element 0/)
  })
})
