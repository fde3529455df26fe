import {
  elu,
  gelu,
  hardsigmoid,
  hardswish,
  hardtanh,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  tanh,
  ValueError,
  type ShapeOf,
  type Tensor,
} from '@gradtape/core'
import { Module } from '../module/module.ts'
import type { Keeps, Ruled } from '../shape-rules.ts'

// The activations of core as modules; what each computes stands there.

/** A module that computes each element of its output from one of its input. */
abstract class Activation extends Module implements Ruled<Keeps> {
  declare readonly '~rule'?: Keeps
  abstract override forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>>
}

/** `max(x, 0)`. */
export class ReLU extends Activation {
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return relu(x)
  }
}

/** `min(max(x, 0), 6)`. */
export class ReLU6 extends Activation {
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return relu6(x)
  }
}

/** The scaled exponential linear unit. */
export class SELU extends Activation {
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return selu(x)
  }
}

/** `x · sigmoid(x)`. */
export class SiLU extends Activation {
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return silu(x)
  }
}

/** `x · tanh(softplus(x))`. */
export class Mish extends Activation {
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return mish(x)
  }
}

/** `x / (1 + |x|)`. */
export class Softsign extends Activation {
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return softsign(x)
  }
}

/** `relu6(x + 3) / 6`. */
export class Hardsigmoid extends Activation {
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return hardsigmoid(x)
  }
}

/** `x · relu6(x + 3) / 6`. */
export class Hardswish extends Activation {
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return hardswish(x)
  }
}

/** The logistic sigmoid, `1 / (1 + e⁻ˣ)`. */
export class Sigmoid extends Activation {
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return sigmoid(x)
  }
}

/** The logarithm of the sigmoid, without overflow. */
export class LogSigmoid extends Activation {
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return logSigmoid(x)
  }
}

/** The hyperbolic tangent. */
export class Tanh extends Activation {
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return tanh(x)
  }
}

export interface LeakyReLUOptions {
  /** 0.01 unless given. */
  readonly negativeSlope?: number
}

/** x above 0, `negativeSlope · x` below. */
export class LeakyReLU extends Activation {
  readonly negativeSlope: number

  constructor({ negativeSlope = 0.01 }: LeakyReLUOptions = {}) {
    super()
    this.negativeSlope = negativeSlope
  }

  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return leakyRelu(x, this.negativeSlope)
  }

  override extraRepr(): string {
    return `negativeSlope=${this.negativeSlope}`
  }
}

export interface ELUOptions {
  /** 1 unless given. */
  readonly alpha?: number
}

/** x above 0, `alpha · (eˣ - 1)` below. */
export class ELU extends Activation {
  readonly alpha: number

  constructor({ alpha = 1 }: ELUOptions = {}) {
    super()
    this.alpha = alpha
  }

  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return elu(x, this.alpha)
  }

  override extraRepr(): string {
    return `alpha=${this.alpha}`
  }
}

export interface GELUOptions {
  /** `'none'`, unless given, is by the error function; `'tanh'` approximates it. */
  readonly approximate?: 'none' | 'tanh'
}

/** The Gaussian error linear unit, `x · Φ(x)`. */
export class GELU extends Activation {
  readonly approximate: 'none' | 'tanh'

  constructor({ approximate = 'none' }: GELUOptions = {}) {
    super()
    this.approximate = approximate
  }

  /** @throws {ValueError} for another `approximate`. */
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return gelu(x, { approximate: this.approximate })
  }

  override extraRepr(): string {
    return `approximate='${this.approximate}'`
  }
}

export interface SoftplusModuleOptions {
  /** 1 unless given. */
  readonly beta?: number
  /** Where `beta · x` exceeds it the result is x itself; 20 unless given. */
  readonly threshold?: number
}

/** `log(1 + e^(beta·x)) / beta`. */
export class Softplus extends Activation {
  readonly beta: number
  readonly threshold: number

  constructor({ beta = 1, threshold = 20 }: SoftplusModuleOptions = {}) {
    super()
    this.beta = beta
    this.threshold = threshold
  }

  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return softplus(x, { beta: this.beta, threshold: this.threshold })
  }

  override extraRepr(): string {
    return `beta=${this.beta}, threshold=${this.threshold}`
  }
}

export interface HardtanhModuleOptions {
  /** -1 unless given. */
  readonly minVal?: number
  /** 1 unless given. */
  readonly maxVal?: number
}

/** x moved into [minVal, maxVal]. */
export class Hardtanh extends Activation {
  readonly minVal: number
  readonly maxVal: number

  /** @throws {ValueError} unless `minVal` is below `maxVal`. */
  constructor({ minVal = -1, maxVal = 1 }: HardtanhModuleOptions = {}) {
    super()
    if (!(minVal < maxVal)) {
      throw new ValueError(`Hardtanh: minVal ${minVal} must be below maxVal ${maxVal}`)
    }
    this.minVal = minVal
    this.maxVal = maxVal
  }

  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return hardtanh(x, { minVal: this.minVal, maxVal: this.maxVal })
  }

  override extraRepr(): string {
    return `minVal=${this.minVal}, maxVal=${this.maxVal}`
  }
}

/** A module along one dim. */
abstract class AlongDim extends Activation {
  readonly dim: number

  /** @throws {ValueError} unless `dim` is an integer. */
  constructor(dim: number) {
    super()
    if (!Number.isInteger(dim)) {
      throw new ValueError(
        `${this.constructor.name}: dim must be an integer, got ${String(dim)}; for classes in the last dimension write -1`,
      )
    }
    this.dim = dim
  }

  override extraRepr(): string {
    return `dim=${this.dim}`
  }
}

/** `eˣ / Σ eˣ` along a dim, without overflow. */
export class Softmax extends AlongDim {
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return softmax(x, this.dim)
  }
}

/** `x - log Σ eˣ` along a dim, without overflow. */
export class LogSoftmax extends AlongDim {
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return logSoftmax(x, this.dim)
  }
}
