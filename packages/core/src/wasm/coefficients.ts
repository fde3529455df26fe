/**
 * A number or polynomial for float32 and one for float64, the highest coefficient first. Those that are no
 * series of Taylor come from `packages/dev/kernels/simd_coefficients.py`.
 */
export type Pair<T = readonly number[]> = readonly [single: T, double: T]

/** As many terms of a series as each of the two needs, the first of them that of 0. */
const series = (single: number, double: number, term: (k: number) => number): Pair => {
  const [a, b] = [single, double].map((n) => Array.from({ length: n }, (_, k) => term(n - 1 - k)))
  return [a!, b!]
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))

/** Q of eʳ = 1 + r + r² Q(r), |r| ≤ ln 2 / 2. */
export const EXP: Pair = [
  [0.001395, 0.008369, 0.0416663, 0.1666652, 0.5],
  series(0, 12, (k) => 1 / factorial(k + 2))[1],
]

/** R of log((1 + s) / (1 − s)) = 2 s + s³ R(s²), |s| ≤ 3 − 2 √2. */
export const LOG: Pair = series(4, 10, (k) => 2 / (2 * k + 3))

/** S of sin r = r + r³ S(r²), |r| ≤ π / 4. */
export const SIN: Pair = series(4, 8, (k) => (-1) ** (k + 1) / factorial(2 * k + 3))

/** C of cos r = 1 − r² / 2 + r⁴ C(r²), |r| ≤ π / 4. */
export const COS: Pair = series(4, 7, (k) => (-1) ** k / factorial(2 * k + 4))

/** T of erfc x = exp(x T(x) − x), from 0 to where erf x rounds to 1. */
export const LOG_ERFC: Pair = [
  [
    9.361e-6, -0.000118557, 0.00063601, -0.00167261, 0.00016571, 0.01915039, -0.10277719,
    -0.63661944, -0.12837917,
  ],
  [
    3.367040076e-15, -1.52032686017e-13, 3.18047722886e-12, -4.081800544613e-11,
    3.579339395407e-10, -2.251112110322e-9, 1.0273071879408e-8, -3.2811491401317e-8,
    6.079217676356e-8, 2.262054694584e-8, -5.898031685087e-7, 2.0639813085943e-6,
    -3.1626496075802e-6, -3.1437720740877e-6, 2.9558067734354e-5, -6.441129811052e-5,
    -2.590809103444e-5, 0.0005901334558353, -0.00169620787515883, 0.00020919488110202,
    0.0191284469909145, -0.1027726033012239, -0.6366197723675925, -0.12837916709551256,
  ],
] // prettier-ignore

/** π/2 in parts, of which all but the last leave room for products with k. */
export const HALF_PI: Pair = [
  [1.570556640625, 0.0002396702766418457, 1.5890691429376602e-8, 2.5633440682570896e-12],
  [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21],
]
