/**
 * Scalar functions that JavaScript's `Math` lacks, for float64 and all of its range.
 *
 * Each stands alone and takes and returns numbers, so generated loops can call it by name. Errors
 * are stated in units in the last place (ulp) of the result, the worst found in some million
 * arguments against values of 48 digits; those of `sigmoid` and `softplus` rest on the engine's
 * `Math.exp` and `Math.log1p`, here V8's.
 */

/** erf = erfc = 1/2. Up to here erfc is 1 − erf, beyond it erf is 1 − erfc. */
const ERF_SPLIT = 0.476936
/** From here on erf(x) rounds to 1. */
const ERF_ONE = 6
/** From here on erfc(x) rounds to 0. */
const ERFC_ZERO = 27.3

/** ln 2 in two parts; the first has 40 bits, so that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471805592082
const LN2_LOW = 7.371002565167799e-13

/** 2^−i. Scaling by two of them in turn reaches 2^−1076, and rounds a denormal result once only. */
const NEGATIVE_POWERS: Float64Array = Float64Array.from({ length: 540 }, (_, i) => 2 ** -i)

/**
 * The error function 2/√π ∫₀ˣ exp(−t²) dt. Error below 1.1 ulp.
 *
 * x + x P(x²) where |x| is small, 1 − erfc(x) elsewhere. erf(±∞) = ±1; erf(−0) = −0.
 * The coefficients of P and of the two polynomials below come from
 * `packages/dev/kernels/erf_coefficients.py`.
 */
export function erf(x: number): number {
  const magnitude = Math.abs(x)
  if (!(magnitude > ERF_SPLIT)) return erfCentre(x)
  const tail = magnitude < ERF_ONE ? erfcTail(magnitude) : 0
  return x > 0 ? 1 - tail : tail - 1
}

/**
 * The complementary error function 1 − erf(x), to full relative accuracy until it underflows at
 * x = 27.2. Error below 1.1 ulp.
 */
export function erfc(x: number): number {
  const magnitude = Math.abs(x)
  if (!(magnitude > ERF_SPLIT)) return 1 - erfCentre(x)
  const tail = magnitude < ERFC_ZERO ? erfcTail(magnitude) : 0
  return x > 0 ? tail : 2 - tail
}

/** erf(x) = x + x P(x²) for |x| ≤ ERF_SPLIT, and NaN for NaN. */
function erfCentre(x: number): number {
  const t = x * x
  const t2 = t * t
  const even =
    0.12837916709551256 +
    t2 *
      (0.11283791670939616 +
        t2 * (0.0052239774666577 + t2 * (0.00012053816171 + t2 * 1.4874067e-6)))
  const odd =
    -0.3761263890318362 +
    t2 * (-0.02686617063812235 + t2 * (-0.0008548306793926 + t2 * -1.485912069e-5))
  return x + x * (even + t * odd)
}

/**
 * erfc(x) for ERF_SPLIT ≤ x ≤ ERFC_ZERO, as exp(−x²) y (75/128 + y/2 + S(y − 23/64)), y = 1 / (x + 1).
 *
 * S is a small polynomial: the line takes the weight off its rounding errors. exp(−x²) is
 * 2^−k (1 + r + r² Q(r)), |r| ≤ ln 2 / 2. The leading parts of x, of 1 + r, of the line and of the
 * result are cut to 24 bits (`fround`). Products of two such are exact, and what was cut off enters
 * by first-order terms, so that little more than one rounding remains.
 */
function erfcTail(x: number): number {
  const xHigh = Math.fround(x)
  const xLow = x - xHigh

  // −x² = rHigh + rLow − k ln 2, and rHigh is exact.
  const square = xHigh * xHigh
  const k = (square * Math.LOG2E + 0.5) | 0
  const rHigh = k * LN2_HIGH - square
  const rLow = k * LN2_LOW - (x + xHigh) * xLow
  const r = rHigh + rLow
  const expHigh = Math.fround(1 + rHigh)
  const expLow = 1 - expHigh + rHigh + (rLow + expCurve(r))

  const y = 1 / (x + 1)
  const lineHigh = Math.fround(0.5859375 + y / 2)
  const lineLow = 0.5859375 - lineHigh + y / 2
  const factorLow = lineLow + tailCurve(y - 0.359375)

  // (high + low) / (x + 1), by one correction of a quotient of 24 bits.
  const high = expHigh * lineHigh
  const low = expHigh * factorLow + expLow * (lineHigh + factorLow)
  const quotient = Math.fround((high + low) * y)
  const rest = high - quotient * (xHigh + 1) + (low - quotient * xLow)
  return (quotient + rest * y) * NEGATIVE_POWERS[k >> 1] * NEGATIVE_POWERS[(k + 1) >> 1]
}

/** r² Q(r) = exp(r) − 1 − r for |r| ≤ ln 2 / 2. */
function expCurve(r: number): number {
  const r2 = r * r
  const even =
    0.5 +
    r2 *
      (0.0416666666666667 +
        r2 * (0.001388888888888 + r2 * (2.4801587326e-5 + r2 * (2.7557274e-7 + r2 * 2.0915e-9))))
  const odd =
    0.1666666666666667 +
    r2 * (0.008333333333326 + r2 * (0.000198412698748 + r2 * (2.75572554e-6 + r2 * 2.51052e-8)))
  return r2 * (even + r * odd)
}

/** S(z), in four chains that a processor works out side by side. */
function tailCurve(z: number): number {
  const z2 = z * z
  const z4 = z2 * z2
  const s0 =
    0.015619659422484373 +
    z4 *
      (0.5352684482436577 +
        z4 *
          (0.1517256010369225 +
            z4 *
              (-5.18106919474443 +
                z4 * (42.526915034534 + z4 * (-185.0354220527 + z4 * 9561.1124635)))))
  const s1 =
    0.07120103066735813 +
    z4 *
      (0.0497154916433085 +
        z4 *
          (-2.163122840914898 +
            z4 *
              (13.0644469279351 +
                z4 * (-88.47726662752 + z4 * (717.206406248 + z4 * -12024.01568)))))
  const s2 =
    -0.27971376263066855 +
    z4 *
      (-0.8576211702999246 +
        z4 *
          (3.30604051835758 +
            z4 *
              (-14.261445328153 +
                z4 * (82.26243163584 + z4 * (-2137.15554644 + z4 * -12493.1459226)))))
  const s3 =
    -0.38753301561653264 +
    z4 *
      (0.9931405430735043 +
        z4 *
          (-1.21471567815343 +
            z4 *
              (-2.415452464593 + z4 * (22.8857542544 + z4 * (617.2935872 + z4 * 22286.8308665)))))
  return s0 + z * s1 + z2 * (s2 + z * s3)
}

/**
 * The logistic function 1 / (1 + e^−x), to full relative accuracy also where it is tiny.
 * Error below 1.8 ulp. sigmoid(−∞) = 0, sigmoid(∞) = 1.
 */
export function sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x))
  const tail = e / (1 + e)
  // e − e² / (1 + e) is the tail again, with the rounding error of 1 + e scaled down by e.
  return x < 0 ? e - e * tail : 1 - tail
}

/**
 * log(1 + e^x), without overflow and to full relative accuracy where it is tiny.
 * Error below 1.6 ulp. softplus(−∞) = 0, softplus(∞) = ∞.
 */
export function softplus(x: number): number {
  const tail = Math.log1p(Math.exp(-Math.abs(x)))
  return x > 0 ? x + tail : tail
}

/** From here on every float64 is an integer. */
const TWO_52 = 2 ** 52

/**
 * x rounded to the nearest integer, halves to the even one (IEEE 754 roundTiesToEven). Exact; the
 * sign is kept, also of zeros: roundHalfEven(−0.5) = −0.
 */
export function roundHalfEven(x: number): number {
  const magnitude = Math.abs(x)
  if (x === 0 || !(magnitude < TWO_52)) return x // an integer already, or not finite
  const rounded = magnitude + TWO_52 - TWO_52 // the sum has no room for a fraction
  return x < 0 ? -rounded : rounded
}

/**
 * aᵇ as IEEE 754 and C have it: 1 to any power is 1, and so is −1 to an infinite one, where
 * `Math.pow` gives NaN.
 */
export function power(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b
}

/** aᵇ of 32-bit integers, b ≥ 0, wrapping around as their products do. */
export function integerPower(a: number, b: number): number {
  let result = 1
  for (let square = a, rest = b; rest > 0; rest >>= 1, square = Math.imul(square, square)) {
    if (rest & 1) result = Math.imul(result, square)
  }
  return result
}

/**
 * ⌊a / b⌋, by way of the remainder, as a quotient that rounds up to an integer would be off by one;
 * a / b where b = 0, and NaN where a is infinite.
 */
export function floorQuotient(a: number, b: number): number {
  if (b === 0) return a / b
  const rest = a % b
  return roundHalfEven((a - rest) / b) - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0)
}

/**
 * a − b ⌊a / b⌋: what is left of a, with the sign of b, as Python's `%` and `torch.remainder`.
 *
 * Rounded once at most. A zero has the sign of a; remainder(a, 0), remainder(±∞, b) and anything of
 * NaN are NaN; remainder(a, ±∞) is a where the signs agree and ±∞ where they don't.
 */
export function remainder(a: number, b: number): number {
  const rest = a % b
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
}
