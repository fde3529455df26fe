import { ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { classSizes, labelledPoints } from './labelled-points.ts'
import type { PointsOptions } from './labelled-points.ts'

/** Arguments of scikit-learn's `make_circles`. */
export interface MakeCirclesOptions extends PointsOptions {
  /** The inner circle's radius, at least 0 and below 1, where the outer one's is 1. Default: 0.8. */
  factor?: number
}

/**
 * A circle within a circle: class 0 on the unit circle, class 1 on one of radius `factor`.
 *
 * The same arguments give scikit-learn's `make_circles`: labels and order exactly, float64
 * coordinates to 1e-15.
 *
 * @returns x `[n, 2]` and y, int32 `[n]`.
 * @throws {ValueError} when `nSamples`, `noise`, `factor` or `randomState` is out of range.
 */
export function makeCircles(
  options: MakeCirclesOptions = {},
): [x: Tensor<[number, 2]>, y: Tensor<[number]>] {
  const { factor = 0.8 } = options
  if (!(factor >= 0 && factor < 1)) {
    throw new ValueError(`makeCircles: factor must be at least 0 and below 1, got ${factor}`)
  }
  const sizes = classSizes('makeCircles', options.nSamples)
  const [outer, inner] = sizes
  return labelledPoints(
    'makeCircles',
    sizes,
    [
      (i) => {
        const angle = i * ((2 * Math.PI) / outer)
        return [Math.cos(angle), Math.sin(angle)]
      },
      (i) => {
        const angle = i * ((2 * Math.PI) / inner)
        return [Math.cos(angle) * factor, Math.sin(angle) * factor]
      },
    ],
    options,
  )
}
