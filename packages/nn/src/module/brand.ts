import type { Module } from './module.ts'

/** Marks modules; a brand, because `instanceof` fails between copies of this package. */
export const brand: unique symbol = Symbol.for('gradtape.Module') as never

export function isModule(x: unknown): x is Module {
  return typeof x === 'object' && x !== null && brand in x
}
