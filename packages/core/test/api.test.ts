import { describe, expect, it } from 'vitest'
import * as core from '../src/index.ts'
import { convolution } from './types/api/convolution.ts'
import { creation } from './types/api/creation.ts'
import { row, x } from './types/api/forms.ts'
import { members } from './types/api/members.ts'
import { alongDim, binary, reductions, unary } from './types/api/names.ts'
import { ops } from './types/api/ops.ts'
import { rearranging } from './types/api/rearranging.ts'
import { transforms } from './types/api/transforms.ts'

const calls = [convolution, creation, members, ops, rearranging, transforms].flatMap((part) =>
  Object.entries(part),
)
const functions = core as unknown as Record<string, (...args: unknown[]) => core.Tensor>
const methods = x as unknown as Record<string, (...args: unknown[]) => core.Tensor>

function same(name: string, ...args: unknown[]): void {
  const asFunction = functions[name]!(x, ...args)
  const asMethod = methods[name]!(...args)
  expect(asMethod.dtype).toBe(asFunction.dtype)
  expect(asMethod.shape).toEqual(asFunction.shape)
  expect(asMethod.toArray()).toEqual(asFunction.toArray())
}

describe('as functions and as methods', () => {
  it.each(unary)('%s(x)', (name) => same(name))

  it.each(binary)('%s(x, y), with tensors and numbers', (name) => {
    same(name, row)
    same(name, 2)
    const numberFirst = functions[name]!(2, row)
    const tensorFirst = functions[name]!(core.full([3], 2, { dtype: 'float64' }), row)
    expect(numberFirst.toArray()).toEqual(tensorFirst.toArray())
    expect(functions[name]!(2, 3).shape).toEqual([])
  })

  it.each(alongDim)('%s(x, dim)', (name) => {
    same(name, 0)
    same(name, -1)
    // unsqueeze counts from behind the last dim.
    const last = name === 'unsqueeze' ? 2 : 1
    expect(methods[name]!(-1).toArray()).toEqual(methods[name]!(last).toArray())
  })

  it.each(reductions)('%s(x, dims, { keepdim })', (name) => {
    same(name, [0, 1])
    same(name, [1], { keepdim: true })
    expect(methods[name]!([0, 1], { keepdim: true }).shape).toEqual([1, 1])
    expect(methods[name]!([1, 0]).item()).toBe(methods[name]!([-2, -1]).item())
  })
})

describe('every other form of a call', () => {
  it.each(calls)('%s', (_, forms) => {
    expect(forms.length).toBeGreaterThan(0)
    for (const form of forms) expect(form).not.toThrow()
  })
})

/** Their first argument is no tensor, or a program that uses none of them should not hold them. */
const FUNCTIONS =
  'avgPool1d avgPool2d cat conv1d conv2d convTranspose1d convTranspose2d einsum fold maxPool1d maxPool2d stack standardize unfold'.split(
    ' ',
  )

describe('the op table', () => {
  const entries = Object.entries(core).filter(
    ([, value]) => typeof value === 'function' && 'entry' in value,
  )
  const promised = new Set<string>([
    ...unary,
    ...binary,
    ...alongDim,
    ...calls.map(([name]) => name),
    'variance',
  ])

  it('holds nothing that is not promised', () => {
    expect(entries.map(([name]) => name).filter((name) => !promised.has(name))).toEqual([])
  })

  it.each(entries)('%s is a method, unless it is a function only', (name, value) => {
    const method = name === 'variance' ? 'var' : name
    const expected = FUNCTIONS.includes(name) ? 'undefined' : 'function'
    expect((value as { entry: { name: string } }).entry.name).toBe(name)
    expect(typeof methods[method]).toBe(expected)
  })
})
