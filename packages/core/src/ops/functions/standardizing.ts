/**
 * Rows less their mean, through their deviation: what layer and group norm are made of. A function only.
 *
 * @example
 * ```ts
 * import { standardize, tensor } from '@gradtape/core'
 *
 * console.log(standardize(tensor([[1, 2, 3], [0, 0, 6]]), { eps: 0 }))
 * // → tensor([[-1.2247,  0.0000,  1.2247],
 * //           [-0.7071, -0.7071,  1.4142]])
 * ```
 */
import { ShapeError, ValueError } from '../../errors.ts'
import { entry, type Entry } from '../../kinds/entry.ts'
import { checkFloats, checkNames } from '../../kinds/spatial.ts'
import { standardized } from '../../kinds/standardize.ts'
import { showShape, showValue } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import type { ShapeOf } from '../../types/shape.ts'

/** Options of {@link standardize}. */
export interface StandardizeOptions {
  /** What is added to the variance, at least 0; 1e-5 unless given. */
  readonly eps?: number
}

/** `standardize(x, options)`: a function only. */
export interface Standardize extends Entry<never> {
  <X extends Tensor>(x: X, options?: StandardizeOptions): Tensor<ShapeOf<X>>
}

/**
 * `(x − mean) / √(variance + eps)` along the last dim, mean and variance (divided by the number of elements)
 * of each row its own. In float32 all is computed in float64 and rounded once. float32 or float64; a copy.
 * @shapes [..., N] → [..., N].
 * @throws {ShapeError} when x has no last dim, or one of size 0.
 * @throws {DTypeError} unless x is of a float dtype.
 * @throws {ValueError} when `eps` is negative or no number.
 */
export const standardize: Standardize = entry(
  {
    name: 'standardize',
    method: null,
    kind: 'composed',
    samples: (g) => [
      g.real([...g.pick([[], [0], [2], [2, 3]]), g.int(2, 5)]),
      { eps: g.pick([0.1, 1]) },
    ],
  },
  (x: Tensor, options: StandardizeOptions = {}): Tensor => {
    const { eps = 1e-5 } = checkNames('standardize', options, ['eps'])
    const { shape } = checkFloats('standardize', x)
    if (!(Number.isFinite(eps) && eps >= 0)) {
      throw new ValueError(
        `standardize: eps must be a finite number of at least 0, got ${showValue(eps)}`,
      )
    }
    if (!(shape.at(-1)! > 0)) {
      throw new ShapeError(
        `standardize: expected rows of at least one element along the last dim, got shape ${showShape(shape)}`,
      )
    }
    return standardized(x, eps)
  },
)
