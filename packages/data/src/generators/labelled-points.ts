import { getDefaultDtype, tensor, ValueError } from '@gradtape/core'
import type { RandomState, Tensor } from '@gradtape/core'
import { randomStateOf } from '../random-state.ts'

/** What the generators of two-class point sets have in common. */
export interface PointsOptions {
  /** The number of points in all, or of each class. Default: 100. */
  nSamples?: number | readonly [first: number, second: number]
  /** Whether the points come in random order. Default: true; otherwise class 0 stands first. */
  shuffle?: boolean
  /** The standard deviation of Gaussian noise on both coordinates. Default: none. */
  noise?: number
  /** A seed, or a stream to draw from. Default: a seed from the default generator. */
  randomState?: number | RandomState
  /** Of the coordinates. Default: the default float dtype. */
  dtype?: 'float32' | 'float64'
}

/** The x coordinate of point i of a class, and its y coordinate. */
type Curve = (i: number) => readonly [x: number, y: number]

/** The sizes of the two classes; of an odd number, the second gets one more. */
export function classSizes(
  where: string,
  nSamples: number | readonly [number, number] = 100,
): readonly [number, number] {
  const sizes =
    typeof nSamples === 'number'
      ? ([Math.floor(nSamples / 2), nSamples - Math.floor(nSamples / 2)] as const)
      : nSamples
  const [first, second] = sizes
  if (
    sizes.length !== 2 ||
    !sizes.every((size) => Number.isInteger(size) && size >= 0) ||
    first + second === 0
  ) {
    throw new ValueError(
      `${where}: nSamples must be a positive integer or two counts, got ${JSON.stringify(nSamples)}`,
    )
  }
  return sizes
}

/**
 * Lays points on two curves, then shuffles, then adds noise: scikit-learn's order of draws, so that
 * one `randomState` gives its points.
 */
export function labelledPoints(
  where: string,
  [first, second]: readonly [number, number],
  curves: readonly [Curve, Curve],
  options: PointsOptions,
): [x: Tensor<[number, 2]>, y: Tensor<[number]>] {
  const { shuffle = true, noise, randomState, dtype = getDefaultDtype() } = options
  if (noise !== undefined && !(noise >= 0 && noise < Infinity)) {
    throw new ValueError(`${where}: noise must be a finite number of at least 0, got ${noise}`)
  }
  const random = randomStateOf(randomState)
  const n = first + second
  const order = shuffle ? random.permutation(n).data : Array(n).keys()
  const points = new Float64Array(2 * n)
  const labels = new Int32Array(n)
  let row = 0
  for (const i of order) {
    const label = i < first ? 0 : 1
    const [x, y] = label === 0 ? curves[0](i) : curves[1](i - first)
    points[2 * row] = x
    points[2 * row + 1] = y
    labels[row++] = label
  }
  if (noise !== undefined) {
    const jitter = random.normal(0, noise, [n, 2]).data
    for (let k = 0; k < points.length; k++) points[k]! += jitter[k]!
  }
  return [tensor(points, { dtype, shape: [n, 2] }), tensor(labels)]
}
