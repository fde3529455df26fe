import { unary, type Unary } from '../kinds/define.ts'
import { everywhere } from '../kinds/entry.ts'
import * as s from '../scalar/primitives.ts'

/** Sine of x in radians. */
export const sin: Unary = unary({ name: 'sin', domain: everywhere, formula: s.sin })

/** Cosine of x in radians. */
export const cos: Unary = unary({ name: 'cos', domain: everywhere, formula: s.cos })

/** Tangent of x in radians. */
export const tan: Unary = unary({ name: 'tan', domain: [-1, 1], formula: s.tan })

/** Arc sine, in radians from -π/2 to π/2; NaN outside [-1, 1]. */
export const asin: Unary = unary({ name: 'asin', domain: [-0.8, 0.8], formula: s.asin })

/** Arc cosine, in radians from 0 to π; NaN outside [-1, 1]. */
export const acos: Unary = unary({ name: 'acos', domain: [-0.8, 0.8], formula: s.acos })

/** Arc tangent, in radians from -π/2 to π/2. */
export const atan: Unary = unary({ name: 'atan', domain: everywhere, formula: s.atan })

/** Hyperbolic sine. */
export const sinh: Unary = unary({ name: 'sinh', domain: everywhere, formula: s.sinh })

/** Hyperbolic cosine. */
export const cosh: Unary = unary({ name: 'cosh', domain: everywhere, formula: s.cosh })

/** Hyperbolic tangent. */
export const tanh: Unary = unary({ name: 'tanh', domain: everywhere, formula: s.tanh })

/** Inverse hyperbolic sine. */
export const asinh: Unary = unary({ name: 'asinh', domain: everywhere, formula: s.asinh })

/** Inverse hyperbolic cosine; NaN below 1. */
export const acosh: Unary = unary({ name: 'acosh', domain: [1.3, 4], formula: s.acosh })

/** Inverse hyperbolic tangent; NaN outside [-1, 1]. */
export const atanh: Unary = unary({ name: 'atanh', domain: [-0.8, 0.8], formula: s.atanh })
