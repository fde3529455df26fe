import { backend } from '../backend.ts'
import { apply, linearly, over, using, type Op, type Batching, type Rule } from '../op.ts'
import { reducedShape, sameShape, type Shape } from '../shape.ts'
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

const expand: Op<Shape> = {
  name: 'expand',
  kind: 'structural',
  forward: ([x], shape) => viewOf(x!, x!.layout.expand(shape)),
  rule: () => using([], (ct, _, { shape }) => sumTo(ct, shape)),
  push: linearly,
  batch: over((shape, size) => [size, ...shape]),
}

/** Sizes of 1 stretched to `shape`, which the caller knows to fit. */
export function expandTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x
  const added = shape.length - x.ndim
  const padded = added === 0 ? x : reshapeTo(x, [...Array<number>(added).fill(1), ...x.shape])
  return apply(expand, [padded], shape)
}

/** A reduction's result with the reduced dims of `shape` back, stretched over it. */
export function spread(x: Tensor, shape: Shape, dims: readonly number[]): Tensor {
  return expandTo(reshapeTo(x, reducedShape(shape, dims, true)), shape)
}

/** `ct` summed over the dimensions that `shape` was broadcast along. */
export function sumTo(ct: Tensor, shape: Shape): Tensor {
  const from = ct.shape
  if (sameShape(from, shape)) return ct
  const added = from.length - shape.length
  const dims: number[] = []
  for (let d = 0; d < from.length; d++) {
    if (d < added || (shape[d - added] === 1 && from[d] !== 1)) dims.push(d)
  }
  return reshapeTo(sumOver(ct, dims, false), shape)
}
