import { isFloat } from '../dtype.ts'
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

/** Sum, `a + b` or `a + alpha · b`, broadcasting. Of bools: or. */
export const add: Binary<[options?: ScaledOptions]> = binary<ScaledOptions>({
  name: 'add',
  result: 'same',
  domains: [everywhere, everywhere],
  formula: s.add,
  options: [{ alpha: 0.7 }],
  choose: ({ alpha = 1 }) => ({ formula: (a, b, c) => s.add(a, s.mul(c!, b)), params: [alpha] }),
})

/** Difference, `a - b` or `a - alpha · b`, broadcasting. */
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

// Down to an integer by way of the remainder, as a quotient that rounds up to one would be off by one.
const floorQuotient = (a: s.Scalar, b: s.Scalar): ReturnType<typeof s.sub> =>
  s.select(s.eq(b, 0), s.trunc(s.div(a, b)), s.round(s.div(s.sub(a, s.remainder(a, b)), b)))

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
      floor: floorQuotient,
    }[roundingMode]
    if (formula === undefined) {
      throw new ValueError(
        `div: roundingMode must be 'trunc', 'floor' or null, got ${showValue(roundingMode)}`,
      )
    }
    return { formula, result: 'number', check: nonZeroIntegers }
  },
})

/** Power, `aᵇ`, broadcasting. Its gradient for b where a = 0 is 0 while `aᵇ` stays finite. */
export const pow: Binary = binary({
  name: 'pow',
  domains: [
    [0.3, 2],
    [-2, 3],
  ],
  check: noNegativePowers,
  formula: s.pow,
})

/** The larger of two elements, broadcasting; NaN wins; ties share the gradient. */
export const maximum: Binary = binary({
  name: 'maximum',
  result: 'same',
  kinks: s.sub,
  domains: [everywhere, everywhere],
  formula: s.maximum,
})

/** The smaller of two elements, broadcasting; NaN wins; ties share the gradient. */
export const minimum: Binary = binary({
  name: 'minimum',
  result: 'same',
  kinks: s.sub,
  domains: [everywhere, everywhere],
  formula: s.minimum,
})

/** The angle of the point `(b, a)`, in radians from -π to π, broadcasting. */
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
  return operands.every((x) => typeof x === 'number' || !isFloat(checkTensor(name, x).dtype))
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

/** Remainder of division with the sign of the divisor, as Python's `%`, broadcasting. */
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

/** Remainder of division with the sign of the dividend, as JavaScript's `%`, broadcasting. */
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

/** Absolute value, `|x|`; its gradient at 0 is 0. */
export const abs: Unary = unary({
  name: 'abs',
  result: 'number',
  kinks: (x) => x,
  domain: everywhere,
  formula: s.abs,
})

/** -1, 0 or 1 by the sign of x. */
export const sign: Unary = unary({
  name: 'sign',
  result: 'number',
  kinks: (x) => x,
  domain: everywhere,
  formula: s.sign,
})

/** `1 / x`. */
export const reciprocal: Unary = unary({
  name: 'reciprocal',
  domain: [0.4, 3],
  formula: (x) => s.div(1, x),
})

/** `x²`. */
export const square: Unary = unary({
  name: 'square',
  result: 'number',
  domain: everywhere,
  formula: (x) => s.mul(x, x),
})
