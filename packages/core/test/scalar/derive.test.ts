import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { elementwiseOp } from '../../src/kinds/elementwise.ts'
import { COTANGENT, derive, OUTPUT } from '../../src/scalar/derive.ts'
import { condition, constant, input, param, type Expr } from '../../src/scalar/expr.ts'
import { interpret } from '../../src/scalar/interpret.ts'
import { kernelOf } from '../../src/scalar/kernel.ts'
import * as s from '../../src/scalar/primitives.ts'
import { formulas } from '../formulas.ts'

const [x, y] = [input(0), input(1)]

/** The value of a formula's derivative by its i-th input, for a cotangent. */
function slope(
  formula: Expr,
  i: number,
  inputs: readonly number[],
  params: readonly number[] = [],
  ct = 1,
): number {
  const derivative = derive(formula, i)
  if (derivative === null) return 0
  const out = interpret(formula, false)(inputs, params)
  const values = derivative.sources.map((source) =>
    source === OUTPUT ? out : source === COTANGENT ? ct : inputs[source],
  )
  return interpret(derivative.formula, false)(
    values,
    derivative.params.map((p) => params[p]),
  )
}

/** Smooth functions of any numbers, whose compositions stay tame. */
const tame: readonly ((...args: Expr[]) => Expr)[] = [
  s.add,
  s.sub,
  s.neg,
  s.sin,
  s.cos,
  s.tanh,
  s.sigmoid,
  s.atan,
  s.erf,
  (a, b) => s.mul(s.tanh(a), b),
  (a, b) => s.div(a, s.add(2, s.sin(b))),
  (a, b) => s.pow(s.add(1.5, s.sin(a)), s.cos(b)),
  (a, b) => s.atan2(s.sin(a), s.add(2, s.cos(b))),
  (a) => s.log(s.add(2, s.sin(a))),
  (a) => s.sqrt(s.add(2, s.sin(a))),
  (a) => s.exp(s.sin(a)),
  (a) => s.log1p(s.mul(0.5, s.sin(a))),
  (a) => s.softplus(s.sin(a)),
]

describe('derivatives', () => {
  test('of compositions agree with differences', () => {
    const drawn = formulas({ inputs: 2, params: 1, of: tame, maxSteps: 4 })
    const number = fc.integer({ min: -2000, max: 2000 }).map((n) => n / 1000)
    let varying = 0
    fc.assert(
      fc.property(drawn, fc.tuple(number, number), number, fc.nat(1), (formula, at, p, i) => {
        const f = (h: number): number => interpret(formula, false)(at.with(i, at[i] + h), [p])
        const difference = (h: number): number => (f(h) - f(-h)) / (2 * h)
        const expected = (4 * difference(5e-4) - difference(1e-3)) / 3
        const found = slope(formula, i, at, [p], 3)
        // What the extrapolation corrects says how wild the formula is.
        const wild = Math.abs(expected - difference(5e-4))
        if (expected !== 0) varying++
        expect(Math.abs(found - 3 * expected)).toBeLessThan(
          1e-7 * (1 + Math.abs(expected) + Math.abs(f(0))) + wild,
        )
      }),
      { numRuns: 1000 },
    )
    expect(varying).toBeGreaterThan(200)
  })

  test('are null where a formula does not vary', () => {
    expect(derive(s.exp(y), 0)).toBeNull()
    expect(derive(s.floor(x), 0)).toBeNull()
    expect(derive(s.gt(x, y), 0)).toBeNull()
    expect(derive(constant(3), 0)).toBeNull()
    expect(derive(param(0), 0)).toBeNull()
  })

  test('use the output where that is cheaper than the inputs', () => {
    const sourcesOf = (formula: Expr): Set<number> => new Set(derive(formula, 0)!.sources)
    expect(sourcesOf(s.exp(x))).toEqual(new Set([COTANGENT, OUTPUT]))
    expect(sourcesOf(s.sin(x))).toEqual(new Set([COTANGENT, 0]))
    expect(sourcesOf(s.mul(x, y))).toEqual(new Set([COTANGENT, 1]))
    expect(sourcesOf(s.add(x, y))).toEqual(new Set([COTANGENT]))
  })

  test('take their parameters from the formula, numbered anew', () => {
    const formula = s.add(s.mul(x, param(2)), param(0))
    expect(derive(formula, 0)!.params).toEqual([2])
    expect(slope(formula, 0, [5], [1, 2, 3])).toBe(3)
  })
})

describe('at points that no limit settles', () => {
  test('the gradient of an angle at the origin is 0', () => {
    for (const point of [
      [0, 0],
      [-0, 0],
      [1e-200, -1e-200],
    ]) {
      for (const i of [0, 1]) expect(Math.abs(slope(s.atan2(x, y), i, point))).toBe(0)
    }
    expect(slope(s.atan2(x, y), 0, [0, 2])).toBe(0.5)
  })

  test('NaN hands the gradient of an extreme to both', () => {
    for (const extreme of [s.maximum, s.minimum]) {
      for (const point of [
        [NaN, 1],
        [1, NaN],
        [NaN, NaN],
      ]) {
        expect([0, 1].map((i) => slope(extreme(x, y), i, point))).toEqual([1, 1])
      }
    }
  })
})

describe('a branch not taken', () => {
  const logOrZero = s.select(s.gt(x, 0), s.log(x), 0)

  test('does not bring its infinity or NaN into the gradient', () => {
    expect(slope(logOrZero, 0, [2])).toBe(0.5)
    expect(slope(logOrZero, 0, [0])).toBe(0)
    expect(slope(logOrZero, 0, [-1])).toBe(0)
    const root = s.select(s.eq(x, 0), 0, s.sqrt(x))
    expect(slope(root, 0, [0])).toBe(0)
    expect(slope(root, 0, [4])).toBe(0.25)
  })

  test('nor inside of further functions', () => {
    const formula = s.mul(s.exp(logOrZero), s.add(logOrZero, x))
    expect(slope(formula, 0, [-1])).toBe(1)
    expect(slope(formula, 0, [0])).toBe(1)
  })

  test('nor in second order', () => {
    const first = derive(logOrZero, 0)!
    // By the input of the original, wherever the derivative numbers it.
    const at = first.sources.indexOf(0)
    const values = first.sources.map((source) => (source === COTANGENT ? 1 : -1))
    expect(slope(first.formula, at, values)).toBe(0)
  })

  test('nor from a condition of its own', () => {
    const chosen = s.select(condition(1), s.log(x), x)
    expect(slope(chosen, 0, [0, 0])).toBe(1)
    expect(slope(chosen, 0, [0, 1])).toBe(Infinity)
  })
})

describe('equal formulas are one', () => {
  test('object, however they were written', () => {
    expect(s.add(s.mul(x, 2), s.exp(y))).toBe(s.add(s.mul(input(0), constant(2)), s.exp(input(1))))
    expect(s.mul(x, y)).not.toBe(s.mul(y, x))
    expect(constant(0)).not.toBe(constant(-0))
    expect(input(0)).not.toBe(condition(0))
    expect(input(0)).not.toBe(param(0))
  })

  test('constant, where nothing varies', () => {
    expect(s.add(2, s.mul(3, 4))).toBe(constant(14))
    expect(s.add(x, 0)).toBe(x)
    expect(s.mul(1, x)).toBe(x)
    expect(s.div(x, 1)).toBe(x)
  })

  test('op, and so are equal derivatives', () => {
    // silu is a product, so its derivative by the factor x is that of any product.
    const silu = s.mul(x, s.sigmoid(x))
    expect(derive(silu, 0)!.formula).toBe(derive(s.mul(input(0), s.sigmoid(input(0))), 0)!.formula)
    expect(derive(s.mul(x, y), 0)!.formula).toBe(derive(s.mul(x, y), 1)!.formula)
    const one = derive(s.exp(x), 0)!.formula
    const other = derive(s.exp(input(3)), 3)!.formula
    expect(one).toBe(other)
    expect(elementwiseOp('expBackward', one)).toBe(elementwiseOp('expBackward', other))
    // Under another name it is another op, of the same compiled loops.
    expect(kernelOf([one], 2, 0)).toBe(kernelOf([other], 2, 0))
    expect(elementwiseOp('test', one, true)).not.toBe(elementwiseOp('no test', one))
  })
})
