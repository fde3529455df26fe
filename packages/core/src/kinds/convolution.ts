import { backend, type Convolutions, type Grid } from '../backend.ts'
import { convolutions } from '../backends/convolution.ts'
import { apply, linearly, over, using, type Op } from '../op.ts'
import { emptyOf, type Tensor } from '../tensor.ts'
import { contiguousOf } from './structural.ts'

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

/** What computes them now. */
function convolutionsNow(): Convolutions {
  return backend.convolutions ?? convolutions
}

function convolved(x: Tensor, w: Tensor, grid: Grid): Tensor {
  const [s, n] = leading(x, grid)
  const out = emptyOf(x.dtype, [...s, n, w.shape[s.length]!, ...grid.output])
  convolutionsNow().convolve(contiguousOf(x), contiguousOf(w), grid, out)
  return out
}

function transposed(w: Tensor, y: Tensor, grid: Grid): Tensor {
  const [s, , c] = leading(w, grid)
  const out = emptyOf(y.dtype, [...s, y.shape[s.length]!, c, ...grid.input])
  convolutionsNow().spread(contiguousOf(w), contiguousOf(y), grid, out)
  return out
}

function correlated(x: Tensor, y: Tensor, grid: Grid): Tensor {
  const [s, , c] = leading(x, grid)
  const out = emptyOf(x.dtype, [...s, y.shape[s.length + 1]!, c, ...grid.kernel])
  convolutionsNow().correlate(contiguousOf(x), contiguousOf(y), grid, out)
  return out
}

/** The dims in front, and the two before the spatial ones. */
function leading(x: Tensor, grid: Grid): [stack: number[], first: number, second: number] {
  const at = x.ndim - grid.input.length - 2
  return [x.shape.slice(0, at), x.shape[at]!, x.shape[at + 1]!]
}
