import type { Expr, Primitive } from '../../../core/src/scalar/expr.ts'
import { constant, input } from '../../../core/src/scalar/expr.ts'
import { interpret, type Interpreted } from '../../../core/src/scalar/interpret.ts'

/** A dtype in which something is computed, as far as its rounding goes. */
export interface Precision {
  /** The nearest number that it has. */
  readonly round: (x: number) => number
  /** The distance from 1 to the next number. */
  readonly unit: number
}

export const single: Precision = { round: Math.fround, unit: 2 ** -23 }
export const double: Precision = { round: (x) => x, unit: 2 ** -52 }

/** Values of formulas, and for each the sum of what is rounded on the way to it, in units of the precision. */
export type RunningError = (
  inputs: ArrayLike<number>,
  errors: ArrayLike<number>,
  params: readonly number[],
) => number[]

/** One node of the formulas, its arguments before it. */
interface Node {
  readonly expr: Expr
  readonly args: readonly number[]
  readonly partials: readonly (Interpreted | null)[]
}

/** Yield one of their arguments, or what is as exact. */
const exact = new Set(['abs', 'neg', 'maximum', 'minimum', 'select', 'fmod'])
/** Are constant, or as good as, between jumps. */
const steps = new Set(['sign', 'floor', 'ceil', 'trunc', 'round', 'floorQuotient'])
const jumping = new Set([...steps, 'fmod', 'remainder'])

/** How much nearer than its error a value comes to a jump before it counts as lying there. */
const MARGIN = 8

/**
 * Running error analysis (Wilkinson, 1963) of formulas over scalars: each result of a step counts once as
 * rounded, and what its arguments are off by is carried on by its derivatives. Where they may be off to
 * the other side of a jump, or of a condition, the error is as large as the jump.
 */
export function runningError(formulas: readonly Expr[], precision: Precision): RunningError {
  const { unit, round } = precision
  const nodes: Node[] = []
  const places = new Map<Expr, number>()
  const place = (expr: Expr): number => {
    let at = places.get(expr)
    if (at === undefined) {
      const args = expr.args.map(place)
      const partials = expr.primitive ? partialsOf(expr.primitive, args.length) : []
      at = nodes.push({ expr, args, partials }) - 1
      places.set(expr, at)
    }
    return at
  }
  const results = formulas.map(place)
  const values = new Float64Array(nodes.length)
  const errors = new Float64Array(nodes.length)

  const ofCall = ({ expr, args, partials }: Node, at: number): number => {
    const { name, isTest, evaluate } = expr.primitive!
    if (name === 'select') {
      const [test, yes, no] = args.map((arg) => errors[arg])
      const taken = values[args[0]] !== 0 ? yes : no
      if (test === 0) return taken
      return Math.max(yes, no) + Math.abs(values[args[1]] - values[args[2]]) / unit
    }
    const own = exact.has(name) || isTest || steps.has(name) ? 0 : Math.abs(values[at])
    if (args.every((arg) => errors[arg] === 0)) return own
    const given = args.map((arg) => values[arg])
    const off = args.map((arg) => MARGIN * unit * errors[arg])
    if (isTest || jumping.has(name)) {
      const around = args.flatMap((_, k) =>
        [-1, 1].map((side) => evaluate(...given.with(k, given[k] + side * off[k]))),
      )
      // Both arguments may move, towards each other.
      if (args.length === 2) {
        around.push(
          evaluate(given[0] + off[0], given[1] - off[1]),
          evaluate(given[0] - off[0], given[1] + off[1]),
        )
      }
      const jump = Math.max(...around.map((value) => Math.abs(value - values[at])))
      const line =
        jumping.has(name) && !steps.has(name)
          ? 2 * (off[0] + Math.abs(given[0] / given[1]) * off[1])
          : 0
      if (!(jump <= line)) return own + jump / unit
    }
    const all = [...given, values[at]]
    return args.reduce((sum, arg, k) => {
      const partial = errors[arg] === 0 ? null : partials[k]
      return partial === null ? sum : sum + Math.abs(partial(all, [])) * errors[arg]
    }, own)
  }

  return (inputs, given, params) => {
    nodes.forEach((node, at) => {
      const { expr, args } = node
      const { kind, index } = expr
      if (kind === 'call') {
        values[at] = expr.primitive!.evaluate(...args.map((arg) => values[arg]))
        const value = values[at]
        const overflows = Number.isFinite(value) && !Number.isFinite(round(value))
        errors[at] = overflows ? Infinity : ofCall(node, at)
      } else if (kind === 'input' || kind === 'condition') {
        values[at] = inputs[index]
        errors[at] = given[index]
      } else {
        const value = kind === 'param' ? params[index] : expr.value
        values[at] = value
        errors[at] = round(value) === value ? 0 : Math.abs(value)
      }
    })
    return results.map((at) => errors[at])
  }
}

const known = new Map<Primitive, readonly (Interpreted | null)[]>()

/** The derivatives by each argument, as functions of the arguments and the value. */
function partialsOf(primitive: Primitive, count: number): readonly (Interpreted | null)[] {
  let partials = known.get(primitive)
  if (partials === undefined) {
    const x = Array.from({ length: count }, (_, k) => input(k))
    partials = x.map((own) => {
      const t = x.map((other) => (other === own ? constant(1) : null))
      const partial = primitive.tangent(t, x, input(count))
      return partial && interpret(partial, false)
    })
    known.set(primitive, partials)
  }
  return partials
}
