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

/** One call of a module: where its arguments name `{ $: i }`, input i is meant; the first unless given. */
export interface ModuleCase extends Expectation {
  name: string
  module: Construction
  training: boolean
  state: Record<string, Described>
  args?: unknown[]
  stateGrads: Record<string, Encoded[] | null>
  /** What the call changes of the state. */
  after?: Record<string, Described>
}

function construct({ new: name, args }: Construction): nn.Module {
  const classes = nn as unknown as Record<string, new (...args: unknown[]) => nn.Module>
  return new classes[name](...args.map(made))
}

/** An argument with modules in place of their constructions, in options too. */
function made(arg: unknown): unknown {
  if (typeof arg !== 'object' || arg === null || Array.isArray(arg)) return arg
  if ('new' in arg) return construct(arg as Construction)
  return Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, made(value)]))
}

/**
 * How a module with a recorded state disagrees with what was recorded: names in the state, outputs,
 * gradients of inputs and parameters, and the state afterwards. Empty where it agrees.
 */
function moduleDisagreements(expected: ModuleCase): string[] {
  const { state, args = [{ $: 0 }], stateGrads, after = {} } = expected
  const module = construct(expected.module).train(expected.training)
  const entries = Object.entries(state)
  const names = [Object.keys(module.stateDict()), Object.keys(state)].map(String)
  const found = names[0] === names[1] ? [] : [`state of ${names[0]}, expected ${names[1]}`]
  module.loadStateDict(Object.fromEntries(entries.map(([key, value]) => [key, leafOf(value)])))
  found.push(
    ...disagreements(expected, (inputs) =>
      leavesOf(module.forward(...(resolve(args, inputs) as unknown[]))),
    ),
  )
  for (const [key, value] of Object.entries(module.stateDict())) {
    found.push(...differences(value, after[key] ?? state[key], `${key} afterwards`))
  }
  const named = Object.fromEntries(module.namedParameters())
  for (const [key, values] of Object.entries(stateGrads)) {
    const { grad } = named[key]
    if (values && !grad) found.push(`gradient of ${key} is missing`)
    if (!grad) continue
    const zeros = Array.from(grad.data, () => 0)
    const wanted = { ...state[key], values: values ?? zeros }
    found.push(...differences(grad, wanted, `gradient of ${key}`))
  }
  return found
}

/** Nested outputs in a row; there may be none in a place. */
function leavesOf(outputs: unknown): unknown[] {
  if (Array.isArray(outputs)) return outputs.flatMap(leavesOf)
  return outputs === null ? [] : [outputs]
}

/** How a function of `nn.functional` disagrees with what was recorded. */
function functionDisagreements({ op, args, ...expected }: OpCase): string[] {
  const call = byName(nn.functional)[op]
  return disagreements(expected, (inputs) => call(...(resolve(args, inputs) as unknown[])))
}

/** The same of either. */
export function caseDisagreements(expected: ModuleCase | OpCase): string[] {
  return 'module' in expected ? moduleDisagreements(expected) : functionDisagreements(expected)
}

/** What stands in a file of `golden`. */
export function goldenCases(name: string): (ModuleCase | OpCase)[] {
  return readCases(new URL(`golden/${name}.json`, import.meta.url))
}
