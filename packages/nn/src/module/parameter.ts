import { isTensor, ValueError, type Shape, type Tensor } from '@gradtape/core'

/** Marks parameters; a brand, because `instanceof` fails between copies of this package. */
const brand: unique symbol = Symbol.for('gradtape.Parameter') as never

/** A tensor that a module learns: a leaf that modules find in their fields. */
export interface Parameter<out S extends Shape = Shape> extends Tensor<S> {}

export interface ParameterOptions {
  /** Whether its gradient is wanted; true unless given. */
  readonly requiresGrad?: boolean
}

interface ParameterConstructor {
  /**
   * A parameter with the values of `data`, in the same memory. It is a new leaf, whatever `data` was
   * computed from.
   *
   * @throws {GradientError} for integers and bools, which have no gradient, unless `requiresGrad` is
   * false.
   */
  new <S extends Shape>(data: Tensor<S>, options?: ParameterOptions): Parameter<S>
  [Symbol.hasInstance](x: unknown): x is Parameter
}

class BrandedTensor {
  constructor(data: Tensor, { requiresGrad = true }: ParameterOptions = {}) {
    if (!isTensor(data)) {
      throw new ValueError(
        `Parameter: expected a tensor, got ${typeof data}; make one with tensor(…), zeros(…) and the like`,
      )
    }
    const parameter = data.detach().requiresGrad_(requiresGrad)
    Object.defineProperty(parameter, brand, { value: true })
    return parameter as never
  }

  static [Symbol.hasInstance](x: unknown): boolean {
    return isParameter(x)
  }
}

/** Makes a tensor a parameter; `x instanceof Parameter` tells whether a tensor is one. */
export const Parameter: ParameterConstructor = BrandedTensor as never

export function isParameter(x: unknown): x is Parameter {
  return isTensor(x) && brand in x
}
