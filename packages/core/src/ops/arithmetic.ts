import { binary, unary, type Binary, type Unary } from '../kinds/define.ts'
import { everywhere } from '../kinds/entry.ts'
import * as s from '../scalar/primitives.ts'

/** Sum, `a + b`, broadcasting. Of bools: or. */
export const add: Binary = binary({
  name: 'add',
  result: 'same',
  domains: [everywhere, everywhere],
  formula: s.add,
})

/** Difference, `a - b`, broadcasting. */
export const sub: Binary = binary({
  name: 'sub',
  domains: [everywhere, everywhere],
  formula: s.sub,
})

/** Product, `a · b`, broadcasting. Of bools: and. int32 products wrap around. */
export const mul: Binary = binary({
  name: 'mul',
  result: 'same',
  domains: [everywhere, everywhere],
  formula: s.mul,
})

/** Quotient, `a / b`, broadcasting; a float also for integers. */
export const div: Binary = binary({
  name: 'div',
  result: 'float',
  domains: [
    [-3, 3],
    [0.5, 3],
  ],
  formula: s.div,
})

/** Power, `aᵇ`, broadcasting. Its gradient for b where a = 0 is 0 while `aᵇ` stays finite. */
export const pow: Binary = binary({
  name: 'pow',
  domains: [
    [0.3, 2],
    [-2, 3],
  ],
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
