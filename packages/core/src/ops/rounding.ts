/**
 * Rounding and bounds: element by element, for a tensor of any shape, which the result has. Steps have
 * the derivative 0 between their jumps, and it is taken as 0 there, too.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 *
 * const x = tensor([-1.5, 0.5, 2.25])
 *
 * console.log(x.floor(), x.ceil()) // → tensor([-2.,  0.,  2.]) tensor([-1.,  1.,  3.])
 * console.log(x.round(), x.round({ decimals: 1 }))
 * // → tensor([-2.,  0.,  2.]) tensor([-1.5000,  0.5000,  2.2000])
 * console.log(x.trunc(), x.frac())
 * // → tensor([-1.,  0.,  2.]) tensor([-0.5000,  0.5000,  0.2500])
 * console.log(x.clamp({ min: 0 }), x.clamp({ min: -1, max: 1 }))
 * // → tensor([0.0000, 0.5000, 2.2500]) tensor([-1.0000,  0.5000,  1.0000])
 * console.log(tensor([NaN, Infinity, 1]).nanToNum({ posinf: 9 })) // → tensor([0., 9., 1.])
 * ```
 */
import { isReal } from '../dtype.ts'
import { DTypeError, ValueError } from '../errors.ts'
import { unary, type Unary } from '../kinds/define.ts'
import { everywhere } from '../kinds/entry.ts'
import * as s from '../scalar/primitives.ts'
import { checkInteger } from '../shape.ts'

const fromInteger = (x: s.Scalar): ReturnType<typeof s.sub> => s.sub(x, s.round(x))

/** The largest integer not above x, `⌊x⌋`. Its gradient, as of all steps, is 0. */
export const floor: Unary = unary({
  name: 'floor',
  result: 'number',
  kinks: fromInteger,
  domain: everywhere,
  formula: s.floor,
})

/** The smallest integer not below x, `⌈x⌉`. */
export const ceil: Unary = unary({
  name: 'ceil',
  result: 'number',
  kinks: fromInteger,
  domain: everywhere,
  formula: s.ceil,
})

export interface RoundOptions {
  /** How many decimal places are kept, before the point where negative; 0 unless given. */
  readonly decimals?: number
}

/**
 * The nearest integer, or number of that many decimals; halves go to the even one.
 * @throws {ValueError} unless `decimals` is an integer.
 * @throws {DTypeError} for decimals of integers.
 */
export const round: Unary<[options?: RoundOptions]> = unary<[options?: RoundOptions]>({
  name: 'round',
  result: 'number',
  args: [[], [{ decimals: 1 }]],
  params: ({ dtype }, { decimals = 0 } = {}) => {
    if (checkInteger('round', 'decimals', decimals) !== 0 && !isReal(dtype)) {
      throw new DTypeError(`round: decimals are for floats, got a tensor of dtype ${dtype}`)
    }
    return [10 ** Math.max(decimals, 0), 10 ** Math.max(-decimals, 0)]
  },
  kinks: (x, up, down) => fromInteger(s.add(s.div(s.mul(x, up!), down!), 0.5)),
  domain: everywhere,
  formula: (x, up, down) => s.div(s.mul(s.round(s.div(s.mul(x, up!), down!)), down!), up!),
})

/** x without its fraction, `sign(x) · ⌊|x|⌋`. */
export const trunc: Unary = unary({
  name: 'trunc',
  result: 'number',
  kinks: fromInteger,
  domain: everywhere,
  formula: s.trunc,
})

/** The fraction of x, `x - trunc(x)`. */
export const frac: Unary = unary({
  name: 'frac',
  result: 'number',
  kinks: fromInteger,
  domain: everywhere,
  formula: (x) => s.sub(x, s.trunc(x)),
})

export interface ClampOptions {
  /** The least result; no bound unless given. */
  readonly min?: number
  /** The largest result; no bound unless given. */
  readonly max?: number
}

/**
 * x moved into [min, max]; all become max where min is larger. Its gradient is 1 from min to max,
 * both included, and 0 outside and at NaN.
 * @throws {ValueError} when neither bound is given.
 */
export const clamp: Unary<[options: ClampOptions]> = unary<[options: ClampOptions]>({
  name: 'clamp',
  result: 'number',
  args: [[{ min: -1, max: 2 }], [{ min: 0.25 }], [{ max: 0.5 }]],
  params: (_, { min, max } = {}) => {
    if (min === undefined && max === undefined) {
      throw new ValueError('clamp: neither min nor max is given; pass { min }, { max } or both')
    }
    return [min ?? -Infinity, max ?? Infinity]
  },
  kinks: (x, min, max) =>
    s.mul(s.sub(s.maximum(x, -9), s.maximum(min!, -9)), s.sub(x, s.minimum(max!, 9))),
  domain: everywhere,
  // What is neither within nor beyond the bounds is NaN.
  formula: (x, min, max) =>
    s.select(
      s.and(s.ge(x, min!), s.le(x, max!)),
      x,
      s.select(s.lt(x, min!), s.minimum(min!, max!), s.select(s.gt(x, max!), max!, NaN)),
    ),
})

export interface NanToNumOptions {
  /** In place of NaN; 0 unless given. */
  readonly nan?: number
  /** In place of infinity; the largest number of the dtype unless given. */
  readonly posinf?: number
  /** In place of minus infinity; the least number of the dtype unless given. */
  readonly neginf?: number
}

/**
 * x with numbers in place of NaN and infinities; their gradient is 0.
 * @throws {ValueError} when an option is no number.
 */
export const nanToNum: Unary<[options?: NanToNumOptions]> = unary<[options?: NanToNumOptions]>({
  name: 'nanToNum',
  result: 'number',
  args: [[], [{ nan: 1, posinf: 2, neginf: 3 }]],
  params: ({ dtype }, { nan = 0, posinf, neginf } = {}) => {
    const largest = dtype === 'float64' ? Number.MAX_VALUE : 3.4028234663852886e38
    return [nan, posinf ?? largest, neginf ?? -largest]
  },
  domain: everywhere,
  formula: (x, nan, posinf, neginf) =>
    s.select(
      s.ne(x, x),
      nan!,
      s.select(s.eq(x, Infinity), posinf!, s.select(s.eq(x, -Infinity), neginf!, x)),
    ),
})
