import type { Tensor } from '@gradtape/core'
import { classSizes, labelledPoints } from './labelled-points.ts'
import type { PointsOptions } from './labelled-points.ts'

/** Arguments of scikit-learn's `make_moons`. */
export type MakeMoonsOptions = PointsOptions

/**
 * Two interleaving half circles in the plane: a toy set that no straight line separates.
 *
 * Class 0 lies on (cos t, sin t), class 1 on (1 − cos t, ½ − sin t), t from 0 to π in equal steps.
 * The same arguments give scikit-learn's `make_moons`: labels and order exactly, float64 coordinates
 * to 1e-15.
 *
 * @returns x `[n, 2]` and y, int32 `[n]`.
 * @throws {ValueError} when `nSamples`, `noise` or `randomState` is out of range.
 */
export function makeMoons(
  options: MakeMoonsOptions = {},
): [x: Tensor<[number, 2]>, y: Tensor<[number]>] {
  const sizes = classSizes('makeMoons', options.nSamples)
  return labelledPoints(
    'makeMoons',
    sizes,
    [
      (i) => {
        const angle = halfTurn(i, sizes[0])
        return [Math.cos(angle), Math.sin(angle)]
      },
      (i) => {
        const angle = halfTurn(i, sizes[1])
        return [1 - Math.cos(angle), 1 - Math.sin(angle) - 0.5]
      },
    ],
    options,
  )
}

/** Angle i of `count` from 0 to π, both ends included. */
function halfTurn(i: number, count: number): number {
  if (count === 1) return 0
  // The last step is not rounded, so that the end is π itself.
  return i === count - 1 ? Math.PI : i * (Math.PI / (count - 1))
}
