import { call, constant, type Expr, type Primitive } from './expr.ts'
import { erf as erfOf, erfc as erfcOf } from './special.ts'
import {
  floorQuotient as floorQuotientOf,
  integerPower,
  power,
  remainder as remainderOf,
  roundHalfEven,
  sigmoid as sigmoidOf,
  softplus as softplusOf,
} from './special.ts'

/** A number in a formula stands for the constant. */
export type Scalar = Expr | number

/** Functions that generated loops call by name. */
export const environment: Readonly<Record<string, (...args: number[]) => number>> = {
  erf: erfOf,
  erfc: erfcOf,
  sigmoid: sigmoidOf,
  softplus: softplusOf,
  roundHalfEven,
  remainder: remainderOf,
  floorQuotient: floorQuotientOf,
  power,
  integerPower,
}

const expr = (x: Scalar): Expr => (typeof x === 'number' ? constant(x) : x)
const isConstant = (x: Scalar, value: number): boolean =>
  typeof x === 'number' ? x === value : x.kind === 'constant' && x.value === value

/** The tangent's share of one argument: linear in `t`. */
type Share = (t: Expr, x: Expr, b: Expr, y: Expr) => Expr

/** Sums the shares of the arguments that vary. A null share is a derivative of zero. */
function shares(...rules: (Share | null)[]): Primitive['tangent'] {
  return (t, x, y) => {
    let sum: Expr | null = null
    rules.forEach((rule, i) => {
      const ti = t[i]!
      if (rule === null || ti === null) return
      const share = rule(ti, x[0]!, x[1]!, y)
      sum = sum === null ? share : add(sum, share)
    })
    return sum
  }
}

function define(
  name: string,
  evaluate: (...args: number[]) => number,
  source: string,
  tangent: Primitive['tangent'],
  special: Pick<Primitive, 'ints'> & { isTest?: boolean } = {},
): Primitive {
  return { name, evaluate, source, tangent, isTest: false, ...special }
}

/** A function of one number, with its derivative as the share of a tangent. */
function unary(
  name: string,
  evaluate: (x: number) => number,
  source: string,
  share: ((t: Expr, x: Expr, y: Expr) => Expr) | null,
): (x: Scalar) => Expr {
  const rule: Share | null = share && ((t, x, _, y) => share(t, x, y))
  const primitive = define(name, evaluate, source, shares(rule))
  return (x) => call(primitive, [expr(x)])
}

/** The functions of one number that the language has. */
type OfMath = Exclude<
  { [K in keyof Math]: Math[K] extends (x: number) => number ? K : never }[keyof Math],
  symbol
>

function ofMath(name: OfMath, share: Parameters<typeof unary>[3]): (x: Scalar) => Expr {
  return unary(name, Math[name], `Math.${name}(#0)`, share)
}

function binary(primitive: Primitive): (a: Scalar, b: Scalar) => Expr {
  return (a, b) => call(primitive, [expr(a), expr(b)])
}

/** A comparison or other test: 0 or 1, derivative zero. */
function test(
  name: string,
  evaluate: (a: number, b: number) => boolean,
  source: string,
): (a: Scalar, b: Scalar) => Expr {
  const primitive = define(
    name,
    (a, b) => (evaluate(a!, b!) ? 1 : 0),
    source,
    () => null,
    {
      isTest: true,
    },
  )
  return binary(primitive)
}

const addition = define(
  'add',
  (a, b) => a! + b!,
  '(#0 + #1)',
  shares(
    (t) => t,
    (t) => t,
  ),
)
const subtraction = define(
  'sub',
  (a, b) => a! - b!,
  '(#0 - #1)',
  shares(
    (t) => t,
    (t) => neg(t),
  ),
)
const product = define(
  'mul',
  (a, b) => a! * b!,
  '(#0 * #1)',
  shares(
    (t, _, b) => mul(t, b),
    (t, a) => mul(t, a),
  ),
  { ints: { evaluate: Math.imul as Primitive['evaluate'], source: 'Math.imul(#0, #1)' } },
)
const quotient = define(
  'div',
  (a, b) => a! / b!,
  '(#0 / #1)',
  shares(
    (t, _, b) => div(t, b),
    (t, _, b, y) => neg(div(mul(t, y), b)),
  ),
)

export function add(a: Scalar, b: Scalar): Expr {
  if (isConstant(a, 0)) return expr(b)
  if (isConstant(b, 0)) return expr(a)
  return call(addition, [expr(a), expr(b)])
}
export function sub(a: Scalar, b: Scalar): Expr {
  return isConstant(b, 0) ? expr(a) : call(subtraction, [expr(a), expr(b)])
}
export function mul(a: Scalar, b: Scalar): Expr {
  if (isConstant(a, 1)) return expr(b)
  if (isConstant(b, 1)) return expr(a)
  return call(product, [expr(a), expr(b)])
}
export function div(a: Scalar, b: Scalar): Expr {
  return isConstant(b, 1) ? expr(a) : call(quotient, [expr(a), expr(b)])
}
export const neg: (x: Scalar) => Expr = unary(
  'neg',
  (x) => -x,
  '(-#0)',
  (t) => neg(t),
)

export const pow: (a: Scalar, b: Scalar) => Expr = binary(
  define(
    'pow',
    power as Primitive['evaluate'],
    'power(#0, #1)',
    shares(
      // The power rule, with x⁰ constant even at 0, where 0·0⁻¹ would be NaN. Where x⁻¹ is finite the
      // product stands, as its derivative by the power is not 0.
      (t, a, b) =>
        select(
          eq(b, 0),
          select(lt(abs(div(t, a)), Infinity), mul(b, div(t, a)), 0),
          mul(t, mul(b, pow(a, sub(b, 1)))),
        ),
      // 0ᵇ is constant in b wherever it is finite.
      (t, a, b, y) => select(and(eq(a, 0), ge(b, 0)), 0, mul(t, mul(y, log(a)))),
    ),
    {
      ints: { evaluate: integerPower as Primitive['evaluate'], source: 'integerPower(#0, #1)' },
    },
  ),
)
export const sqrt: (x: Scalar) => Expr = ofMath('sqrt', (t, _, y) => div(t, mul(2, y)))
export const exp: (x: Scalar) => Expr = ofMath('exp', (t, _, y) => mul(t, y))
export const expm1: (x: Scalar) => Expr = ofMath('expm1', (t, x) => mul(t, exp(x)))
export const log: (x: Scalar) => Expr = ofMath('log', (t, x) => div(t, x))
export const log1p: (x: Scalar) => Expr = ofMath('log1p', (t, x) => div(t, add(x, 1)))
export const log2: (x: Scalar) => Expr = ofMath('log2', (t, x) => div(t, mul(x, Math.LN2)))
export const log10: (x: Scalar) => Expr = ofMath('log10', (t, x) => div(t, mul(x, Math.LN10)))
export const sin: (x: Scalar) => Expr = ofMath('sin', (t, x) => mul(t, cos(x)))
export const cos: (x: Scalar) => Expr = ofMath('cos', (t, x) => neg(mul(t, sin(x))))
export const tan: (x: Scalar) => Expr = ofMath('tan', (t, _, y) => mul(t, add(mul(y, y), 1)))
export const asin: (x: Scalar) => Expr = ofMath('asin', (t, x) => div(t, sqrt(sub(1, mul(x, x)))))
export const acos: (x: Scalar) => Expr = ofMath('acos', (t, x) =>
  neg(div(t, sqrt(sub(1, mul(x, x))))),
)
export const atan: (x: Scalar) => Expr = ofMath('atan', (t, x) => div(t, add(mul(x, x), 1)))
export const sinh: (x: Scalar) => Expr = ofMath('sinh', (t, x) => mul(t, cosh(x)))
export const cosh: (x: Scalar) => Expr = ofMath('cosh', (t, x) => mul(t, sinh(x)))
export const tanh: (x: Scalar) => Expr = ofMath('tanh', (t, _, y) => mul(t, sub(1, mul(y, y))))
export const asinh: (x: Scalar) => Expr = ofMath('asinh', (t, x) => div(t, sqrt(add(mul(x, x), 1))))
export const acosh: (x: Scalar) => Expr = ofMath('acosh', (t, x) => div(t, sqrt(sub(mul(x, x), 1))))
export const atanh: (x: Scalar) => Expr = ofMath('atanh', (t, x) => div(t, sub(1, mul(x, x))))
/** `x / (a² + b²)`, and 0 where the angle jumps. */
function overSquares(x: Expr, a: Expr, b: Expr): Expr {
  const squares = add(mul(a, a), mul(b, b))
  return select(eq(squares, 0), 0, div(x, squares))
}
export const atan2: (a: Scalar, b: Scalar) => Expr = binary(
  define(
    'atan2',
    Math.atan2 as Primitive['evaluate'],
    'Math.atan2(#0, #1)',
    shares(
      (t, a, b) => overSquares(mul(t, b), a, b),
      (t, a, b) => neg(overSquares(mul(t, a), a, b)),
    ),
  ),
)
export const sigmoid: (x: Scalar) => Expr = unary('sigmoid', sigmoidOf, 'sigmoid(#0)', (t, _, y) =>
  mul(t, mul(y, sub(1, y))),
)
export const softplus: (x: Scalar) => Expr = unary('softplus', softplusOf, 'softplus(#0)', (t, x) =>
  mul(t, sigmoid(x)),
)
const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI)
const gaussian = (t: Expr, x: Expr): Expr => mul(t, mul(TWO_OVER_SQRT_PI, exp(neg(mul(x, x)))))
export const erf: (x: Scalar) => Expr = unary('erf', erfOf, 'erf(#0)', gaussian)
export const erfc: (x: Scalar) => Expr = unary('erfc', erfcOf, 'erfc(#0)', (t, x) =>
  neg(gaussian(t, x)),
)

// Piecewise constant, or linear between jumps.
export const abs: (x: Scalar) => Expr = ofMath('abs', (t, x) => mul(t, sign(x)))
// As PyTorch has it, 0 for NaN and both zeros, unlike Math.sign.
export const sign: (x: Scalar) => Expr = unary(
  'sign',
  (x) => (x > 0 ? 1 : x < 0 ? -1 : 0),
  '((#0 > 0) - (#0 < 0))',
  null,
)
export const floor: (x: Scalar) => Expr = ofMath('floor', null)
export const ceil: (x: Scalar) => Expr = ofMath('ceil', null)
export const trunc: (x: Scalar) => Expr = ofMath('trunc', null)
export const round: (x: Scalar) => Expr = unary('round', roundHalfEven, 'roundHalfEven(#0)', null)
export const fmod: (a: Scalar, b: Scalar) => Expr = binary(
  define(
    'fmod',
    (a, b) => a! % b!,
    '(#0 % #1)',
    shares(
      (t) => t,
      (t, a, b) => neg(mul(t, trunc(div(a, b)))),
    ),
  ),
)
export const floorQuotient: (a: Scalar, b: Scalar) => Expr = binary(
  define(
    'floorQuotient',
    floorQuotientOf as Primitive['evaluate'],
    'floorQuotient(#0, #1)',
    () => null,
  ),
)
export const remainder: (a: Scalar, b: Scalar) => Expr = binary(
  define(
    'remainder',
    remainderOf as Primitive['evaluate'],
    'remainder(#0, #1)',
    shares(
      (t) => t,
      (t, a, b) => neg(mul(t, floorQuotient(a, b))),
    ),
  ),
)

// NaN wins, as in PyTorch; arguments that tie share the gradient, and beside NaN each gets all of it.
export const maximum: (a: Scalar, b: Scalar) => Expr = binary(
  define(
    'maximum',
    Math.max,
    'Math.max(#0, #1)',
    shares(
      (t, a, b) => select(lt(a, b), 0, select(eq(a, b), mul(t, 0.5), t)),
      (t, a, b) => select(gt(a, b), 0, select(eq(a, b), mul(t, 0.5), t)),
    ),
  ),
)
export const minimum: (a: Scalar, b: Scalar) => Expr = binary(
  define(
    'minimum',
    Math.min,
    'Math.min(#0, #1)',
    shares(
      (t, a, b) => select(gt(a, b), 0, select(eq(a, b), mul(t, 0.5), t)),
      (t, a, b) => select(lt(a, b), 0, select(eq(a, b), mul(t, 0.5), t)),
    ),
  ),
)

export const eq: (a: Scalar, b: Scalar) => Expr = test('eq', (a, b) => a === b, '(#0 === #1)')
export const ne: (a: Scalar, b: Scalar) => Expr = test('ne', (a, b) => a !== b, '(#0 !== #1)')
export const lt: (a: Scalar, b: Scalar) => Expr = test('lt', (a, b) => a < b, '(#0 < #1)')
export const le: (a: Scalar, b: Scalar) => Expr = test('le', (a, b) => a <= b, '(#0 <= #1)')
export const gt: (a: Scalar, b: Scalar) => Expr = test('gt', (a, b) => a > b, '(#0 > #1)')
export const ge: (a: Scalar, b: Scalar) => Expr = test('ge', (a, b) => a >= b, '(#0 >= #1)')
export const and: (a: Scalar, b: Scalar) => Expr = test(
  'and',
  (a, b) => a !== 0 && b !== 0,
  '(#0 !== 0 && #1 !== 0)',
)
export const or: (a: Scalar, b: Scalar) => Expr = test(
  'or',
  (a, b) => a !== 0 || b !== 0,
  '(#0 !== 0 || #1 !== 0)',
)

const selection = define(
  'select',
  (c, a, b) => (c !== 0 ? a! : b!),
  '(#0 !== 0 ? #1 : #2)',
  // The tangent is selected too, so the untaken branch's infinity is never multiplied by zero.
  ([, ta, tb], [c]) => (ta || tb ? select(c!, ta ?? 0, tb ?? 0) : null),
)
/** `a` where `c` holds (is not 0), else `b`; only the branch taken counts. */
export function select(c: Scalar, a: Scalar, b: Scalar): Expr {
  return call(selection, [expr(c), expr(a), expr(b)])
}
