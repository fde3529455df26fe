import type { Expr } from '../scalar/expr.ts'
import { ValueError } from '../errors.ts'
import { checkNumber, showValue } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { Broadcasted, Fits } from '../types/broadcasting.ts'
import type { ShapeOf } from '../types/shape.ts'
import { applyFormula, Variants, type Formula, type ResultType } from './elementwise.ts'
import { checkOptions, checkTensor, entry, type Domain, type Entry } from './entry.ts'

// The forms in which elementwise ops stand in the table: a formula over scalars, and where to test it.

/**
 * An elementwise function of one tensor.
 * @shapes any; the result has that of x.
 * @throws {DTypeError} when x is no tensor, or of a dtype that isn't taken.
 */
export interface Unary<Args extends readonly unknown[] = []> extends Entry<UnaryMethod<Args>> {
  <T extends Tensor>(x: T, ...args: Args): Tensor<ShapeOf<T>>
}

interface UnaryMethod<Args extends readonly unknown[] = []> {
  <T extends Tensor>(this: T, ...args: Args): Tensor<ShapeOf<T>>
}

/**
 * An elementwise function of two operands that broadcast; one of them may be a number.
 * @shapes any that broadcast; the result has the one that they broadcast to.
 * @throws {ShapeError} when the shapes don't broadcast.
 * @throws {DTypeError} when an operand is neither tensor nor number, or of a dtype that isn't
 * taken, or when a number has no value in the integer dtype that the result would keep.
 */
export interface Binary<Args extends readonly unknown[] = []> extends Entry<BinaryMethod<Args>> {
  <T extends Tensor | number, X extends Tensor | number>(
    a: T,
    b: X & Fits<ShapeOf<T>, X>,
    ...args: Args
  ): Tensor<Broadcasted<ShapeOf<T>, X>>
}

interface BinaryMethod<Args extends readonly unknown[] = []> {
  <T extends Tensor, X extends Tensor | number>(
    this: T,
    other: X & Fits<ShapeOf<T>, X>,
    ...args: Args
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

/** What options make of a function of two operands: another formula and its parameters. */
export interface Choice {
  readonly formula: (a: Expr, b: Expr, ...params: Expr[]) => Expr
  readonly params?: readonly number[]
  readonly result?: ResultType
  readonly check?: Check
}

/** Throws for operands that have no result. */
type Check = (name: string, a: Tensor | number, b: Tensor | number) => void

/** A function of two operands. */
export function binary<O extends object = never>(
  definition: Definition & {
    /** Where it is defined in each operand, for tests to draw from. */
    readonly domains: readonly [Domain, Domain]
    readonly formula: (a: Expr, b: Expr) => Expr
    readonly check?: Check
    /** What it computes with options, if it takes any; null for the formula above. */
    readonly choose?: (options: O) => Choice | null
    /** Options to test with. */
    readonly options?: readonly O[]
  },
): Binary<[O] extends [never] ? [] : [options?: O]> {
  const {
    name,
    result = 'number',
    kinks,
    domains,
    formula,
    check,
    choose,
    options = [],
  } = definition
  const variants = new Variants({ name, result, operands: 2, build: formula })
  const call = (a: Tensor | number, b: Tensor | number, given?: O): Tensor => {
    check?.(name, a, b)
    if (given === undefined) return applyFormula(variants, [a, b], none)
    if (choose === undefined) {
      throw new ValueError(`${name}: takes two operands and no options, got ${showValue(given)}`)
    }
    const choice = choose(checkOptions(name, given))
    if (choice === null) return applyFormula(variants, [a, b], none)
    const { params = none, formula: build } = choice
    choice.check?.(name, a, b)
    for (const value of params) checkNumber(name, 'an option', value)
    const chosen = new Variants({ name, result: choice.result ?? result, operands: 2, build })
    return applyFormula(chosen, [a, b], params)
  }
  return entry(
    {
      name,
      kind: 'elementwise',
      differentiable: result !== 'bool',
      samples: (g) => {
        const shape = g.shape()
        const pair = [shape, g.broadcastable(shape)]
        const [left, right] = g.pick([pair, pair.toReversed()]) as [number[], number[]]
        const operands = g.pick([
          () => [g.real(left, domains[0]), g.real(right, domains[1])],
          () => [g.real(left, domains[0]), g.real(right, domains[1])],
          () => [g.real(left, domains[0]), g.number(domains[1])],
          () => [g.number(domains[0]), g.real(right, domains[1])],
        ])()
        return [...operands, ...g.pick([[], ...options.map((given) => [given])])]
      },
      ...(kinks && {
        kinks: (a: Tensor | number, b: Tensor | number) => kinksOf(kinks, [a, b], none),
      }),
    },
    call,
  )
}

/**
 * An elementwise function of one's own, by a formula over scalars: its operands broadcast and promote
 * to a float dtype, each may be a number, and its gradients, of any order, are derived from the
 * formula. The name is what messages and recorded tapes call it.
 *
 * @throws {ValueError} when the function is called with another number of operands than the formula has.
 *
 * @example
 * ```ts
 * import { elementwise, scalar, tensor } from '@gradtape/core'
 *
 * const hypotenuse = elementwise('hypotenuse', (a, b) =>
 *   scalar.sqrt(scalar.add(scalar.mul(a, a), scalar.mul(b, b))),
 * )
 * const a = tensor([3, 5], { requiresGrad: true })
 * hypotenuse(a, tensor([4, 12])).sum().backward()
 * console.log(a.grad) // → tensor([0.6000, 0.3846])
 * ```
 */
export function elementwise<E extends Expr[]>(
  name: string,
  formula: (...operands: E) => Expr,
): (...operands: { [K in keyof E]: Tensor | number }) => Tensor {
  const build = formula as Formula['build']
  const variants = new Variants({ name, result: 'float', operands: build.length, build })
  return (...operands) => {
    if (operands.length !== build.length) {
      throw new ValueError(`${name}: expected ${build.length} operands, got ${operands.length}`)
    }
    return applyFormula(variants, operands, none)
  }
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
