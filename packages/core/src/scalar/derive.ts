import { condition, input, leaves, param, substitute, type Expr } from './expr.ts'

/** What the derivative of an elementwise function is made from. */
export interface Derivative {
  /** The function, of inputs numbered anew. */
  readonly formula: Expr
  /** For each of its inputs: which input of the original it is, or {@link OUTPUT} or {@link COTANGENT}. */
  readonly sources: readonly number[]
  /** For each of its parameters, which parameter of the original. */
  readonly params: readonly number[]
}

export const OUTPUT = -1
export const COTANGENT = -2

/**
 * The vector-Jacobian product of `y = formula(…)` with respect to its i-th input, as a formula over
 * inputs, output and cotangent; null where it is zero everywhere.
 *
 * It is found by pushing the cotangent forward as if it were the input's tangent: for a function of
 * scalars both products are `ct · ∂y/∂xᵢ`. Forward, a `select` selects tangents instead of
 * multiplying partials, so an infinity in the branch not taken never meets a zero.
 */
export function derive(formula: Expr, i: number): Derivative | null {
  // Numbers beyond the formula's own stand for the output and the cotangent.
  const free = 1 + Math.max(i, ...leaves([formula]).map((leaf) => leaf.index))
  const output = input(free)
  const cotangent = input(free + 1)
  const tangents = new Map<Expr, Expr | null>([[input(i), cotangent]])
  const tangent = (expr: Expr): Expr | null => {
    let t = tangents.get(expr)
    if (t === undefined) {
      t = expr.primitive?.tangent(expr.args.map(tangent), expr.args, expr) ?? null
      tangents.set(expr, t)
    }
    return t
  }
  const found = tangent(formula)
  if (found === null) return null
  const inOutput = formula.kind === 'call' ? substitute(found, new Map([[formula, output]])) : found

  // Number what is left in the order in which it is met, so that equal formulas become one op.
  const sources: number[] = []
  const params: number[] = []
  const renamed = new Map<Expr, Expr>()
  for (const leaf of leaves([inOutput])) {
    if (leaf.kind === 'param') {
      renamed.set(leaf, param(params.push(leaf.index) - 1))
    } else {
      const source = leaf === output ? OUTPUT : leaf === cotangent ? COTANGENT : leaf.index
      const number = sources.push(source) - 1
      renamed.set(leaf, leaf.kind === 'condition' ? condition(number) : input(number))
    }
  }
  return { formula: substitute(inOutput, renamed), sources, params }
}
