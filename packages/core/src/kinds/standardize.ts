import { backend, type Rows } from '../backend.ts'
import { rows } from '../backends/standardize.ts'
import { apply, OUT, over, using, type Op } from '../op.ts'
import { mul } from '../ops/arithmetic.ts'
import * as s from '../scalar/primitives.ts'
import { emptyOf, type Tensor } from '../tensor.ts'
import { elementwise } from './define.ts'
import { sumOver } from './spread.ts'
import { contiguousOf } from './structural.ts'

// Rows less their mean, through their deviation. Each of the two ops stands in the other's derivative, so
// that there is nothing to differentiate beyond them.

interface Eps {
  readonly eps: number
}

function rowsNow(): Rows {
  return backend.rows ?? rows
}

/** The mean over the last dim, which stays with size 1. */
function meanOf(x: Tensor): Tensor {
  const last = x.ndim - 1
  return through(sumOver(x, [last], true), x.shape[last]!)
}

const through = elementwise('mean', (sum, n) => s.div(sum, n))

const standardize: Op<Eps> = {
  name: 'standardize',
  kind: 'reduction',
  forward([x], { eps }) {
    const out = emptyOf(x!.dtype, x!.shape)
    rowsNow().standardize(contiguousOf(x!), eps, out)
    return out
  },
  rule: () => using([0, OUT], (ct, [x, y], { attributes: { eps } }) => changed(ct, x, y, eps)),
  push: (_, t, [x], y, { eps }) => changed(t, x!, y, eps),
  batch: over((attributes) => attributes),
}

// ∂y = r (t − mean t − y mean(y t)), where r is the inverse deviation: a symmetric matrix, so that it is
// pulled back as it is pushed.
const change = elementwise('standardizeBackward', (t, r, mean, y, along) =>
  s.mul(r, s.sub(s.sub(t, mean), s.mul(y, along))),
)

function changed(t: Tensor, x: Tensor, y: Tensor, eps: number): Tensor {
  return change(t, inverseDeviationOf(x, eps), meanOf(t), y, meanOf(mul(y, t)))
}

const inverseDeviation: Op<Eps> = {
  name: 'inverseDeviation',
  kind: 'reduction',
  forward([x], { eps }) {
    const out = emptyOf(x!.dtype, [...x!.shape.slice(0, -1), 1])
    rowsNow().inverseDeviation(contiguousOf(x!), eps, out)
    return out
  },
  rule: () =>
    using([0, OUT], (ct, [x, r], { attributes: { eps } }) =>
      slope(ct, r, standardized(x, eps), x.shape.at(-1)!),
    ),
  push: (_, t, [x], r, { eps }) => slope(meanOf(mul(standardized(x!, eps), t)), r, 1, 1),
  batch: over((attributes) => attributes),
}

/** ∂r = −r² mean(y t). */
const slope = elementwise('inverseDeviationBackward', (t, r, y, n) =>
  s.neg(s.div(s.mul(s.mul(t, s.mul(r, r)), y), n)),
)

/** `(x − mean) / √(variance + eps)` along the last dim. */
export function standardized(x: Tensor, eps: number): Tensor {
  return apply(standardize, [x], { eps })
}

/** `1 / √(variance + eps)` along the last dim, which stays with size 1. */
function inverseDeviationOf(x: Tensor, eps: number): Tensor {
  return apply(inverseDeviation, [x], { eps })
}
