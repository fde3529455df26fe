/**
 * Arithmetic: sums, products, quotients and powers, element by element. Functions of two operands take
 * tensors that broadcast, of which one (of a method, the second) may be a number; the result has the
 * shape that they broadcast to and the dtype that they promote to, which a number never changes.
 *
 * @example
 * ```ts
 * import { add, div, pow, sub, tensor } from '@gradtape/core'
 *
 * const a = tensor([5, -3, 2])
 * const b = tensor([2, 2, -4])
 * const n = tensor([7, -7], { dtype: 'int32' })
 *
 * console.log(a.add(b), a.add(b, { alpha: 10 }))
 * // → tensor([ 7., -1., -2.]) tensor([ 25.,  17., -38.])
 * console.log(add(1, a)) // → tensor([ 6., -2.,  3.])
 * console.log(a.sub(b), sub(1, a)) // → tensor([ 3., -5.,  6.]) tensor([-4.,  4., -1.])
 * console.log(a.mul(b), n.mul(2)) // → tensor([10., -6., -8.]) tensor([ 14, -14], dtype=int32)
 * console.log(a.div(b), div(1, b))
 * // → tensor([ 2.5000, -1.5000, -0.5000]) tensor([ 0.5000,  0.5000, -0.2500])
 * console.log(n.div(2), n.div(2, { roundingMode: 'floor' }))
 * // → tensor([ 3.5000, -3.5000]) tensor([ 3, -4], dtype=int32)
 * n.div(0, { roundingMode: 'trunc' }) // throws ValueError: div: integers can't be divided by 0; …
 * console.log(a.pow(2), pow(2, a))
 * // → tensor([25.,  9.,  4.]) tensor([32.0000,  0.1250,  4.0000])
 * console.log(a.maximum(b), a.minimum(b)) // → tensor([5., 2., 2.]) tensor([ 2., -3., -4.])
 * console.log(tensor([1, -1]).atan2(tensor([0, -1]))) // → tensor([ 1.5708, -2.3562])
 * console.log(a.remainder(b), a.fmod(b)) // → tensor([ 1.,  1., -2.]) tensor([ 1., -1.,  2.])
 * console.log(a.neg(), a.abs(), a.sign())
 * // → tensor([-5.,  3., -2.]) tensor([5., 3., 2.]) tensor([ 1., -1.,  1.])
 * console.log(b.reciprocal(), b.square())
 * // → tensor([ 0.5000,  0.5000, -0.2500]) tensor([ 4.,  4., 16.])
 * ```
 */
import { isReal } from '../dtype.ts'
import { ValueError } from '../errors.ts'
import { binary, unary, type Binary, type Unary } from '../kinds/define.ts'
import { checkTensor, everywhere } from '../kinds/entry.ts'
import * as s from '../scalar/primitives.ts'
import { showValue } from '../shape.ts'
import { elements, type Tensor } from '../tensor.ts'

export interface ScaledOptions {
  /** A factor of the second operand; 1 unless given. */
  readonly alpha?: number
}

/**
 * Sum, `a + b` or `a + alpha · b`, broadcasting. Of bools: or.
 * @throws {ValueError} when alpha is no number.
 */
export const add: Binary<[options?: ScaledOptions]> = binary<ScaledOptions>({
  name: 'add',
  result: 'same',
  domains: [everywhere, everywhere],
  formula: s.add,
  options: [{ alpha: 0.7 }],
  choose: ({ alpha = 1 }) => ({ formula: (a, b, c) => s.add(a, s.mul(c!, b)), params: [alpha] }),
})

/**
 * Difference, `a - b` or `a - alpha · b`, broadcasting.
 * @throws {ValueError} when alpha is no number.
 */
export const sub: Binary<[options?: ScaledOptions]> = binary<ScaledOptions>({
  name: 'sub',
  domains: [everywhere, everywhere],
  formula: s.sub,
  options: [{ alpha: 0.7 }],
  choose: ({ alpha = 1 }) => ({ formula: (a, b, c) => s.sub(a, s.mul(c!, b)), params: [alpha] }),
})

/** Product, `a · b`, broadcasting. Of bools: and. int32 products wrap around. */
export const mul: Binary = binary({
  name: 'mul',
  result: 'same',
  domains: [everywhere, everywhere],
  formula: s.mul,
})

export interface DivOptions {
  /**
   * `'trunc'` drops the fraction of the quotient, `'floor'` goes down to an integer; the result then
   * keeps an integer dtype. null, or none given: neither.
   */
  readonly roundingMode?: 'trunc' | 'floor' | null
}

/**
 * Quotient, `a / b`, broadcasting; a float also for integers, unless it is rounded.
 * @throws {ValueError} for another rounding mode, and for rounded integers divided by 0.
 */
export const div: Binary<[options?: DivOptions]> = binary<DivOptions>({
  name: 'div',
  result: 'float',
  domains: [
    [-3, 3],
    [0.5, 3],
  ],
  formula: s.div,
  choose: ({ roundingMode = null }) => {
    if (roundingMode === null) return null
    const formula = {
      trunc: (a: s.Scalar, b: s.Scalar) => s.trunc(s.div(a, b)),
      floor: s.floorQuotient,
    }[roundingMode]
    if (formula === undefined) {
      throw new ValueError(
        `div: roundingMode must be 'trunc', 'floor' or null, got ${showValue(roundingMode)}`,
      )
    }
    return { formula, result: 'number', check: nonZeroIntegers }
  },
})

/**
 * Power, `aᵇ`, broadcasting; 1 to any power, NaN too, is 1. Its gradient for b where a = 0 is 0
 * while `aᵇ` stays finite. int32 powers wrap around.
 * @throws {ValueError} when integers are raised to a negative power.
 */
export const pow: Binary = binary({
  name: 'pow',
  domains: [
    [0.3, 2],
    [-2, 3],
  ],
  check: noNegativePowers,
  formula: s.pow,
})

/**
 * The larger of two elements, broadcasting. NaN wins, and both elements get the gradient then; ties
 * share it.
 */
export const maximum: Binary = binary({
  name: 'maximum',
  result: 'same',
  kinks: s.sub,
  domains: [everywhere, everywhere],
  formula: s.maximum,
})

/**
 * The smaller of two elements, broadcasting. NaN wins, and both elements get the gradient then; ties
 * share it.
 */
export const minimum: Binary = binary({
  name: 'minimum',
  result: 'same',
  kinks: s.sub,
  domains: [everywhere, everywhere],
  formula: s.minimum,
})

/** The angle of the point `(b, a)`, in radians from -π to π, broadcasting; its gradient at the origin is 0. */
export const atan2: Binary = binary({
  name: 'atan2',
  result: 'float',
  domains: [
    [-3, 3],
    [0.5, 3],
  ],
  formula: s.atan2,
})

function areIntegers(name: string, ...operands: (Tensor | number)[]): boolean {
  return operands.every((x) => typeof x === 'number' || !isReal(checkTensor(name, x).dtype))
}

/** @throws {ValueError} when integers are divided by 0, for which they have no value. */
function nonZeroIntegers(name: string, a: Tensor | number, b: Tensor | number): void {
  if (areIntegers(name, a, b) && (typeof b === 'number' ? b === 0 : elements(b).includes(0))) {
    throw new ValueError(
      `${name}: integers can't be divided by 0; convert with .to('float32') for infinities and NaN`,
    )
  }
}

/** @throws {ValueError} when integers are raised to a negative power, for which they have no value. */
function noNegativePowers(name: string, a: Tensor | number, b: Tensor | number): void {
  if (
    areIntegers(name, a, b) &&
    (typeof b === 'number' ? b < 0 : elements(b).some((power) => power < 0))
  ) {
    throw new ValueError(
      `${name}: integers have no negative powers; convert with .to('float32') first`,
    )
  }
}

const fromInteger = (a: s.Scalar, b: s.Scalar): ReturnType<typeof s.sub> =>
  s.sub(s.div(a, b), s.round(s.div(a, b)))

/**
 * Remainder of division with the sign of the divisor, `a - b · ⌊a / b⌋`, as Python's `%`,
 * broadcasting.
 * @throws {ValueError} when integers are divided by 0.
 */
export const remainder: Binary = binary({
  name: 'remainder',
  domains: [
    [-3, 3],
    [0.5, 3],
  ],
  kinks: fromInteger,
  check: nonZeroIntegers,
  formula: s.remainder,
})

/**
 * Remainder of division with the sign of the dividend, `a - b · trunc(a / b)`, as JavaScript's `%`,
 * broadcasting.
 * @throws {ValueError} when integers are divided by 0.
 */
export const fmod: Binary = binary({
  name: 'fmod',
  domains: [
    [-3, 3],
    [0.5, 3],
  ],
  kinks: fromInteger,
  check: nonZeroIntegers,
  formula: s.fmod,
})

/** Negation, `-x`. */
export const neg: Unary = unary({
  name: 'neg',
  result: 'number',
  domain: everywhere,
  formula: s.neg,
})

/** Absolute value, `|x|`; its gradient at 0 and at NaN is 0. */
export const abs: Unary = unary({
  name: 'abs',
  result: 'number',
  kinks: (x) => x,
  domain: everywhere,
  formula: s.abs,
})

/** -1, 0 or 1 by the sign of x; 0 for NaN. */
export const sign: Unary = unary({
  name: 'sign',
  result: 'number',
  kinks: (x) => x,
  domain: everywhere,
  formula: s.sign,
})

/** The reciprocal, `1 / x`; ±∞ at ±0. */
export const reciprocal: Unary = unary({
  name: 'reciprocal',
  domain: [0.4, 3],
  formula: (x) => s.div(1, x),
})

/** The square, `x²`. */
export const square: Unary = unary({
  name: 'square',
  result: 'number',
  domain: everywhere,
  formula: (x) => s.mul(x, x),
})
