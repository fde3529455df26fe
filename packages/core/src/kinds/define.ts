import type { Expr } from '../scalar/expr.ts'
import { checkNumber } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { Broadcasted, Fits, ShapeOf } from '../types/shape.ts'
import { applyFormula, Variants, type ResultType } from './elementwise.ts'
import { checkTensor, entry, type Domain, type Entry } from './entry.ts'

// The forms in which elementwise ops stand in the table: a formula over scalars, and where to test it.

/** An elementwise function of one tensor. */
export interface Unary<Args extends readonly unknown[] = []> extends Entry<UnaryMethod<Args>> {
  <T extends Tensor>(x: T, ...args: Args): Tensor<ShapeOf<T>>
}

interface UnaryMethod<Args extends readonly unknown[] = []> {
  <T extends Tensor>(this: T, ...args: Args): Tensor<ShapeOf<T>>
}

/** An elementwise function of two operands that broadcast; one of them may be a number. */
export interface Binary extends Entry<BinaryMethod> {
  <T extends Tensor | number, X extends Tensor | number>(
    a: T,
    b: X & Fits<ShapeOf<T>, X>,
  ): Tensor<Broadcasted<ShapeOf<T>, X>>
}

interface BinaryMethod {
  <T extends Tensor, X extends Tensor | number>(
    this: T,
    other: X & Fits<ShapeOf<T>, X>,
  ): Tensor<Broadcasted<ShapeOf<T>, X>>
}

interface Definition {
  readonly name: string
  /** `'float'` unless given. */
  readonly result?: ResultType
  /** Vanishes where the function or its derivative jumps. */
  readonly kinks?: (...args: Expr[]) => Expr
}

/** A function of one tensor; `params` makes numbers of the arguments that follow it. */
export function unary<Args extends readonly unknown[] = []>(
  definition: Definition & {
    /** Where it is defined, for tests to draw from. */
    readonly domain: Domain
    /** Arguments to test with, if it takes any. */
    readonly args?: readonly Args[]
    readonly params?: (x: Tensor, ...args: Args) => readonly number[]
    readonly formula: (x: Expr, ...params: Expr[]) => Expr
  },
): Unary<Args> {
  const { name, result = 'float', kinks, domain, args, params, formula } = definition
  const variants = new Variants({ name, result, operands: 1, build: formula })
  const call =
    params === undefined
      ? (x: Tensor): Tensor => applyFormula(variants, [x], none)
      : (x: Tensor, ...rest: Args): Tensor => {
          const numbers = params(checkTensor(name, x), ...rest)
          for (const value of numbers) checkNumber(name, 'an argument', value)
          return applyFormula(variants, [x], numbers)
        }
  return entry(
    {
      name,
      kind: 'elementwise',
      differentiable: result !== 'bool',
      samples: (g) => [g.real(g.shape(), domain), ...(args === undefined ? [] : g.pick(args))],
      ...(kinks && {
        kinks: (x: Tensor, ...rest: Args) => kinksOf(kinks, [x], params?.(x, ...rest) ?? none),
      }),
    },
    call,
  )
}

/** A function of two operands. */
export function binary(
  definition: Definition & {
    /** Where it is defined in each operand, for tests to draw from. */
    readonly domains: readonly [Domain, Domain]
    readonly formula: (a: Expr, b: Expr) => Expr
  },
): Binary {
  const { name, result = 'number', kinks, domains, formula } = definition
  const variants = new Variants({ name, result, operands: 2, build: formula })
  const call = (a: Tensor | number, b: Tensor | number): Tensor =>
    applyFormula(variants, [a, b], none)
  return entry(
    {
      name,
      kind: 'elementwise',
      differentiable: result !== 'bool',
      samples: (g) => {
        const shape = g.shape()
        const pair = [shape, g.broadcastable(shape)]
        const [left, right] = g.pick([pair, pair.toReversed()]) as [number[], number[]]
        return g.pick([
          () => [g.real(left, domains[0]), g.real(right, domains[1])],
          () => [g.real(left, domains[0]), g.real(right, domains[1])],
          () => [g.real(left, domains[0]), g.number(domains[1])],
          () => [g.number(domains[0]), g.real(right, domains[1])],
        ])()
      },
      ...(kinks && {
        kinks: (...operands: (Tensor | number)[]) => kinksOf(kinks, operands, none),
      }),
    },
    call,
  )
}

const none: readonly number[] = []

function kinksOf(
  kinks: (...args: Expr[]) => Expr,
  operands: readonly (Tensor | number)[],
  params: readonly number[],
): Tensor {
  const count = operands.length + params.length
  const build = (...args: Expr[]): Expr => kinks(...args.slice(0, count))
  Object.defineProperty(build, 'length', { value: count })
  const formula = { name: 'kinks', result: 'float' as const, operands: operands.length, build }
  return applyFormula(new Variants(formula), operands, params)
}
