import { unary, type Unary } from '../kinds/define.ts'
import { everywhere } from '../kinds/entry.ts'
import * as s from '../scalar/primitives.ts'

/** `eˣ`. */
export const exp: Unary = unary({ name: 'exp', domain: everywhere, formula: s.exp })

/** `eˣ - 1`, exact near 0. */
export const expm1: Unary = unary({ name: 'expm1', domain: everywhere, formula: s.expm1 })

/** Natural logarithm; NaN below 0. */
export const log: Unary = unary({ name: 'log', domain: [0.2, 3], formula: s.log })

/** `log(1 + x)`, exact near 0. */
export const log1p: Unary = unary({ name: 'log1p', domain: [-0.7, 3], formula: s.log1p })

/** Logarithm to base 2. */
export const log2: Unary = unary({ name: 'log2', domain: [0.2, 3], formula: s.log2 })

/** Logarithm to base 10. */
export const log10: Unary = unary({ name: 'log10', domain: [0.2, 3], formula: s.log10 })

/** Square root; NaN below 0. */
export const sqrt: Unary = unary({ name: 'sqrt', domain: [0.2, 3], formula: s.sqrt })

/** `1 / √x`. */
export const rsqrt: Unary = unary({
  name: 'rsqrt',
  domain: [0.2, 3],
  formula: (x) => s.div(1, s.sqrt(x)),
})

/** The error function, `2/√π ∫₀ˣ e^(-t²) dt`. */
export const erf: Unary = unary({ name: 'erf', domain: everywhere, formula: s.erf })

/** `1 - erf(x)`, exact in the tail. */
export const erfc: Unary = unary({ name: 'erfc', domain: everywhere, formula: s.erfc })
