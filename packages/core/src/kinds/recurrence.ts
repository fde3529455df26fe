import { backend } from '../backend.ts'
import { apply, OUT, over, using, type Op } from '../op.ts'
import { mul } from '../ops/arithmetic.ts'
import { emptyOf, type Tensor } from '../tensor.ts'
import { embedIn, sliceOf } from './structural.ts'

interface Course {
  readonly dim: number
  readonly reverse: boolean
}

/**
 * A linear recurrence. It is linear in b, as a product with a triangular matrix that a makes; run
 * in reverse, the same a makes the transpose. So each way is the other one's rule.
 */
const recurrence: Op<Course> = {
  name: 'recurrence',
  kind: 'reduction',
  forward([a, b], { dim, reverse }) {
    const out = emptyOf(b!.dtype, b!.shape)
    backend.recurrence(a!, b!, dim, reverse, out)
    return out
  },
  rule: (i, { dim, reverse }) =>
    i === 1
      ? using([0], (ct, [a]) => recurrenceOf(a, ct, dim, !reverse))
      : using([0, OUT], (ct, [a, out]) => {
          const back = recurrenceOf(a, ct, dim, !reverse)
          const [forth, from] = reverse ? [back, out] : [out, back]
          return mul(from, moved(forth, dim, 1))
        }),
  push(i, tangent, [a], out, { dim, reverse }) {
    if (i === 1) return recurrenceOf(a!, tangent, dim, reverse)
    const terms = reverse ? moved(mul(tangent, out), dim, -1) : mul(tangent, moved(out, dim, 1))
    return recurrenceOf(a!, terms, dim, reverse)
  },
  batch: over(({ dim, reverse }) => ({ dim: dim + 1, reverse })),
}

/**
 * `out[i] = a[i] · out[i - 1] + b[i]` along `dim`, with nothing before the first, or in reverse
 * `out[i] = a[i + 1] · out[i + 1] + b[i]`; a and b are equal in shape and dtype.
 */
export function recurrenceOf(a: Tensor, b: Tensor, dim: number, reverse: boolean): Tensor {
  return apply(recurrence, [a, b], { dim, reverse })
}

/** The elements one place later along `dim` (or, by -1, earlier), and 0 in the place left. */
function moved(x: Tensor, dim: number, by: 1 | -1): Tensor {
  const length = Math.max(0, x.shape[dim]! - 1)
  const at = { dim, length, step: 1 }
  const [from, to] = by > 0 ? [0, 1] : [1, 0]
  return embedIn(sliceOf(x, { ...at, start: from }), { ...at, start: to }, x.shape)
}
