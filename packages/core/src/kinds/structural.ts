import { exchanged, Layout } from '../layout.ts'
import { lift, Lifted } from '../lifted.ts'
import { apply, broadcasting, linearly, over, using, type Op, type Rule } from '../op.ts'
import { inferShape, sameShape, type Shape } from '../shape.ts'
import { emptyOf, zerosOf, Tensor } from '../tensor.ts'
import { addInto, clone, copyInto, copyOf } from './cast.ts'

// Ops that move elements without computing. Each is the transpose of its neighbour: the rule of
// one applies the other, so there is nothing to differentiate beyond what stands here.

/** A view of the same storage. */
export function viewOf(x: Tensor, layout: Layout): Tensor {
  return new Tensor(x.storage, layout)
}

const reshape: Op<Shape> = {
  name: 'reshape',
  kind: 'structural',
  forward([x], shape) {
    const layout = x!.layout.reshape(shape)
    return layout ? viewOf(x!, layout) : viewOf(copyOf(x!), Layout.contiguous(shape))
  },
  rule: () => reshapeRule,
  push: linearly,
  batch: over((shape, size) => [size, ...shape]),
}

const reshapeRule: Rule<Shape> = using([], (ct, _, { shape }) => reshapeTo(ct, shape))

/** `x` under another shape of as many elements: a view where strides allow it. */
export function reshapeTo(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply(reshape, [x], inferShape('reshape', x.shape, shape))
}

const permute: Op<readonly number[]> = {
  name: 'permute',
  kind: 'structural',
  forward: ([x], dims) => viewOf(x!, x!.layout.permute(dims)),
  rule: () => permuteRule,
  push: linearly,
  batch: over((dims) => [0, ...dims.map((d) => d + 1)]),
}

const permuteRule: Rule<readonly number[]> = using([], (ct, _, { attributes }) =>
  permuteBy(ct, inverse(attributes)),
)

/** Dimension i of the result is dimension `dims[i]` of `x`. */
export function permuteBy(x: Tensor, dims: readonly number[]): Tensor {
  return apply(permute, [x], dims)
}

function inverse(dims: readonly number[]): number[] {
  const back = new Array<number>(dims.length)
  dims.forEach((dim, i) => (back[dim] = i))
  return back
}

/** The last two dimensions exchanged. */
export function matrixTranspose(x: Tensor): Tensor {
  return permuteBy(x, exchanged(x.shape.map((_, d) => d)))
}

/** Elements `start, start + step, …` of one dimension: `length` of them. */
export interface Slice {
  readonly dim: number
  readonly start: number
  readonly length: number
  readonly step: number
}

function sliced(x: Tensor, { dim, start, length, step }: Slice): Tensor {
  return viewOf(x, x.layout.slice(dim, start, length, step))
}

const slice: Op<Slice> = {
  name: 'slice',
  kind: 'structural',
  forward: ([x], at) => sliced(x!, at),
  rule: () => sliceRule,
  push: linearly,
  batch: over((at) => ({ ...at, dim: at.dim + 1 })),
}

const sliceRule: Rule<Slice> = {
  ...using([], (ct, _, { attributes, shape }) => embedIn(ct, attributes, shape)),
  addTo: (sum, ct, _, { attributes }) => addInto(ct, sliced(sum, attributes)),
}

export function sliceOf(x: Tensor, at: Slice): Tensor {
  return apply(slice, [x], at)
}

const embed: Op<Slice & { readonly shape: Shape }> = {
  name: 'embed',
  kind: 'structural',
  forward([x], at) {
    const out = zerosOf(x!.dtype, at.shape)
    copyInto(x!, sliced(out, at))
    return out
  },
  rule: (_, at) => using([], (ct) => sliceOf(ct, at)),
  push: linearly,
  batch: over((at, size) => ({ ...at, dim: at.dim + 1, shape: [size, ...at.shape] })),
}

/** Zeros of `shape` with `x` in the place of a slice. */
export function embedIn(x: Tensor, at: Slice, shape: Shape): Tensor {
  return apply(embed, [x], { ...at, shape })
}

/** Along which dimension, and where along it each input starts. */
interface Seams {
  readonly dim: number
  readonly starts: readonly number[]
}

/** The place of the i-th input, which has this shape. */
function seam({ dim, starts }: Seams, i: number, shape: Shape): Slice {
  return { dim, start: starts[i]!, length: shape[dim]!, step: 1 }
}

const concatenate: Op<Seams> = {
  name: 'cat',
  kind: 'structural',
  forward(inputs, seams) {
    const { dim, starts } = seams
    const last = inputs.length - 1
    const shape = inputs[0]!.shape.slice()
    shape[dim] = starts[last]! + inputs[last]!.shape[dim]!
    const out = emptyOf(inputs[0]!.dtype, shape)
    inputs.forEach((x, i) => copyInto(x, sliced(out, seam(seams, i, x.shape))))
    return out
  },
  rule: (i, seams) => using([], (ct, _, { shape }) => sliceOf(ct, seam(seams, i, shape))),
  push: (i, t, _, { shape }, seams) => embedIn(t, seam(seams, i, t.shape), shape),
  batch: over(({ dim, starts }) => ({ dim: dim + 1, starts })),
}

/** `tensors`, equal in dtype and, but for `dim`, in shape, one after the other along it. */
export function concatenateAlong(tensors: readonly Tensor[], dim: number): Tensor {
  const starts: number[] = []
  let start = 0
  for (const x of tensors) {
    starts.push(start)
    start += x.shape[dim]!
  }
  return apply(concatenate, tensors, { dim, starts })
}

/** `x` itself where it is contiguous, else a copy that is. */
export function contiguousOf(x: Tensor): Tensor {
  return x.layout.isContiguous ? x : clone(x)
}

const alias: Op<null> = {
  name: 'alias',
  kind: 'structural',
  forward: ([x]) => constantOf(x!),
  rule: () => using([], (ct) => ct),
  push: linearly,
  batch: broadcasting,
}

/** The same value in the same memory, as a tensor of its own. */
export function aliasOf(x: Tensor): Tensor {
  return apply(alias, [x], null)
}

/** The same values without gradients or tangents, in the same memory. */
export function constantOf(x: Tensor): Tensor {
  const { storage, layout } = x
  // What is constant must be so on every level.
  return storage instanceof Lifted
    ? lift(constantOf(storage.inner), storage.carries, storage.level)
    : viewOf(x, layout)
}
