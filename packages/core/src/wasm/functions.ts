import { COS, EXP, HALF_PI, LOG, LOG_ERFC, SIN } from './coefficients.ts'
import {
  abs, add, and, atLeast, atMost, c, ceil, choose, div, eq, floor, ge, gt, le, lt, maximum,
  minimum, minus, mul, ne, neg, or, pick, plus, poly, rare, round, shl, shr, sqrt, sub, trunc, xor,
  type Vector,
} from './vectors.ts' // prettier-ignore

const FRACTION = [23, 52] as const
const BIAS = [127, 1023] as const

/** Added and taken off again, it rounds to an integer, which stands in the sum's low bits meanwhile. */
const shiftBy = (more: number): Vector => c(1.5 * 2 ** 23 + more, 1.5 * 2 ** 52 + more)

/** k ln 2 in two parts, of which the first is exact. */
const LN2 = [
  [22713 / 2 ** 15, 1.4286067653e-6],
  [0.6931471805592082, 7.371002565167799e-13],
] as const
const ln2 = (k: Vector, part: 0 | 1): Vector => mul(k, c(LN2[0][part], LN2[1][part]))

/** x times 2ᵏ, for the integer k in the low bits of `shifted`; both are normal. */
const scaled = (x: Vector, shifted: Vector): Vector => plus(x, shl(shifted, pick(FRACTION)))

/**
 * x = k ln 2 + r, |r| ≤ ln 2 / 2, by the method of Cody and Waite (1980): r, eʳ − 1 − r, and k + more in
 * the low bits of a number. A small rest of x may come apart from it. |k| is at most twice as large as an
 * exponent can be; NaN stays.
 */
function exponent(x: Vector, more = 0, rest?: Vector): [r: Vector, bend: Vector, shifted: Vector] {
  const shift = shiftBy(more)
  const shifted = add(mul(x, c(Math.LOG2E)), shift)
  const k = sub(shifted, shift)
  const r = sub(sub(x, ln2(k, 0)), ln2(k, 1))
  const bend = mul(mul(r, r), poly(r, EXP))
  return [r, rest ? add(bend, rest) : bend, shifted]
}

/** x, or where eˣ overflows or rounds to zero, as little beyond as is possible. */
const most = (x: Vector): Vector => atMost(x, c(89, 710))
const least = (x: Vector): Vector => atLeast(x, c(-104, -746))

/** Scaled in two steps, so that denormal results are rounded once. */
function exp(x: Vector): Vector {
  const [r, bend, shifted] = exponent(least(most(x)))
  const half = shr(shifted, 1)
  const y = mul(add(add(r, bend), c(1)), scaled(c(1), half))
  return mul(y, scaled(c(1), minus(shifted, half)))
}

/** e^−|x|. All that it can be, times 2⁶⁴, is normal. */
function decay(x: Vector): Vector {
  const [r, bend, shifted] = exponent(least(or(x, c(-0))), 64)
  return mul(mul(add(add(r, bend), c(1)), scaled(c(1), shifted)), c(2 ** -64))
}

/** Where 1 + x/2 doesn't round to 1. */
const counts = (x: Vector): Vector => ge(abs(x), c(2 ** -25, 2 ** -54))

/** 2 (2ᵏ⁻¹ r + 2ᵏ⁻¹ − ½ + 2ᵏ⁻¹ (eʳ − 1 − r)). */
function expm1(x: Vector): Vector {
  const [r, bend, shifted] = exponent(atLeast(most(x), c(-40)))
  const half = scaled(c(0.5), shifted)
  const y = add(add(mul(half, r), sub(half, c(0.5))), mul(half, bend))
  return choose(add(y, y), x, counts(x))
}

/** `x`, not negative, with the sign of another. */
const withSign = (x: Vector, sign: Vector): Vector => or(x, and(sign, c(-0)))

/** −(e^(−2|x|) − 1) / (e^(−2|x|) + 1), with what rounding takes off above and below. */
function tanh(x: Vector): Vector {
  const magnitude = atMost(abs(x), c(20))
  const [r, bend, shifted] = exponent(mul(magnitude, c(-2)))
  const scale = scaled(c(1), shifted)
  const [line, rest] = [mul(scale, r), mul(scale, bend)]
  const [without, whole] = [sub(c(1), scale), add(c(1), scale)]
  const part = add(line, rest)
  const below = add(whole, part)
  // Below it counts as much as the quotient is, about.
  const lost = mul(add(sub(whole, below), part), atMost(magnitude, c(0.75)))
  const high = sub(without, line)
  const above = sub(high, sub(add(rest, lost), sub(sub(without, high), line)))
  return withSign(div(above, below), x)
}

function sigmoid(x: Vector): Vector {
  const e = decay(x)
  const tail = div(e, add(e, c(1)))
  // e − e² / (1 + e) is the tail again, with the rounding error of 1 + e scaled down by e.
  return choose(sub(e, mul(e, tail)), sub(c(1), tail), lt(x, c(0)))
}

/**
 * log(u + d) of u > 0 that is finite and not denormal, and a d far smaller: u = 2ᵏ (1 + f), √½ ≤ 1 + f < √2,
 * and log(1 + f) = f − (f²/2 − s (f²/2 + s² R(s²))), s = f / (2 + f), as in fdlibm (Sun, 1993).
 */
function logarithm(u: Vector, d: Vector | null): Vector {
  const offset = plus(minus(u, c(Math.SQRT1_2)), c(1))
  const [fraction, bias] = [pick(FRACTION), pick(BIAS)]
  const k = sub(or(shr(offset, fraction), c(2 ** fraction)), c(2 ** fraction + bias))
  const f = sub(plus(minus(u, and(offset, c(Infinity))), c(1)), c(1))
  const s = div(f, add(f, c(2)))
  const half = mul(mul(f, c(0.5)), f)
  const square = mul(s, s)
  const curve = mul(s, add(half, mul(square, poly(square, LOG))))
  const low = add(curve, ln2(k, 1))
  return add(ln2(k, 0), sub(f, sub(half, d === null ? low : add(low, div(d, u)))))
}

/** Takes out what has a logarithm of another kind: zero and what is negative, denormal or infinite. */
function normal(x: Vector): Vector {
  rare(or(lt(x, c(2 ** -126, 2 ** -1022)), ge(x, c(Infinity))))
  return x
}

const log = (x: Vector): Vector => choose(logarithm(normal(x), null), x, eq(x, x))

/** log(u + d) where u = 1 + x rounded. */
function log1p(x: Vector): Vector {
  const u = normal(add(x, c(1)))
  const d = choose(sub(x, sub(u, c(1))), sub(c(1), sub(u, x)), lt(x, c(1)))
  return choose(logarithm(u, d), x, counts(x))
}

/** e = e^−|x| is at most 1, so that e − (u − 1) is what the rounding of u = e + 1 took off. */
function softplus(x: Vector): Vector {
  const e = decay(x)
  const u = add(e, c(1))
  return add(atLeast(x, c(0)), logarithm(u, sub(e, sub(u, c(1)))))
}

/** −(e^(x T(x) − x) − 1), with what the rounding of the exponent took off. */
function erf(x: Vector): Vector {
  // From these on it rounds to 1.
  const magnitude = atMost(abs(x), c(3.95, 5.95))
  const part = mul(magnitude, poly(magnitude, LOG_ERFC))
  const sum = sub(part, magnitude)
  const [r, bend, shifted] = exponent(sum, 0, sub(part, add(sum, magnitude)))
  const scale = scaled(c(1), shifted)
  return withSign(sub(sub(c(1), scale), mul(scale, add(r, bend))), x)
}

/**
 * |x| = k π/2 + r, |r| ≤ π/4, by the method of Cody and Waite, what is lost on the way added at the end: the
 * sine and the cosine of r, and k in the low bits of a number.
 */
function turn(x: Vector): [sine: Vector, cosine: Vector, shifted: Vector] {
  const magnitude = abs(x)
  // Beyond, products with k are no longer exact.
  rare(gt(magnitude, c(3000, 1.5e6)))
  const shift = shiftBy(0)
  const shifted = add(mul(magnitude, c(2 / Math.PI)), shift)
  const k = sub(shifted, shift)
  const [first, ...parts] = pick(HALF_PI).map((part) => mul(k, c(part)))
  const last = parts.pop()!
  let high = sub(magnitude, first!)
  let low = c(0)
  for (const part of parts) {
    const next = sub(high, part)
    low = add(low, sub(sub(high, next), part))
    high = next
  }
  low = sub(low, last)
  const r = add(high, low)
  const rest = add(sub(high, r), low)
  const square = mul(r, r)
  const half = mul(square, c(0.5))
  const line = sub(c(1), half)
  const sine = add(mul(rest, line), mul(mul(r, square), poly(square, SIN)))
  const cosine = sub(mul(mul(square, square), poly(square, COS)), mul(r, rest))
  return [add(r, sine), add(line, add(sub(sub(c(1), line), half), cosine)), shifted]
}

/** The integer 1, as the least number. */
const one = (): Vector => c(2 ** -149, 2 ** -1074)

/** The first where k is even, else the second; of the other sign where k has the bit of 2. */
const quadrant = (even: Vector, odd: Vector, k: Vector, ofSign = k): Vector =>
  xor(
    choose(odd, even, minus(c(0), and(k, one()))),
    and(shl(ofSign, pick(FRACTION) + pick([7, 10])), c(-0)),
  )

function sin(x: Vector): Vector {
  const [sine, cosine, k] = turn(x)
  return xor(quadrant(sine, cosine, k), and(x, c(-0)))
}

function cos(x: Vector): Vector {
  const [sine, cosine, k] = turn(x)
  return quadrant(cosine, sine, k, plus(k, one()))
}

/** Powers that are products; others are rare. */
function pow(x: Vector, y: Vector): Vector {
  const [first, second, third] = [1, 2, 3].map((n) => eq(y, c(n)))
  rare(xor(or(or(first!, second!), third!), eq(x, x)))
  const square = mul(x, x)
  return choose(x, choose(square, mul(square, x), second!), first!)
}

const sign = (x: Vector): Vector => sub(and(gt(x, c(0)), c(1)), and(lt(x, c(0)), c(1)))

type Forms = Readonly<Record<string, (...args: any[]) => Vector>>

/** Functions of scalars that take long and have a form for vectors, by the names of the primitives. */
export const functions: Forms = { cos, erf, exp, expm1, log, log1p, sigmoid, sin, softplus, tanh }

/** All that have such a form. */
export const forms: Forms = {
  ...functions, abs, add, and, ceil, div, eq, floor, ge, gt, le, lt, maximum, minimum, mul, ne, neg, or, pow,
  round, select: choose, sign, sqrt, sub, trunc,
} // prettier-ignore
