/**
 * Comparisons and logic: bools, element by element. Functions of two operands broadcast and take a
 * number for one of them; an int32 or bool tensor may be compared with any number. What is yes or no is
 * piecewise constant, so none has a derivative.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 *
 * const a = tensor([1, 2, 3])
 * const b = tensor([3, 2, 1])
 * const odd = tensor([0, NaN, -Infinity])
 *
 * console.log(a.eq(b), a.ne(2)) // → tensor([false,  true, false]) tensor([ true, false,  true])
 * console.log(a.lt(b), a.le(b)) // → tensor([ true, false, false]) tensor([ true,  true, false])
 * console.log(a.gt(b), a.ge(b)) // → tensor([false, false,  true]) tensor([false,  true,  true])
 * console.log(a.gt(1).logicalAnd(b.gt(1))) // → tensor([false,  true, false])
 * console.log(a.gt(2).logicalOr(b.gt(2))) // → tensor([ true, false,  true])
 * console.log(a.gt(1).logicalXor(b.gt(1))) // → tensor([ true, false,  true])
 * console.log(odd.logicalNot()) // → tensor([ true, false, false])
 * console.log(odd.isnan(), odd.isinf())
 * // → tensor([false,  true, false]) tensor([false, false,  true])
 * console.log(odd.isfinite()) // → tensor([ true, false, false])
 * ```
 */
import { binary, unary, type Binary, type Unary } from '../kinds/define.ts'
import { everywhere } from '../kinds/entry.ts'
import * as s from '../scalar/primitives.ts'

/** Whether `a = b`; NaN equals nothing. */
export const eq: Binary = binary({
  name: 'eq',
  result: 'bool',
  domains: [everywhere, everywhere],
  formula: s.eq,
})

/** Whether `a ≠ b`; NaN differs from all, itself included. */
export const ne: Binary = binary({
  name: 'ne',
  result: 'bool',
  domains: [everywhere, everywhere],
  formula: s.ne,
})

/** Whether `a < b`. */
export const lt: Binary = binary({
  name: 'lt',
  result: 'bool',
  domains: [everywhere, everywhere],
  formula: s.lt,
})

/** Whether `a ≤ b`. */
export const le: Binary = binary({
  name: 'le',
  result: 'bool',
  domains: [everywhere, everywhere],
  formula: s.le,
})

/** Whether `a > b`. */
export const gt: Binary = binary({
  name: 'gt',
  result: 'bool',
  domains: [everywhere, everywhere],
  formula: s.gt,
})

/** Whether `a ≥ b`. */
export const ge: Binary = binary({
  name: 'ge',
  result: 'bool',
  domains: [everywhere, everywhere],
  formula: s.ge,
})

/** Whether both are other than 0. */
export const logicalAnd: Binary = binary({
  name: 'logicalAnd',
  result: 'bool',
  domains: [everywhere, everywhere],
  formula: s.and,
})

/** Whether one at least is other than 0. */
export const logicalOr: Binary = binary({
  name: 'logicalOr',
  result: 'bool',
  domains: [everywhere, everywhere],
  formula: s.or,
})

/** Whether exactly one is other than 0. */
export const logicalXor: Binary = binary({
  name: 'logicalXor',
  result: 'bool',
  domains: [everywhere, everywhere],
  formula: (a, b) => s.ne(s.ne(a, 0), s.ne(b, 0)),
})

/** Whether x is 0. */
export const logicalNot: Unary = unary({
  name: 'logicalNot',
  result: 'bool',
  domain: everywhere,
  formula: (x) => s.eq(x, 0),
})

/** Whether x is NaN. */
export const isnan: Unary = unary({
  name: 'isnan',
  result: 'bool',
  domain: everywhere,
  formula: (x) => s.ne(x, x),
})

/** Whether x is infinite. */
export const isinf: Unary = unary({
  name: 'isinf',
  result: 'bool',
  domain: everywhere,
  formula: (x) => s.eq(s.abs(x), Infinity),
})

/** Whether x is a number and finite. */
export const isfinite: Unary = unary({
  name: 'isfinite',
  result: 'bool',
  domain: everywhere,
  formula: (x) => s.lt(s.abs(x), Infinity),
})
