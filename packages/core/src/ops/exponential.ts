/**
 * Exponentials, logarithms and roots: element by element, for a float tensor of any shape; integers and
 * bools become floats first.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 *
 * const x = tensor([0.5, 1, 4])
 *
 * console.log(x.exp(), x.expm1())
 * // → tensor([ 1.6487,  2.7183, 54.5981]) tensor([ 0.6487,  1.7183, 53.5981])
 * console.log(x.log(), x.log1p())
 * // → tensor([-0.6931,  0.0000,  1.3863]) tensor([0.4055, 0.6931, 1.6094])
 * console.log(x.log2(), x.log10())
 * // → tensor([-1.,  0.,  2.]) tensor([-0.3010,  0.0000,  0.6021])
 * console.log(x.sqrt(), x.rsqrt())
 * // → tensor([0.7071, 1.0000, 2.0000]) tensor([1.4142, 1.0000, 0.5000])
 * console.log(x.erf(), x.erfc())
 * // → tensor([0.5205, 0.8427, 1.0000]) tensor([4.7950e-01, 1.5730e-01, 1.5417e-08])
 * ```
 */
import { unary, type Unary } from '../kinds/define.ts'
import { everywhere } from '../kinds/entry.ts'
import * as s from '../scalar/primitives.ts'

/** The exponential, `eˣ`. */
export const exp: Unary = unary({ name: 'exp', domain: everywhere, formula: s.exp })

/** The exponential less 1, `eˣ - 1`, exact near 0. */
export const expm1: Unary = unary({ name: 'expm1', domain: everywhere, formula: s.expm1 })

/** The natural logarithm, `ln x`; -∞ at 0, NaN below. */
export const log: Unary = unary({ name: 'log', domain: [0.2, 3], formula: s.log })

/** The natural logarithm of 1 more, `ln(1 + x)`, exact near 0. */
export const log1p: Unary = unary({ name: 'log1p', domain: [-0.7, 3], formula: s.log1p })

/** The logarithm to base 2, `log₂ x`; -∞ at 0, NaN below. */
export const log2: Unary = unary({ name: 'log2', domain: [0.2, 3], formula: s.log2 })

/** The logarithm to base 10, `log₁₀ x`; -∞ at 0, NaN below. */
export const log10: Unary = unary({ name: 'log10', domain: [0.2, 3], formula: s.log10 })

/** The square root, `√x`; NaN below 0. */
export const sqrt: Unary = unary({ name: 'sqrt', domain: [0.2, 3], formula: s.sqrt })

/** One over the square root, `1 / √x`; ∞ at 0, NaN below. */
export const rsqrt: Unary = unary({
  name: 'rsqrt',
  domain: [0.2, 3],
  formula: (x) => s.div(1, s.sqrt(x)),
})

/** The error function, `2/√π ∫₀ˣ e^(-t²) dt`. */
export const erf: Unary = unary({ name: 'erf', domain: everywhere, formula: s.erf })

/** The complement of the error function, `1 - erf(x)`, exact in the tail. */
export const erfc: Unary = unary({ name: 'erfc', domain: everywhere, formula: s.erfc })
