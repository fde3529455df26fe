import { isTensor, noGrad, ValueError, type Tensor } from '@gradtape/core'
import type { Module } from './module.ts'
import { namedMembers } from './tree.ts'
import { showShape } from '../show-shape.ts'

/** Tensors by PyTorch's names. */
export type StateDict = Record<string, Tensor>

export interface LoadOptions {
  /** Whether every name must be on both sides; true unless given. */
  readonly strict?: boolean
}

/** The names on one side only. */
export interface LoadResult {
  readonly missingKeys: string[]
  readonly unexpectedKeys: string[]
}

/** What a state dict holds of a module: its parameters and persistent buffers. */
function stateOf(module: Module): [name: string, value: Tensor][] {
  return namedMembers(module, 'parameter', 'buffer')
    .filter(([, member]) => member.kind === 'parameter' || member.persistent)
    .map(([name, { value }]) => [name, value])
}

/** See `Module.stateDict`. */
export function stateDictOf(module: Module): StateDict {
  return Object.fromEntries(stateOf(module).map(([name, value]) => [name, value.detach()]))
}

/** See `Module.loadStateDict`. */
export function loadInto(
  module: Module,
  state: Readonly<StateDict>,
  { strict = true }: LoadOptions = {},
): LoadResult {
  if (typeof state !== 'object' || state === null || isTensor(state)) {
    throw new ValueError(
      'loadStateDict: expected an object of tensors by name, as stateDict() makes',
    )
  }
  const targets = new Map(stateOf(module))
  const missingKeys = [...targets.keys()].filter((name) => !Object.hasOwn(state, name))
  const unexpectedKeys = Object.keys(state).filter((name) => !targets.has(name))
  const copies = [...targets].filter(([name]) => Object.hasOwn(state, name))
  const problems = [
    ...(strict ? missingKeys.map((name) => `'${name}' is missing`) : []),
    ...(strict ? unexpectedKeys.map((name) => `'${name}' has no place in the module`) : []),
    ...copies.flatMap(([name, target]) => disagreement(name, target, state[name])),
  ]
  if (problems.length > 0) {
    throw new ValueError(
      `loadStateDict: the state does not fit ${module.constructor.name}, and nothing was loaded:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    )
  }
  noGrad(() => {
    for (const [name, target] of copies) target.copy_(state[name]!)
  })
  return { missingKeys, unexpectedKeys }
}

/** What keeps a value from being copied into its target, in words. */
function disagreement(name: string, target: Tensor, value: unknown): string[] {
  if (!isTensor(value)) return [`'${name}' is no tensor but ${typeof value}`]
  const problems: string[] = []
  if (showShape(value.shape) !== showShape(target.shape)) {
    problems.push(
      `'${name}' has shape ${showShape(value.shape)}, the module's has ${showShape(target.shape)}`,
    )
  }
  if (value.dtype !== target.dtype) {
    problems.push(
      `'${name}' has dtype ${value.dtype}, the module's has ${target.dtype}; convert one with .to(…)`,
    )
  }
  return problems
}
