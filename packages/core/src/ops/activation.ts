/**
 * Activation functions: what stands between the layers of a network, element by element. Integers and
 * bools become floats first; `relu`, `relu6` and `hardtanh` keep integers.
 *
 * @example
 * ```ts
 * import { gelu, tensor } from '@gradtape/core'
 *
 * const x = tensor([-2, 0, 2])
 *
 * console.log(x.sigmoid()) // → tensor([0.1192, 0.5000, 0.8808])
 * console.log(x.logSigmoid()) // → tensor([-2.1269, -0.6931, -0.1269])
 * console.log(x.relu()) // → tensor([0., 0., 2.])
 * console.log(x.mul(4).relu6()) // → tensor([0., 0., 6.])
 * console.log(x.leakyRelu(), x.leakyRelu(0.2))
 * // → tensor([-0.0200,  0.0000,  2.0000]) tensor([-0.4000,  0.0000,  2.0000])
 * console.log(x.elu(), x.elu(0.5))
 * // → tensor([-0.8647,  0.0000,  2.0000]) tensor([-0.4323,  0.0000,  2.0000])
 * console.log(x.selu()) // → tensor([-1.5202,  0.0000,  2.1014])
 * console.log(x.silu()) // → tensor([-0.2384,  0.0000,  1.7616])
 * console.log(x.mish()) // → tensor([-0.2525,  0.0000,  1.9440])
 * console.log(gelu(x)) // → tensor([-0.0455,  0.0000,  1.9545])
 * console.log(gelu(x, { approximate: 'tanh' })) // → tensor([-0.0454,  0.0000,  1.9546])
 * console.log(x.softplus()) // → tensor([0.1269, 0.6931, 2.1269])
 * console.log(x.softplus({ beta: 2 })) // → tensor([0.0091, 0.3466, 2.0091])
 * console.log(x.softsign()) // → tensor([-0.6667,  0.0000,  0.6667])
 * console.log(x.hardtanh()) // → tensor([-1.,  0.,  1.])
 * console.log(x.hardtanh({ minVal: -0.5, maxVal: 3 })) // → tensor([-0.5000,  0.0000,  2.0000])
 * console.log(x.hardsigmoid()) // → tensor([0.1667, 0.5000, 0.8333])
 * console.log(x.hardswish()) // → tensor([-0.3333,  0.0000,  1.6667])
 * ```
 */
import { ValueError } from '../errors.ts'
import { unary, type Unary } from '../kinds/define.ts'
import { everywhere } from '../kinds/entry.ts'
import * as s from '../scalar/primitives.ts'

/** Logistic sigmoid, `1 / (1 + e⁻ˣ)`; never overflows. */
export const sigmoid: Unary = unary({ name: 'sigmoid', domain: everywhere, formula: s.sigmoid })

/** Logarithm of the sigmoid, `-log(1 + e⁻ˣ)`; never overflows. */
export const logSigmoid: Unary = unary({
  name: 'logSigmoid',
  domain: everywhere,
  formula: (x) => s.neg(s.softplus(s.neg(x))),
})

/** Rectified linear unit, `max(x, 0)`; its gradient at 0 is 0. */
export const relu: Unary = unary({
  name: 'relu',
  result: 'number',
  kinks: (x) => x,
  // NaN is not below zero, and stays.
  domain: everywhere,
  formula: (x) => s.select(s.le(x, 0), 0, x),
})

/**
 * The rectified linear unit with an upper bound, `min(max(x, 0), 6)`; its gradient at 0 and 6 is 0.
 */
export const relu6: Unary = unary({
  name: 'relu6',
  result: 'number',
  domain: [-3, 9],
  kinks: (x) => s.mul(x, s.sub(x, 6)),
  formula: (x) => s.select(s.le(x, 0), 0, s.select(s.ge(x, 6), 6, x)),
})

/**
 * x above 0, `slope · x` below; `slope` is 0.01 unless given, and the gradient at 0.
 * @throws {ValueError} when the slope is no number.
 */
export const leakyRelu: Unary<[slope?: number]> = unary<[slope?: number]>({
  name: 'leakyRelu',
  args: [[], [0.3]],
  params: (_, slope = 0.01) => [slope],
  kinks: (x) => x,
  domain: everywhere,
  formula: (x, slope) => s.select(s.gt(x, 0), x, s.mul(slope!, x)),
})

/**
 * Exponential linear unit: x above 0, `alpha · (eˣ - 1)` below; `alpha` is 1 unless given.
 * (Clevert, Unterthiner, Hochreiter 2015.)
 * @throws {ValueError} when alpha is no number.
 */
export const elu: Unary<[alpha?: number]> = unary<[alpha?: number]>({
  name: 'elu',
  args: [[], [0.4]],
  params: (_, alpha = 1) => [alpha],
  kinks: (x) => x,
  domain: everywhere,
  formula: (x, alpha) => s.select(s.gt(x, 0), x, s.mul(alpha!, s.expm1(x))),
})

const SELU_ALPHA = 1.6732632423543772
const SELU_SCALE = 1.0507009873554805

/**
 * Scaled exponential linear unit (Klambauer et al. 2017): `scale · elu(x, alpha)` with the fixed
 * alpha 1.6732632423543772 and scale 1.0507009873554805.
 */
export const selu: Unary = unary({
  name: 'selu',
  kinks: (x) => x,
  domain: everywhere,
  formula: (x) => s.mul(SELU_SCALE, s.select(s.gt(x, 0), x, s.mul(SELU_ALPHA, s.expm1(x)))),
})

/** Sigmoid linear unit, `x / (1 + e⁻ˣ)`. Also known as swish (Elfwing, Uchibe, Doya 2017). */
export const silu: Unary = unary({
  name: 'silu',
  domain: everywhere,
  formula: (x) => s.mul(x, s.sigmoid(x)),
})

/** `x · tanh(log(1 + eˣ))` (Misra 2019). */
export const mish: Unary = unary({
  name: 'mish',
  domain: everywhere,
  formula: (x) => s.mul(x, s.tanh(s.softplus(x))),
})

export interface GeluOptions {
  /** `'none'`: by the error function; `'tanh'`: the faster approximation. */
  readonly approximate?: 'none' | 'tanh'
}

const INNER = Math.sqrt(2 / Math.PI)

/**
 * Gaussian error linear unit (Hendrycks, Gimpel 2016), `x · Φ(x)` with the normal distribution's Φ;
 * `approximate: 'tanh'` is `x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))`.
 * @throws {ValueError} for another `approximate`.
 */
export const gelu: Unary<[options?: GeluOptions]> = unary<[options?: GeluOptions]>({
  name: 'gelu',
  args: [[], [{ approximate: 'tanh' }]],
  params: (_, { approximate = 'none' } = {}) => {
    const which = ['none', 'tanh'].indexOf(approximate)
    if (which < 0) {
      throw new ValueError(`gelu: approximate must be 'none' or 'tanh', got '${approximate}'`)
    }
    return [which]
  },
  domain: everywhere,
  formula: (x, approximate) =>
    s.mul(
      s.mul(0.5, x),
      s.add(
        1,
        s.select(
          approximate!,
          s.tanh(s.mul(INNER, s.add(x, s.mul(0.044715, s.mul(x, s.mul(x, x)))))),
          s.erf(s.mul(x, Math.SQRT1_2)),
        ),
      ),
    ),
})

export interface SoftplusOptions {
  /** 1 unless given. */
  readonly beta?: number
  /** Where `beta · x` exceeds it the result is x itself; 20 unless given. */
  readonly threshold?: number
}

/**
 * A smooth relu, `log(1 + e^(beta·x)) / beta`; x itself where `beta · x` exceeds the threshold.
 * @throws {ValueError} when an option is no number.
 */
export const softplus: Unary<[options?: SoftplusOptions]> = unary<[options?: SoftplusOptions]>({
  name: 'softplus',
  args: [[], [{ beta: 2 }]],
  params: (_, { beta = 1, threshold = 20 } = {}) => [beta, threshold],
  domain: everywhere,
  formula: (x, beta, threshold) => {
    const scaled = s.mul(x, beta!)
    return s.select(s.gt(scaled, threshold!), x, s.div(s.softplus(scaled), beta!))
  },
})

/** A sigmoid with heavy tails, `x / (1 + |x|)`. */
export const softsign: Unary = unary({
  name: 'softsign',
  kinks: (x) => x,
  domain: everywhere,
  formula: (x) => s.div(x, s.add(1, s.abs(x))),
})

export interface HardtanhOptions {
  /** -1 unless given. */
  readonly minVal?: number
  /** 1 unless given. */
  readonly maxVal?: number
}

/**
 * x moved into an interval, `min(max(x, minVal), maxVal)`; its gradient at both ends is 0.
 * @throws {ValueError} when an option is no number.
 */
export const hardtanh: Unary<[options?: HardtanhOptions]> = unary<[options?: HardtanhOptions]>({
  name: 'hardtanh',
  result: 'number',
  args: [[], [{ minVal: -0.5, maxVal: 2 }]],
  params: (_, { minVal = -1, maxVal = 1 } = {}) => [minVal, maxVal],
  kinks: (x, min, max) => s.mul(s.sub(x, min!), s.sub(x, max!)),
  domain: everywhere,
  formula: (x, min, max) => s.select(s.le(x, min!), min!, s.select(s.ge(x, max!), max!, x)),
})

/** A sigmoid in three straight pieces, `relu6(x + 3) / 6`; its gradient at -3 and 3 is 0. */
export const hardsigmoid: Unary = unary({
  name: 'hardsigmoid',
  domain: [-5, 5],
  kinks: (x) => s.mul(s.sub(x, 3), s.add(x, 3)),
  formula: (x) => s.select(s.le(x, -3), 0, s.select(s.ge(x, 3), 1, s.div(s.add(x, 3), 6))),
})

/** `x · relu6(x + 3) / 6` (Howard et al. 2019), a {@link silu} made of pieces. */
export const hardswish: Unary = unary({
  name: 'hardswish',
  domain: [-5, 5],
  kinks: (x) => s.mul(s.sub(x, 3), s.add(x, 3)),
  formula: (x) =>
    s.select(s.le(x, -3), 0, s.select(s.ge(x, 3), x, s.div(s.mul(x, s.add(x, 3)), 6))),
})
