import { readFileSync } from 'node:fs'
import * as core from '../src/index.ts'
import type { Tensor } from '../src/index.ts'
import { decode, differences } from './close.ts'
import type { Comparison, Described, Encoded } from './close.ts'

/** A tensor to build: a leaf, and the views through which the op sees it. */
export interface InputRecord extends Described {
  requiresGrad?: boolean
  view?: [string, ...unknown[]][]
}

/** Values, and the pullback of given cotangents: null where there is no gradient. */
export interface Expectation {
  inputs: InputRecord[]
  outputs: Described[]
  compare?: Comparison
  cotangents?: (Encoded[] | null)[]
  grads?: (Encoded[] | null)[]
  /** The same once more, for the gradients as functions of the inputs. */
  second?: { cotangents: (Encoded[] | null)[]; grads: (Encoded[] | null)[] }
}

/** One call of a function: where its arguments name `{ $: i }`, input i is meant. */
export interface OpCase extends Expectation {
  name: string
  op: string
  args: unknown[]
}

type Call = (...args: unknown[]) => unknown

/** A package's exports by name: the cases name functions in JSON. */
export const byName = (library: object): Record<string, Call> => library as Record<string, Call>

export function readCases<Case>(file: URL): Case[] {
  return JSON.parse(readFileSync(file, 'utf8')).cases
}

export function leafOf(record: InputRecord): Tensor {
  const { shape, dtype, values, requiresGrad } = record
  const leaf = byName(core).tensor(values.map(decode), { shape, dtype, requiresGrad })
  return leaf as Tensor
}

export function viewOf(leaf: Tensor, { view = [] }: InputRecord): Tensor {
  return view.reduce((x, [op, ...args]) => byName(core)[op](x, ...args) as Tensor, leaf)
}

/** Arguments as JSON holds them, with tensors, slices and infinities put in. */
export function resolve(arg: unknown, tensors: Tensor[]): unknown {
  if (Array.isArray(arg)) return arg.map((item) => resolve(item, tensors))
  if (arg === 'nan' || arg === 'inf' || arg === '-inf') return decode(arg)
  if (typeof arg !== 'object' || arg === null) return arg
  if ('$' in arg) return tensors[arg.$ as number]
  if ('slice' in arg) return byName(core).slice(...(arg.slice as number[]))
  return Object.fromEntries(
    Object.entries(arg).map(([key, value]) => [key, resolve(value, tensors)]),
  )
}

/** A tensor, an array of them, or values with their indices, as one list. */
export function outputsOf(result: unknown): Tensor[] {
  if (Array.isArray(result)) return result
  if (typeof result === 'object' && result !== null && 'indices' in result) {
    const { values, indices } = result as { values: Tensor; indices: Tensor }
    return [values, indices]
  }
  return [result as Tensor]
}

/**
 * How `call` disagrees with what was recorded: its value, the gradients of its inputs and, where
 * recorded, the gradients of those. Empty where it agrees.
 */
export function disagreements(
  expected: Expectation,
  call: (inputs: Tensor[]) => unknown,
): string[] {
  const { inputs, cotangents = [], grads, compare } = expected
  const leaves = inputs.map(leafOf)
  const outputs = outputsOf(call(leaves.map((leaf, i) => viewOf(leaf, inputs[i]))))
  if (outputs.length !== expected.outputs.length) {
    return [`${outputs.length} outputs, expected ${expected.outputs.length}`]
  }
  const found = outputs.flatMap((y, i) =>
    differences(y, expected.outputs[i], `output ${i}`, compare),
  )
  if (found.length > 0 || !grads) return found
  found.push(...secondOrderDisagreements(expected, leaves, outputs))
  outputs.forEach((y, i) => {
    const cotangent = cotangentOf(y, cotangents[i])
    if (cotangent) y.backward(cotangent, { retainGraph: true })
  })
  leaves.forEach((leaf, i) => {
    const what = `gradient of input ${i}`
    found.push(...gradientDifferences(leaf.grad, grads[i], inputs[i], what, compare && 'each'))
  })
  return found
}

function secondOrderDisagreements(
  { inputs, cotangents = [], grads = [], second }: Expectation,
  leaves: Tensor[],
  outputs: Tensor[],
): string[] {
  if (!second) return []
  const indices = leaves.map((_, i) => i).filter((i) => inputs[i].requiresGrad)
  const asked = indices.map((i) => leaves[i])
  const first = core.gradients(outputs, asked, {
    gradOutputs: outputs.map((y, i) => cotangentOf(y, cotangents[i])!),
    createGraph: true,
  }) as Tensor[]
  const again = core.gradients(first, asked, {
    gradOutputs: first.map((g, k) => cotangentOf(g, second.cotangents[indices[k]])!),
    retainGraph: true,
    allowUnused: true,
  })
  return indices.flatMap((i, k) => [
    ...gradientDifferences(first[k], grads[i], inputs[i], `first gradient of input ${i}`),
    ...gradientDifferences(again[k], second.grads[i], inputs[i], `second gradient of input ${i}`),
  ])
}

function cotangentOf(y: Tensor, values: Encoded[] | null | undefined): Tensor | undefined {
  return values ? leafOf({ shape: [...y.shape], dtype: y.dtype, values }) : undefined
}

/** A gradient that PyTorch leaves out may also be zeros; an input that wants none has none. */
function gradientDifferences(
  actual: Tensor | null | undefined,
  values: Encoded[] | null | undefined,
  { shape, dtype, requiresGrad }: InputRecord,
  what: string,
  compare?: Comparison,
): string[] {
  if (!actual) return values ? [`${what} is missing`] : []
  if (!values && !requiresGrad) return [`${what} is there, but the input requires none`]
  const zeros = Array.from(actual.data, () => 0)
  return differences(actual, { shape, dtype, values: values ?? zeros }, what, compare)
}
