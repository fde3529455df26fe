import { backend } from '../backend.ts'
import { apply, linearly, over, using, type Batching, type Op, type Rule } from '../op.ts'
import { inferShape, reducedShape, sameShape, type Shape } from '../shape.ts'
import { emptyOf, type Tensor } from '../tensor.ts'
import { reshapeTo, viewOf } from './structural.ts'

// Stretching a dimension and summing over one: each is the transpose of the other.

/** Which dims (rising) are reduced, and whether they stay with size 1. */
export interface Reduced {
  readonly dims: readonly number[]
  readonly keepdim: boolean
}

/** The dims of each example stand one further. */
export const reducing: Batching<Reduced> = over(({ dims, keepdim }) => ({
  dims: dims.map((d) => d + 1),
  keepdim,
}))

const sum: Op<Reduced> = {
  name: 'sum',
  kind: 'reduction',
  forward([x], { dims, keepdim }) {
    const dtype = x!.dtype === 'bool' ? 'int32' : x!.dtype
    const out = emptyOf(dtype, reducedShape(x!.shape, dims, keepdim))
    backend.reduce('sum', x!, dims, out)
    return out
  },
  rule: () => sumRule,
  push: linearly,
  batch: reducing,
}

const sumRule: Rule<Reduced> = using([], (ct, _, { shape, attributes }) =>
  spread(ct, shape, attributes.dims),
)

/** The sum over `dims`; of bools, how many are true. */
export function sumOver(x: Tensor, dims: readonly number[], keepdim: boolean): Tensor {
  return apply(sum, [x], { dims, keepdim })
}

/** The sizes of the result, and over which of its dims `x` is stretched: there it has sizes of 1, or no dims. */
interface Expanded {
  readonly shape: Shape
  readonly dims: readonly number[]
}

const expand: Op<Expanded> = {
  name: 'expand',
  kind: 'structural',
  forward([x], { shape, dims }) {
    // Sizes of 1 come in without a copy, however elements lie.
    const { layout } = x!
    const padded =
      layout.numel === 1
        ? layout
        : layout.reshape(inferShape('expand', layout.shape, reducedShape(shape, dims, true)))
    return viewOf(x!, padded!.expand(shape))
  },
  rule: () => expandRule,
  push: linearly,
  batch: over(({ shape, dims }, size) => ({
    shape: [size, ...shape],
    dims: dims.map((d) => d + 1),
  })),
}

const expandRule: Rule<Expanded> = using([], (ct, _, { shape, attributes: { dims } }) =>
  reshapeTo(sumOver(ct, dims, false), shape),
)

/** A reduction's result, its reduced dims kept or not, stretched over `shape` again. */
export function spread(x: Tensor, shape: Shape, dims: readonly number[]): Tensor {
  return sameShape(x.shape, shape) ? x : apply(expand, [x], { shape, dims })
}

/** `x` broadcast to `shape`, which the caller knows to fit. */
export function expandTo(x: Tensor, shape: Shape): Tensor {
  return spread(x, shape, stretched(x.shape, shape))
}

/** `ct` summed over the dimensions that `shape` was broadcast along. */
export function sumTo(ct: Tensor, shape: Shape): Tensor {
  return sameShape(ct.shape, shape)
    ? ct
    : reshapeTo(sumOver(ct, stretched(shape, ct.shape), false), shape)
}

/** Along which dims of the second shape the first one broadcasts to it. */
function stretched(from: Shape, to: Shape): number[] {
  const added = to.length - from.length
  const dims: number[] = []
  for (let d = 0; d < to.length; d++) {
    if (d < added || (from[d - added] === 1 && to[d] !== 1)) dims.push(d)
  }
  return dims
}
