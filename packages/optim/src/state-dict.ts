import { clone, isTensor, noGrad, ValueError, type Tensor } from '@gradtape/core'
import { checkNames, checkOptions, type OptionRules } from './options.ts'

/** What an optimizer keeps for a parameter: a count of steps, a number, or a tensor of its shape. */
export type StateField = 'count' | 'number' | 'buffer' | 'optional buffer'

/** Every field of the state that an optimizer keeps for one parameter. */
export type StateTable<S> = { readonly [K in keyof S]-?: StateField }

/** An optimizer as plain data and tensors; parameters are numbered through all groups. */
export interface OptimizerStateDict<O = object> {
  readonly state: { readonly [index: number]: { readonly [field: string]: number | Tensor } }
  readonly paramGroups: readonly (Required<O> & { readonly params: readonly number[] })[]
}

/** What a state dict holds, checked and copied: options by group, state by parameter. */
export interface Loaded<O, S> {
  readonly groups: readonly Required<O>[]
  readonly state: ReadonlyMap<Tensor, S>
}

/**
 * Reads a state dict for an optimizer with these parameters, by group.
 * @throws {ValueError} when it is none, or one of another optimizer or other parameters.
 */
export function readStateDict<O extends object, S extends object>(
  rules: OptionRules<O> & { readonly state: StateTable<S> },
  params: readonly (readonly Tensor[])[],
  dict: OptimizerStateDict<O>,
): Loaded<O, S> {
  const where = `${rules.name}.loadStateDict`
  if (!isRecord(dict) || !isRecord(dict.state) || !Array.isArray(dict.paramGroups)) {
    throw new ValueError(`${where}: expected { state, paramGroups } as stateDict() makes it`)
  }
  if (dict.paramGroups.length !== params.length) {
    throw new ValueError(
      `${where}: the state dict has ${dict.paramGroups.length} parameter groups, the optimizer ${params.length}; make the optimizer with the same groups first`,
    )
  }
  const numbered = new Map<number, Tensor>()
  const groups = dict.paramGroups.map((saved, i) => {
    const { params: indices, ...options } = saved
    if (!Array.isArray(indices) || indices.length !== params[i]!.length) {
      throw new ValueError(
        `${where}: group ${i} of the state dict has ${Array.isArray(indices) ? indices.length : 'no'} params, the optimizer's has ${params[i]!.length}`,
      )
    }
    indices.forEach((index: number, k) => {
      if (numbered.has(index)) {
        throw new ValueError(`${where}: parameter ${index} of the state dict is there twice`)
      }
      numbered.set(index, params[i]![k]!)
    })
    const own = { ...rules, name: `${where}: group ${i}` }
    checkNames(own, options)
    checkOptions(own, options as unknown as Required<O>)
    return copyOptions(options as unknown as Required<O>)
  })
  const state = new Map<Tensor, S>()
  for (const [index, saved] of Object.entries(dict.state)) {
    const p = numbered.get(Number(index))
    if (p === undefined) {
      throw new ValueError(`${where}: there is state for parameter ${index}, which is in no group`)
    }
    state.set(p, readState(`${where}: state of parameter ${index}`, rules.state, p, saved))
  }
  return { groups, state }
}

function readState<S extends object>(
  where: string,
  table: StateTable<S>,
  p: Tensor,
  saved: Readonly<Record<string, unknown>>,
): S {
  if (!isRecord(saved)) throw new ValueError(`${where}: expected an object`)
  const unknown = Object.keys(saved).find((key) => !Object.hasOwn(table, key))
  if (unknown !== undefined) {
    throw new ValueError(
      `${where}: '${unknown}' does not belong there; expected ${Object.keys(table).join(', ')}: was it saved by another optimizer?`,
    )
  }
  const state: Record<string, number | Tensor> = {}
  for (const [key, field] of Object.entries(table)) {
    const value = saved[key]
    if (value === undefined && field === 'optional buffer') continue
    if (field === 'count' || field === 'number') {
      const isCount = Number.isInteger(value) && (value as number) >= 0
      if (!(field === 'count' ? isCount : Number.isFinite(value))) {
        const wanted = field === 'count' ? 'count of steps' : 'finite number'
        throw new ValueError(`${where}: ${key} must be a ${wanted}, got ${String(value)}`)
      }
      state[key] = value as number
      continue
    }
    const shape = isTensor(value) ? `[${value.shape.join(', ')}]` : undefined
    if (!isTensor(value) || shape !== `[${p.shape.join(', ')}]`) {
      throw new ValueError(
        `${where}: ${key} must be a tensor of the parameter's shape [${p.shape.join(', ')}], got ${shape ? `shape ${shape}` : typeof value}`,
      )
    }
    state[key] = copyOf(value, p)
  }
  return state as S
}

/** A copy of what is kept for a parameter. */
export function copyState<S extends object>(
  state: S,
  p: Tensor,
): { [field: string]: number | Tensor } {
  const entries = Object.entries(state) as [string, number | Tensor][]
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isTensor(value) ? copyOf(value, p) : value]),
  )
}

/** A copy of a group's options. */
export function copyOptions<O extends object>(options: O): O {
  const entries = Object.entries(options).map(([key, value]) => [
    key,
    Array.isArray(value) ? [...value] : value,
  ])
  return Object.fromEntries(entries) as O
}

/** A copy in the parameter's dtype, off the tape. */
function copyOf(value: Tensor, { dtype }: Tensor): Tensor {
  return noGrad(() => clone(value).to(dtype).detach())
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
