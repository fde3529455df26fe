import { tensor } from '../creation/tensor.ts'
import { ShapeError, ValueError } from '../errors.ts'
import { checkInteger, checkShape, numelOf } from '../shape.ts'
import { isTensor } from '../tensor.ts'
import type { TypedArray } from '../dtype.ts'
import type { Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { Plain } from '../types/shape.ts'
import { MersenneTwister } from './mt19937.ts'

const INT32_LOW = -(2 ** 31)
const INT32_HIGH = 2 ** 31

/** A shape, or the length of a 1-d one. */
type Size = number | Shape

type Sized<S extends Size> = Tensor<S extends number ? [S] : S extends Shape ? Plain<S> : never>

/**
 * NumPy's legacy `RandomState`: the same seed and the same calls give NumPy's numbers. Uniform
 * doubles, integers, orders and choices are equal bit for bit, Gaussians within 4 units in the last
 * place (NumPy's own logarithm decides about one in three thousand).
 *
 * For reproducing what was made with NumPy. Everything else draws from a {@link RandomGenerator}.
 */
export class RandomState {
  #twister: MersenneTwister

  /** @throws {ValueError} when `seed` is not an integer from 0 to 2^32 − 1. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
      throw new ValueError(`RandomState: seed must be an integer from 0 to 2^32 − 1, got ${seed}`)
    }
    this.#twister = new MersenneTwister(seed)
  }

  /** Uniform on [0, 1): float64 of the given sizes; without sizes, 0-d. */
  rand<const S extends number[]>(...shape: S): Sized<S> {
    return this.#sample('rand', shape, Float64Array, () => this.#twister.double())
  }

  /** Standard normal: float64 of the given sizes; without sizes, 0-d. */
  randn<const S extends number[]>(...shape: S): Sized<S> {
    return this.#sample('randn', shape, Float64Array, () => this.#twister.gaussian())
  }

  /** Uniform on [low, high): float64. */
  uniform<const S extends Size = []>(low = 0, high = 1, shape?: S): Sized<S> {
    const range = high - low
    if (!Number.isFinite(range)) {
      throw new ValueError(`RandomState.uniform: expected finite bounds, got ${low} and ${high}`)
    }
    return this.#sample('uniform', shape, Float64Array, () => low + range * this.#twister.double())
  }

  /** Normal with the given mean and standard deviation: float64. */
  normal<const S extends Size = []>(mean = 0, std = 1, shape?: S): Sized<S> {
    if (!(std >= 0) || Number.isNaN(mean)) {
      throw new ValueError(
        `RandomState.normal: expected a mean and a standard deviation of at least 0, got ${mean} and ${std}`,
      )
    }
    return this.#sample('normal', shape, Float64Array, () => mean + std * this.#twister.gaussian())
  }

  /** Integers in [low, high): int32. */
  randint<const S extends Size = []>(low: number, high: number, shape?: S): Sized<S> {
    const whole = Number.isInteger(low) && Number.isInteger(high)
    if (!whole || low < INT32_LOW || high > INT32_HIGH || low >= high) {
      throw new ValueError(
        `RandomState.randint: expected integers low < high within −2^31 and 2^31, got ${low} and ${high}`,
      )
    }
    return this.#sample(
      'randint',
      shape,
      Int32Array,
      () => low + this.#twister.integer(high - 1 - low),
    )
  }

  /** The integers 0 … n − 1 in random order: int32 `[n]`. */
  permutation<const N extends number>(n: N): Tensor<[N]> {
    checkInteger('RandomState.permutation', 'n', n, 0)
    return tensor(this.#twister.permutation(n), { shape: [n] })
  }

  /**
   * Draws from 0 … n − 1: int32 of shape `size`, by default with repetition.
   * @throws {ValueError} when more than n are asked for without `replace`.
   */
  choice<const S extends Size = []>(
    n: number,
    size?: S,
    { replace = true }: { replace?: boolean } = {},
  ): Sized<S> {
    checkInteger('RandomState.choice', 'n', n, 1)
    if (replace) return this.#sample('choice', size, Int32Array, () => this.#twister.integer(n - 1))
    const shape = shapeOf('choice', size)
    const wanted = numelOf(shape)
    if (wanted > n) {
      throw new ValueError(
        `RandomState.choice: can't draw ${wanted} of ${n} without repetition; pass { replace: true } or a smaller size`,
      )
    }
    return tensor(this.#twister.permutation(n).slice(0, wanted), { shape }) as never
  }

  /**
   * Shuffles an array, a typed array, or a tensor along its first dimension, in place.
   * @throws {ShapeError} for a 0-d tensor.
   */
  shuffle(x: unknown[] | TypedArray | Tensor): void {
    if (isTensor(x)) {
      if (x.ndim === 0) {
        throw new ShapeError('RandomState.shuffle: a 0-d tensor has no first dimension to shuffle')
      }
      // The stream moves only when the write succeeds.
      const moved = this.#twister.clone()
      x.copy_(x.detach().indexSelect(0, tensor(moved.permutation(x.size(0)))))
      this.#twister = moved
      return
    }
    if (!Array.isArray(x) && !ArrayBuffer.isView(x)) {
      throw new ValueError(
        `RandomState.shuffle: expected an array, a typed array or a tensor, got ${typeof x}`,
      )
    }
    this.#twister.shuffle(x.length, (i, j) => {
      const kept = x[i]
      x[i] = x[j]
      x[j] = kept
    })
  }

  #sample<S extends Size>(
    method: string,
    size: S | undefined,
    Values: Float64ArrayConstructor | Int32ArrayConstructor,
    draw: () => number,
  ): Sized<S> {
    const shape = shapeOf(method, size)
    const values = new Values(numelOf(shape))
    for (let i = 0; i < values.length; i++) values[i] = draw()
    return tensor(values, { shape }) as never
  }
}

function shapeOf(method: string, size: Size = []): Shape {
  return checkShape(`RandomState.${method}`, typeof size === 'number' ? [size] : size)
}
