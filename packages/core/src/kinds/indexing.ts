import { backend } from '../backend.ts'
import { apply, linearly, over, using, type Op, type Rule } from '../op.ts'
import type { Shape } from '../shape.ts'
import { emptyOf, zerosOf, type Tensor } from '../tensor.ts'

/** Input 0 holds the values, input 1 the int32 indices along `dim`. */
const gather: Op<number> = {
  name: 'gather',
  kind: 'indexing',
  forward([x, index], dim) {
    const out = emptyOf(x!.dtype, index!.shape)
    backend.gather(x!, dim, index!, out)
    return out
  },
  rule: (i) => (i === 0 ? gatherRule : null),
  push: linearly,
  batch: over((dim) => dim + 1),
}

const gatherRule: Rule<number> = {
  ...using([1], (ct, [index], { attributes, shape }) => scatterSum(ct, index, attributes, shape)),
  addTo: (sum, ct, [index], { attributes }) => backend.scatterAdd(ct, attributes, index!, sum),
}

/** `out[…, i, …] = x[…, index[…, i, …], …]`; the indices have been checked. */
export function gatherFrom(x: Tensor, dim: number, index: Tensor): Tensor {
  return apply(gather, [x, index], dim)
}

const scatter: Op<{ readonly dim: number; readonly shape: Shape }> = {
  name: 'scatterSum',
  kind: 'indexing',
  forward([x, index], { dim, shape }) {
    const out = zerosOf(x!.dtype, shape)
    backend.scatterAdd(x!, dim, index!, out)
    return out
  },
  rule: (i, { dim }) => (i === 0 ? using([1], (ct, [index]) => gatherFrom(ct, dim, index)) : null),
  push: linearly,
  batch: over(({ dim, shape }, size) => ({ dim: dim + 1, shape: [size, ...shape] })),
}

/** The transpose of {@link gatherFrom}: zeros of `shape` with the elements of `x` added in their places. */
export function scatterSum(x: Tensor, index: Tensor, dim: number, shape: Shape): Tensor {
  return apply(scatter, [x, index], { dim, shape })
}
