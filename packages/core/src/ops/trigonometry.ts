/**
 * Trigonometry: circular and hyperbolic functions and their inverses, element by element, for a float
 * tensor of any shape; angles are in radians, and integers and bools become floats first.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 *
 * const x = tensor([0, 0.5, 1])
 *
 * console.log(x.sin(), x.cos())
 * // → tensor([0.0000, 0.4794, 0.8415]) tensor([1.0000, 0.8776, 0.5403])
 * console.log(x.tan(), x.atan())
 * // → tensor([0.0000, 0.5463, 1.5574]) tensor([0.0000, 0.4636, 0.7854])
 * console.log(x.asin(), x.acos())
 * // → tensor([0.0000, 0.5236, 1.5708]) tensor([1.5708, 1.0472, 0.0000])
 * console.log(x.sinh(), x.cosh())
 * // → tensor([0.0000, 0.5211, 1.1752]) tensor([1.0000, 1.1276, 1.5431])
 * console.log(x.tanh(), x.asinh())
 * // → tensor([0.0000, 0.4621, 0.7616]) tensor([0.0000, 0.4812, 0.8814])
 * console.log(x.add(1).acosh(), x.div(2).atanh())
 * // → tensor([0.0000, 0.9624, 1.3170]) tensor([0.0000, 0.2554, 0.5493])
 * ```
 */
import { unary, type Unary } from '../kinds/define.ts'
import { everywhere } from '../kinds/entry.ts'
import * as s from '../scalar/primitives.ts'

/** The sine, `sin x`. */
export const sin: Unary = unary({ name: 'sin', domain: everywhere, formula: s.sin })

/** The cosine, `cos x`. */
export const cos: Unary = unary({ name: 'cos', domain: everywhere, formula: s.cos })

/** The tangent, `sin x / cos x`. */
export const tan: Unary = unary({ name: 'tan', domain: [-1, 1], formula: s.tan })

/** The arc sine, from -π/2 to π/2; NaN outside [-1, 1]. */
export const asin: Unary = unary({ name: 'asin', domain: [-0.8, 0.8], formula: s.asin })

/** The arc cosine, from 0 to π; NaN outside [-1, 1]. */
export const acos: Unary = unary({ name: 'acos', domain: [-0.8, 0.8], formula: s.acos })

/** The arc tangent, from -π/2 to π/2. {@link atan2} knows the quadrant. */
export const atan: Unary = unary({ name: 'atan', domain: everywhere, formula: s.atan })

/** The hyperbolic sine, `(eˣ - e⁻ˣ) / 2`. */
export const sinh: Unary = unary({ name: 'sinh', domain: everywhere, formula: s.sinh })

/** The hyperbolic cosine, `(eˣ + e⁻ˣ) / 2`. */
export const cosh: Unary = unary({ name: 'cosh', domain: everywhere, formula: s.cosh })

/** The hyperbolic tangent, `(eˣ - e⁻ˣ) / (eˣ + e⁻ˣ)`; never overflows. */
export const tanh: Unary = unary({ name: 'tanh', domain: everywhere, formula: s.tanh })

/** The inverse hyperbolic sine, `ln(x + √(x² + 1))`. */
export const asinh: Unary = unary({ name: 'asinh', domain: everywhere, formula: s.asinh })

/** The inverse hyperbolic cosine, `ln(x + √(x² - 1))`; NaN below 1. */
export const acosh: Unary = unary({ name: 'acosh', domain: [1.3, 4], formula: s.acosh })

/** The inverse hyperbolic tangent, `½ ln((1 + x) / (1 - x))`; ±∞ at ±1, NaN outside. */
export const atanh: Unary = unary({ name: 'atanh', domain: [-0.8, 0.8], formula: s.atanh })
