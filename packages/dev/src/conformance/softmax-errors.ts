import type { Operand } from '../../../core/src/backend.ts'
import { zeros } from './dense.ts'

/**
 * What rounding may do to a softmax of contiguous elements, or its logarithm, where each of these counts once:
 * x - max, its exponential, the sum of these, and the quotient, or the logarithm taken off.
 */
export function softmaxErrors(
  x: Operand,
  errors: Operand,
  dim: number,
  logarithm: boolean,
): Operand {
  const { shape } = x.layout
  const inner = shape.slice(dim + 1).reduce((all, size) => all * size, 1)
  const [values, off] = [x.storage.array, errors.storage.array]
  const out = zeros(shape)
  const size = shape[dim]
  for (let line = 0; line < values.length / size; line++) {
    const start = Math.floor(line / inner) * inner * size + (line % inner)
    const places = Array.from({ length: size }, (_, i) => start + i * inner)
    const top = Math.max(...places.map((i) => values[i]))
    const offTop = Math.max(...places.map((i) => off[i]))
    const down = places.map((i) => values[i] - top)
    const offDown = places.map((i, k) => Math.abs(down[k]) + off[i] + offTop)
    const shares = down.map((d) => Math.exp(d))
    const sum = shares.reduce((all, share) => all + share, 0)
    const offSum = shares.reduce((all, share, k) => all + share * (1 + offDown[k]), sum) / sum
    places.forEach((i, k) => {
      const rest = logarithm ? Math.log(sum) : 0
      const share = shares[k] / sum
      out.storage.array[i] = logarithm
        ? Math.abs(down[k] - rest) + offDown[k] + rest + offSum
        : share * (2 + offDown[k] + offSum)
    })
  }
  return out
}
