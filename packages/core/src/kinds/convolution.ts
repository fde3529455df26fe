import { apply, linearly, over, using, type Op } from '../op.ts'
import { add } from '../ops/arithmetic.ts'
import { numelOf, type Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { product } from './contraction.ts'
import {
  concatenateAlong,
  contiguousOf,
  matrixTranspose,
  permuteBy,
  reshapeTo,
  sliceOf,
  type Slice,
} from './structural.ts'
import { folded, movedDim, unfolded, type Grid } from './windows.ts'

// Convolution is a form that is linear in each of three arguments,
//
//   T(x, w, y) = Σ x[n, c, i · stride + k · dilation - padding] · w[f, c, k] · y[n, f, i],
//
// over all n, c, f, i and k, where x is 0 outside of its sizes and i, k are as many indices as there
// are spatial dims. Its derivative by one argument is an op of the other two, and as the form is
// linear in these, the derivatives of each op are the other two ops.
//
// Shapes: x [s, n, c, input], w [s, f, c, kernel], y [s, n, f, output], where s stands for any dims in
// front, over which convolutions are stacked: groups, or a batch of examples.

/** ∂T/∂y, which is the convolution of x by w. */
const convolution: Op<Grid> = {
  name: 'convolution',
  kind: 'contraction',
  forward: ([x, w], grid) => convolved(x!, w!, grid),
  rule: (i, grid) =>
    i === 0
      ? using([1], (ct, [w]) => transposedConvolutionOf(w, ct, grid))
      : using([0], (ct, [x]) => correlationOf(x, ct, grid)),
  push: linearly,
  batch: over((grid) => grid),
}

/** ∂T/∂x: as a map from y, the transpose of a convolution by w. */
const transposedConvolution: Op<Grid> = {
  name: 'transposedConvolution',
  kind: 'contraction',
  forward: ([w, y], grid) => transposed(w!, y!, grid),
  rule: (i, grid) =>
    i === 0
      ? using([1], (ct, [y]) => correlationOf(ct, y, grid))
      : using([0], (ct, [w]) => convolutionOf(ct, w, grid)),
  push: linearly,
  batch: over((grid) => grid),
}

/** ∂T/∂w: how x and y go together at each element of the kernel. */
const correlation: Op<Grid> = {
  name: 'correlation',
  kind: 'contraction',
  forward: ([x, y], grid) => correlated(x!, y!, grid),
  rule: (i, grid) =>
    i === 0
      ? using([1], (ct, [y]) => transposedConvolutionOf(ct, y, grid))
      : using([0], (ct, [x]) => convolutionOf(x, ct, grid)),
  push: linearly,
  batch: over((grid) => grid),
}

export function convolutionOf(x: Tensor, w: Tensor, grid: Grid): Tensor {
  return apply(convolution, [x, w], grid)
}

export function transposedConvolutionOf(w: Tensor, y: Tensor, grid: Grid): Tensor {
  return apply(transposedConvolution, [w, y], grid)
}

function correlationOf(x: Tensor, y: Tensor, grid: Grid): Tensor {
  return apply(correlation, [x, y], grid)
}

// How they are computed: by a product of matrices, one of which has the windows of x as columns. No
// handler is left on the stack when an op runs, so what is applied here is seen by none.

function convolved(x: Tensor, w: Tensor, grid: Grid): Tensor {
  const [s, n, c] = leading(x, grid)
  const f = w.shape[s.length]!
  const filters = reshapeTo(w, [...s, f, c * numelOf(grid.kernel)])
  const parts = partsOf(s, n, c, grid).map((part) => {
    const out = product(filters, columnsOf(sliceOf(x, part), grid))
    const spatial = reshapeTo(out, [...s, f, part.length, ...grid.output])
    return permuteBy(spatial, movedDim(spatial.ndim, s.length, s.length + 1))
  })
  return joined(parts, s.length)
}

function transposed(w: Tensor, y: Tensor, grid: Grid): Tensor {
  const [s, f, c] = leading(w, grid)
  const filters = matrixTranspose(reshapeTo(w, [...s, f, c * numelOf(grid.kernel)]))
  const parts = partsOf(s, y.shape[s.length]!, c, grid).map((part) => {
    const columns = product(filters, rowsOf(sliceOf(y, part), grid))
    const windows = reshapeTo(columns, [...s, c, ...grid.kernel, part.length, ...grid.output])
    const behind = s.length + 1 + grid.kernel.length
    return folded(permuteBy(windows, movedDim(windows.ndim, behind, s.length)), grid)
  })
  return joined(parts, s.length)
}

function correlated(x: Tensor, y: Tensor, grid: Grid): Tensor {
  const [s, n, c] = leading(x, grid)
  const sums = partsOf(s, n, c, grid).map((part) => {
    const columns = columnsOf(sliceOf(x, part), grid)
    return product(rowsOf(sliceOf(y, part), grid), matrixTranspose(columns))
  })
  return reshapeTo(
    sums.reduce((a, b) => add(a, b)),
    [...s, y.shape[s.length + 1]!, c, ...grid.kernel],
  )
}

/** The dims in front, and the two before the spatial ones. */
function leading(x: Tensor, grid: Grid): [stack: number[], first: number, second: number] {
  const at = x.ndim - grid.input.length - 2
  return [x.shape.slice(0, at), x.shape[at]!, x.shape[at + 1]!]
}

/** How many elements columns may have, as memory for all examples at once might be too much. */
const LARGEST = 2 ** 21

/** The examples in parts whose columns are not too large; at least one part. */
function partsOf(s: Shape, n: number, c: number, { kernel, output }: Grid): Slice[] {
  const each = numelOf(s) * c * numelOf(kernel) * numelOf(output)
  const most = Math.max(1, Math.floor(LARGEST / Math.max(1, each)))
  return Array.from({ length: Math.max(1, Math.ceil(n / most)) }, (_, i) => {
    return { dim: s.length, start: i * most, length: Math.min(most, n - i * most), step: 1 }
  })
}

function joined(parts: readonly Tensor[], dim: number): Tensor {
  return parts.length === 1 ? contiguousOf(parts[0]!) : concatenateAlong(parts, dim)
}

/** The windows of `[s, n, c, input]` as columns, `[s, c · kernel, n · output]`. */
function columnsOf(x: Tensor, grid: Grid): Tensor {
  const [s, n, c] = leading(x, grid)
  const windows = unfolded(x, grid)
  const behind = movedDim(windows.ndim, s.length, s.length + 1 + grid.kernel.length)
  const shape = [...s, c * numelOf(grid.kernel), n * numelOf(grid.output)]
  return reshapeTo(permuteBy(windows, behind), shape)
}

/** `[s, n, f, output]` as rows, `[s, f, n · output]`. */
function rowsOf(y: Tensor, grid: Grid): Tensor {
  const [s, n, f] = leading(y, grid)
  const behind = movedDim(y.ndim, s.length, s.length + 1)
  return reshapeTo(permuteBy(y, behind), [...s, f, n * numelOf(grid.output)])
}
