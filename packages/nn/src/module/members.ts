import { isTensor, type Tensor } from '@gradtape/core'
import { isModule } from './brand.ts'
import type { Module } from './module.ts'
import { isParameter, type Parameter } from './parameter.ts'

interface Held<T> {
  /** Its name in the module, as PyTorch has it. */
  readonly name: string
  readonly value: T
  /** Where it is held: `holder[key]`. */
  readonly holder: Record<string, unknown>
  readonly key: string
}

/** What a module holds by itself, not by way of another module. */
export type Member =
  | (Held<Parameter> & { readonly kind: 'parameter' })
  | (Held<Module> & { readonly kind: 'module' })
  | (Held<Tensor> & { readonly kind: 'buffer'; readonly persistent: boolean })

type Holder = Record<string, unknown>

/**
 * The parameters and modules in the own fields of a module, in arrays and plain objects there, nested
 * to any depth, and the buffers: the fields that `buffers` names, each with whether it persists.
 */
export function membersOf(module: Module, buffers: ReadonlyMap<string, boolean>): Member[] {
  const found: Member[] = []
  const visit = (name: string, holder: Holder, key: string, within: readonly Holder[]): void => {
    const value = holder[key]
    if (typeof value !== 'object' || value === null) return
    if (isParameter(value)) found.push({ kind: 'parameter', name, value, holder, key })
    else if (isModule(value)) found.push({ kind: 'module', name, value, holder, key })
    else if (isContainer(value) && !within.includes(value)) {
      for (const part of Object.keys(value)) {
        visit(`${name}.${part}`, value, part, [...within, value])
      }
    }
  }
  const fields = module as unknown as Holder
  for (const key of Object.keys(fields)) {
    const name = stateName(key)
    const value = fields[key]
    const persistent = buffers.get(key)
    if (persistent === undefined) visit(name, fields, key, [])
    else if (isTensor(value)) {
      found.push({ kind: 'buffer', name, value, holder: fields, key, persistent })
    }
  }
  return found
}

function isContainer(value: object): value is Holder {
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * The name of a field in listings and state dicts, PyTorch's snake case: `runningMean` is
 * `running_mean`, `weightIhL0` is `weight_ih_l0`.
 */
export function stateName(field: string): string {
  return field.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}
