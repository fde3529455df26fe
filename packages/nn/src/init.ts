import {
  eye,
  noGrad,
  rand,
  randn,
  ShapeError,
  ValueError,
  type RandomGenerator,
  type Tensor,
} from '@gradtape/core'
import { checkFloat, overwrite, type GeneratorOptions } from './init/overwrite.ts'
import { showShape } from './show-shape.ts'

export { dirac_, type DiracOptions } from './init/dirac.ts'
export { orthogonal_, type OrthogonalOptions } from './init/orthogonal.ts'
export type { GeneratorOptions } from './init/overwrite.ts'
export { sparse_, type SparseOptions } from './init/sparse.ts'
export { truncNormal_, type TruncNormalOptions } from './init/trunc-normal.ts'

// All of these overwrite a float tensor in place, parameters too, off the tape, and return it.

export interface UniformOptions extends GeneratorOptions {
  /** The low end; 0 unless given. */
  readonly a?: number
  /** The high end; 1 unless given. */
  readonly b?: number
}

/** Numbers uniform in [a, b). @throws {ValueError} unless `a ≤ b`, both finite. */
export function uniform_<X extends Tensor>(
  x: X,
  { a = 0, b = 1, generator }: UniformOptions = {},
): X {
  if (!(a <= b && Number.isFinite(b - a))) {
    throw new ValueError(`uniform_: expected finite ends with a ≤ b, got a = ${a} and b = ${b}`)
  }
  return overwrite('uniform_', x, ({ shape, dtype }) =>
    rand(shape, { dtype, generator })
      .mul(b - a)
      .add(a),
  )
}

export interface NormalOptions extends GeneratorOptions {
  /** 0 unless given. */
  readonly mean?: number
  /** The standard deviation; 1 unless given, not negative. */
  readonly std?: number
}

/** Normal numbers. @throws {ValueError} unless mean and std are finite and `std ≥ 0`. */
export function normal_<X extends Tensor>(
  x: X,
  { mean = 0, std = 1, generator }: NormalOptions = {},
): X {
  if (!(Number.isFinite(mean) && std >= 0 && std < Infinity)) {
    throw new ValueError(
      `normal_: expected a finite mean and a finite std of at least 0, got ${mean} and ${std}`,
    )
  }
  return overwrite('normal_', x, ({ shape, dtype }) =>
    randn(shape, { dtype, generator }).mul(std).add(mean),
  )
}

/** One value everywhere. */
export function constant_<X extends Tensor>(x: X, value: number): X {
  checkFloat('constant_', x)
  noGrad(() => {
    x.fill_(value)
  })
  return x
}

/** Ones. */
export function ones_<X extends Tensor>(x: X): X {
  return constant_(x, 1)
}

/** Zeros. */
export function zeros_<X extends Tensor>(x: X): X {
  return constant_(x, 0)
}

/** Ones on the diagonal, zeros elsewhere. @throws {ShapeError} unless x is a matrix. */
export function eye_<X extends Tensor>(x: X): X {
  return overwrite('eye_', x, ({ shape, dtype }) => {
    const [rows, columns] = shape
    if (shape.length !== 2) {
      throw new ShapeError(`eye_: expected a matrix, got shape ${showShape(shape)}`)
    }
    return eye(rows!, columns!, { dtype })
  })
}

export interface XavierOptions extends GeneratorOptions {
  /** A factor for the activation that follows, see {@link calculateGain}; 1 unless given. */
  readonly gain?: number
}

/**
 * Uniform in ±gain · √(6 / (fanIn + fanOut)) (Glorot, Bengio 2010).
 * @throws {ShapeError} below two dims, which have no fans.
 */
export function xavierUniform_<X extends Tensor>(
  x: X,
  { gain = 1, generator }: XavierOptions = {},
): X {
  const { fanIn, fanOut } = fans('xavierUniform_', x)
  return uniformOfStd(x, gain * Math.sqrt(2 / (fanIn + fanOut)), generator)
}

/**
 * Normal with standard deviation gain · √(2 / (fanIn + fanOut)) (Glorot, Bengio 2010).
 * @throws {ShapeError} below two dims, which have no fans.
 */
export function xavierNormal_<X extends Tensor>(
  x: X,
  { gain = 1, generator }: XavierOptions = {},
): X {
  const { fanIn, fanOut } = fans('xavierNormal_', x)
  return normalOfStd(x, gain * Math.sqrt(2 / (fanIn + fanOut)), generator)
}

export interface KaimingOptions extends GeneratorOptions {
  /** The slope below zero of a leaky relu, where that is the nonlinearity; 0 unless given. */
  readonly a?: number
  /** Whether the variance is kept forward (`'fanIn'`, unless given) or backward (`'fanOut'`). */
  readonly mode?: 'fanIn' | 'fanOut'
  /** The activation that follows, `'leakyRelu'` unless given. */
  readonly nonlinearity?: Nonlinearity
}

/**
 * Uniform in ±gain · √(3 / fan) (He et al. 2015).
 * @throws {ShapeError} below two dims, which have no fans.
 */
export function kaimingUniform_<X extends Tensor>(x: X, options: KaimingOptions = {}): X {
  return uniformOfStd(x, kaimingStd('kaimingUniform_', x, options), options.generator)
}

/**
 * Normal with standard deviation gain / √fan (He et al. 2015).
 * @throws {ShapeError} below two dims, which have no fans.
 */
export function kaimingNormal_<X extends Tensor>(x: X, options: KaimingOptions = {}): X {
  return normalOfStd(x, kaimingStd('kaimingNormal_', x, options), options.generator)
}

/** Activations, and layers without one, as {@link calculateGain} knows them. */
export type Nonlinearity = 'linear' | 'sigmoid' | 'tanh' | 'relu' | 'leakyRelu' | 'selu'

/**
 * The factor by which weights before an activation are scaled: 1 for `'linear'` and `'sigmoid'`, 5/3
 * for `'tanh'`, √2 for `'relu'`, √(2 / (1 + slope²)) for `'leakyRelu'`, whose slope is 0.01 unless
 * given, and 3/4 for `'selu'`.
 *
 * @throws {ValueError} for another name.
 */
export function calculateGain(nonlinearity: Nonlinearity, slope = 0.01): number {
  switch (nonlinearity) {
    case 'linear':
    case 'sigmoid':
      return 1
    case 'tanh':
      return 5 / 3
    case 'relu':
      return Math.SQRT2
    case 'leakyRelu':
      return Math.sqrt(2 / (1 + slope ** 2))
    case 'selu':
      return 3 / 4
    default:
      throw new ValueError(
        `calculateGain: no gain is known for '${String(nonlinearity)}'; use 'linear', 'sigmoid', 'tanh', 'relu', 'leakyRelu' or 'selu'`,
      )
  }
}

function kaimingStd(
  name: string,
  x: Tensor,
  { a = 0, mode = 'fanIn', nonlinearity = 'leakyRelu' }: KaimingOptions,
): number {
  if (mode !== 'fanIn' && mode !== 'fanOut') {
    throw new ValueError(`${name}: mode must be 'fanIn' or 'fanOut', got '${String(mode)}'`)
  }
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(name, x)[mode])
}

/** How many inputs an output has, and outputs an input: of a weight [out, in, ...kernel]. */
function fans(name: string, x: Tensor): { fanIn: number; fanOut: number } {
  const [out, into, ...kernel] = checkFloat(name, x).shape
  if (into === undefined) {
    throw new ShapeError(
      `${name}: expected at least two dims, [out, in, ...], got shape ${showShape(x.shape)}`,
    )
  }
  const size = kernel.reduce((a, b) => a * b, 1)
  return { fanIn: into * size, fanOut: out! * size }
}

function uniformOfStd<X extends Tensor>(
  x: X,
  std: number,
  generator: RandomGenerator | undefined,
): X {
  if (x.numel === 0) return x
  const bound = Math.sqrt(3) * std
  return uniform_(x, { a: -bound, b: bound, generator })
}

function normalOfStd<X extends Tensor>(
  x: X,
  std: number,
  generator: RandomGenerator | undefined,
): X {
  return x.numel === 0 ? x : normal_(x, { std, generator })
}
