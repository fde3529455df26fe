import fc from 'fast-check'
import { condition, constant, input, param, type Expr } from '../src/scalar/expr.ts'
import * as scalar from '../src/scalar/primitives.ts'

type Primitive = (...args: Expr[]) => Expr

/** Every primitive function of scalars, by name. */
export const primitives: readonly (readonly [name: string, primitive: Primitive])[] =
  Object.entries(scalar).filter(
    (pair): pair is [string, Primitive] => typeof pair[1] === 'function',
  )

/** What formulas are built over. */
export interface FormulaConstraints {
  readonly inputs: number
  /** Inputs that are bool; they come after the others. */
  readonly conditions?: number
  readonly params?: number
  /** Every primitive unless given. */
  readonly of?: readonly Primitive[]
  readonly maxDepth?: number
}

/** Formulas of random shape, in which subexpressions often stand in several places. */
export function formulas({
  inputs,
  conditions = 0,
  params = 0,
  of = primitives.map(([, primitive]) => primitive),
  maxDepth = 4,
}: FormulaConstraints): fc.Arbitrary<Expr> {
  const constants = [0, 1, 2, -1, 0.5, -0.75].map(constant)
  const leaves = fc.constantFrom(
    ...Array.from({ length: inputs }, (_, i) => input(i)),
    ...Array.from({ length: conditions }, (_, i) => condition(inputs + i)),
    ...Array.from({ length: params }, (_, i) => param(i)),
    ...constants,
  )
  return fc.letrec<{ formula: Expr }>((tie) => ({
    formula: fc.oneof(
      { maxDepth, withCrossShrink: true },
      leaves,
      fc
        .tuple(fc.constantFrom(...of), tie('formula'), tie('formula'), tie('formula'))
        .map(([primitive, a, b, c]) => primitive(a, b, c)),
      // A square of anything shares it.
      tie('formula').map((a) => scalar.mul(a, a)),
    ),
  })).formula
}
