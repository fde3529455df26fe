import { DTypeError, noGrad, type FloatDType, type Tensor } from '@gradtape/core'
import type { Module } from './module.ts'
import { Parameter } from './parameter.ts'
import { namedMembers } from './tree.ts'

/** See `Module.to`. */
export function convert(module: Module, dtype: FloatDType): void {
  if (dtype !== 'float32' && dtype !== 'float64') {
    throw new DTypeError(`to: expected 'float32' or 'float64', got '${String(dtype)}'`)
  }
  // By old value, so that what is shared stays shared.
  const converted = new Map<Tensor, Tensor>()
  for (const [, { kind, value, holder, key }] of namedMembers(module, 'parameter', 'buffer')) {
    if (value.dtype === dtype || !isFloat(value)) continue
    let next = converted.get(value)
    if (next === undefined) {
      next = noGrad(() => value.detach().to(dtype))
      if (kind === 'parameter') {
        next = new Parameter(next, { requiresGrad: value.requiresGrad })
        next.grad = value.grad?.to(dtype) ?? null
      }
      converted.set(value, next)
    }
    holder[key] = next
  }
}

function isFloat({ dtype }: Tensor): boolean {
  return dtype === 'float32' || dtype === 'float64'
}
