import { cat, eye, outer, slice, tensor, type Tensor } from '@gradtape/core'

/**
 * Solves A x = b by elimination, as one does on paper. Beside A stands b as one more column. Rows are
 * subtracted from one another until A has become the identity; what then stands in the column is x.
 * Each turn divides by the largest number that it can choose, which keeps rounding errors small.
 *
 * @param A `[n, n]`, not singular.
 * @param b `[n]`, or `[n, k]` for k systems at once.
 */
export function solve(A: Tensor, b: Tensor): Tensor {
  const n = A.size(0)
  const unit: Tensor = eye(n)
  let rows: Tensor = cat([A, b.reshape([n, -1])], 1)
  for (let k = 0; k < n; k++) {
    // The row with the largest number in column k changes places with row k.
    const largest = k + rows.at(slice(k), k).abs().argmax().item()
    const order = Int32Array.from({ length: n }, (_, i) => i)
    order[k] = largest
    order[largest] = k
    rows = rows.indexSelect(0, tensor(order))
    // Row k is divided so that it begins with 1; every other row loses its multiple of it.
    const pivot = rows.at(k).div(rows.at(k, k))
    rows = rows.sub(outer(rows.at('...', k).sub(unit.at(k)), pivot))
  }
  return rows.at('...', slice(n)).reshape(b.shape)
}
