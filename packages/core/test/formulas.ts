import fc from 'fast-check'
import { condition, constant, input, param, type Expr } from '../src/scalar/expr.ts'
import * as scalar from '../src/scalar/primitives.ts'

type Primitive = (...args: Expr[]) => Expr

/** Every primitive function of scalars, by name. */
export const primitives: readonly (readonly [name: string, primitive: Primitive])[] =
  Object.entries<unknown>(scalar).flatMap(([name, value]) =>
    typeof value === 'function' ? [[name, value as Primitive] as const] : [],
  )

/** What formulas are built over. */
export interface FormulaConstraints {
  readonly inputs: number
  /** Inputs that are bool; they come after the others. */
  readonly conditions?: number
  readonly params?: number
  /** Every primitive unless given. */
  readonly of?: readonly Primitive[]
  /** How many primitives at most; 6 unless given. */
  readonly maxSteps?: number
}

/**
 * Formulas made step by step: each applies a primitive to any of the values before it, so that one
 * value often stands in several places.
 */
export function formulas({
  inputs,
  conditions = 0,
  params = 0,
  of = primitives.map(([, primitive]) => primitive),
  maxSteps = 6,
}: FormulaConstraints): fc.Arbitrary<Expr> {
  const leaves = [
    ...Array.from({ length: inputs }, (_, i) => input(i)),
    ...Array.from({ length: conditions }, (_, i) => condition(inputs + i)),
    ...Array.from({ length: params }, (_, i) => param(i)),
    ...[0, 1, 2, -1, 0.5, -0.75].map(constant),
  ]
  const place = fc.nat(2 ** 16)
  return fc
    .array(fc.tuple(fc.constantFrom(...of), place, place, place), {
      minLength: 1,
      maxLength: maxSteps,
      size: 'max',
    })
    .map((steps) => {
      // The newest first, as later steps should build on earlier ones.
      const values = [...leaves]
      for (const [primitive, ...places] of steps) {
        const args = places.map((n) => values[n % Math.min(values.length, 2 + inputs + conditions)])
        values.unshift(primitive(...args))
      }
      return values[0]
    })
}
