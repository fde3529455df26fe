import { checkDType, holds, isFloat, type DType } from '../dtype.ts'
import { DTypeError, ValueError } from '../errors.ts'
import { checkOptions } from '../kinds/entry.ts'
import { draw } from '../kinds/random.ts'
import { checkDifferentiable } from '../leaf.ts'
import { defaultGenerator, RandomGenerator } from '../random/generator.ts'
import { checkInteger, showValue, type Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { Plain } from '../types/shape.ts'
import { dtypeOr, finish, ownShape, type RandomOptions } from './options.ts'

// Everything is checked before the generator moves.

function floatType(where: string, dtype: DType | undefined): DType {
  const type = dtypeOr(where, dtype)
  if (isFloat(type)) return type
  throw new DTypeError(
    `${where}: expected float32 or float64, got '${type}'; use .to(…), or randint for integers`,
  )
}

function sourceOf(where: string, { generator = defaultGenerator }: RandomOptions): RandomGenerator {
  if (generator instanceof RandomGenerator) return generator
  throw new ValueError(
    `${where}: generator must be a RandomGenerator, got ${showValue(generator)}; make one with new RandomGenerator(seed)`,
  )
}

/** Random numbers, uniform in [0, 1). */
export function rand<const S extends Shape>(
  shape: S,
  options: RandomOptions = {},
): Tensor<Plain<S>> {
  const to = ownShape('rand', shape)
  const { dtype, requiresGrad } = checkOptions('rand', options)
  const type = floatType('rand', dtype)
  return finish(
    draw({ type: 'uniform' }, to, type, sourceOf('rand', options)),
    requiresGrad,
  ) as never
}

/** Random numbers from the normal distribution of mean 0 and variance 1. */
export function randn<const S extends Shape>(
  shape: S,
  options: RandomOptions = {},
): Tensor<Plain<S>> {
  const to = ownShape('randn', shape)
  const { dtype, requiresGrad } = checkOptions('randn', options)
  const type = floatType('randn', dtype)
  return finish(
    draw({ type: 'gaussian' }, to, type, sourceOf('randn', options)),
    requiresGrad,
  ) as never
}

const ranges: Partial<Record<DType, readonly [low: number, high: number]>> = {
  bool: [0, 2],
  uint8: [0, 2 ** 8],
  int32: [-(2 ** 31), 2 ** 31],
  int64: [-(2 ** 63), 2 ** 63],
}

/**
 * Random integers, uniform from `low` to before `high`; int32 unless a dtype is given.
 * @throws {ValueError} unless both are integers and `low < high`.
 */
export function randint<const S extends Shape>(
  low: number,
  high: number,
  shape: S,
  options: RandomOptions = {},
): Tensor<Plain<S>> {
  checkInteger('randint', 'low', low)
  if (checkInteger('randint', 'high', high) <= low) {
    throw new ValueError(`randint: low ${low} must be less than high ${high}`)
  }
  const to = ownShape('randint', shape)
  const { dtype = 'int32', requiresGrad } = checkOptions('randint', options)
  const type = checkDType('randint', dtype)
  const [least, most] = ranges[type] ?? [-Infinity, Infinity]
  if (low < least || high > most) {
    throw new ValueError(
      `randint: from ${low} to before ${high} there are numbers that ${type} has not`,
    )
  }
  if (requiresGrad) checkDifferentiable(type)
  const source = sourceOf('randint', options)
  return finish(draw({ type: 'integer', low, high }, to, type, source), requiresGrad) as never
}

/** The integers from 0 to `n - 1` in random order, int32. */
export function randperm<const N extends number>(n: N, options: RandomOptions = {}): Tensor<[N]> {
  const shape = [checkInteger('randperm', 'n', n, 0)]
  const { dtype = 'int32', requiresGrad } = checkOptions('randperm', options)
  const type = checkDType('randperm', dtype)
  if (type === 'bool' || !holds(type, n - 1)) {
    throw new DTypeError(`randperm: ${type} has not all numbers below ${n}; use int32`)
  }
  if (requiresGrad) checkDifferentiable(type)
  const source = sourceOf('randperm', options)
  return finish(draw({ type: 'permutation' }, shape, type, source), requiresGrad) as never
}
