import type { Operand } from '../../../core/src/backend.ts'
import { zeros } from './dense.ts'

/**
 * What rounding may do to the rows of contiguous elements less their mean, through their deviation, or to one
 * through that, where each of these counts once: the mean, by the magnitudes of its terms, x less that, its
 * square, the mean of these, what eps is added to, its root, and the product with one through it.
 */
export function standardizeErrors(
  x: Operand,
  errors: Operand,
  eps: number,
  inverse: boolean,
): Operand {
  const { shape } = x.layout
  const [values, off] = [x.storage.array, errors.storage.array]
  const out = zeros(inverse ? [...shape.slice(0, -1), 1] : shape)
  const n = shape.at(-1)!
  const meanOf = (terms: readonly number[]): number => terms.reduce((a, b) => a + b, 0) / n
  for (let row = 0; row < values.length / n; row++) {
    const places = Array.from({ length: n }, (_, i) => row * n + i)
    const mean = meanOf(places.map((i) => values[i]))
    const offMean = meanOf(places.map((i) => Math.abs(values[i]) + off[i])) + Math.abs(mean)
    const centred = places.map((i) => values[i] - mean)
    const offCentred = places.map((i, k) => Math.abs(centred[k]) + off[i] + offMean)
    const squares = centred.map((c) => c * c)
    const spread = meanOf(squares) + eps
    const offSpread =
      meanOf(squares.map((s, k) => 2 * s + 2 * Math.abs(centred[k]) * offCentred[k])) + 2 * spread
    const scale = 1 / Math.sqrt(spread)
    const offScale = scale * (2 + offSpread / (2 * spread))
    if (inverse) out.storage.array[row] = offScale
    else {
      places.forEach((i, k) => {
        out.storage.array[i] =
          scale * Math.abs(centred[k]) + scale * offCentred[k] + Math.abs(centred[k]) * offScale
      })
    }
  }
  return out
}
