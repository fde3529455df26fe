import { backend, type Grid, type Operand } from '../backend.ts'
import { gemms } from '../backends/gemm.ts'
import { convolve, correlate, spread, type Counts } from '../backends/wasm-convolution.ts'
import { wasmGemm } from '../backends/wasm-gemm.ts'
import type { DType } from '../dtype.ts'
import { Layout } from '../layout.ts'
import { apply, linearly, over, using, type Op } from '../op.ts'
import { input } from '../scalar/expr.ts'
import { kernelOf } from '../scalar/kernel.ts'
import { add } from '../scalar/primitives.ts'
import { numelOf, type Shape } from '../shape.ts'
import { emptyOf, zerosOf, type Tensor } from '../tensor.ts'
import { contiguousOf } from './structural.ts'
import { windowsNow } from './windows.ts'

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

// How they are computed: by kernels of their own where these can, else image by image, by a product of
// matrices, one of which has the image's windows as columns, `[c · kernel, output]`. No handler is left
// on the stack when an op runs, so what is applied here is seen by none.

function convolved(x: Tensor, w: Tensor, grid: Grid): Tensor {
  const [s, n, c] = leading(x, grid)
  const f = w.shape[s.length]!
  const filters = contiguousOf(w)
  const images = contiguousOf(x)
  const out = emptyOf(x.dtype, [...s, n, f, ...grid.output])
  const counts = { stacks: numelOf(s), images: n, filters: f, channels: c }
  if (kernelsRun(counts) && convolve(counts, grid, images, filters, out)) return out
  const columns = columnsFor(x.dtype, c, grid)
  eachImage(s, n, (a, i) => {
    windowsNow().unfold(part(images, i, [c, ...grid.input]), grid, columns)
    backend.matmul(
      part(filters, a, [f, columns.shape[0]!]),
      columns,
      part(out, i, [f, columns.shape[1]!]),
    )
  })
  return out
}

function transposed(w: Tensor, y: Tensor, grid: Grid): Tensor {
  const [s, f, c] = leading(w, grid)
  const n = y.shape[s.length]!
  const filters = contiguousOf(w)
  const images = contiguousOf(y)
  const out = zerosOf(y.dtype, [...s, n, c, ...grid.input])
  const counts = { stacks: numelOf(s), images: n, filters: f, channels: c }
  if (kernelsRun(counts) && spread(counts, grid, filters, images, out)) return out
  const columns = columnsFor(y.dtype, c, grid)
  const [depth, places] = columns.shape as [number, number]
  eachImage(s, n, (a, i) => {
    const { storage, layout } = part(filters, a, [f, depth])
    const turned = { storage, layout: layout.permute([1, 0]) }
    backend.matmul(turned, part(images, i, [f, places]), columns)
    windowsNow().fold(columns, grid, part(out, i, [c, ...grid.input]))
  })
  return out
}

function correlated(x: Tensor, y: Tensor, grid: Grid): Tensor {
  const [s, n, c] = leading(x, grid)
  const f = y.shape[s.length + 1]!
  const [seen, images] = [contiguousOf(x), contiguousOf(y)]
  const out = zerosOf(x.dtype, [...s, f, c, ...grid.kernel])
  const counts = { stacks: numelOf(s), images: n, filters: f, channels: c }
  if (kernelsRun(counts) && correlate(counts, grid, seen, images, out)) return out
  const columns = columnsFor(x.dtype, c, grid)
  const [depth, places] = columns.shape as [number, number]
  const turned = { storage: columns.storage, layout: columns.layout.permute([1, 0]) }
  const term = emptyOf(x.dtype, [f, depth])
  eachImage(s, n, (a, i) => {
    windowsNow().unfold(part(seen, i, [c, ...grid.input]), grid, columns)
    backend.matmul(part(images, i, [f, places]), turned, term)
    const sum = part(out, a, [f, depth])
    backend.elementwise(addition, [sum, term], [], [sum])
  })
  return out
}

/** From so many filters on, a faster way to multiply makes up for writing the windows out. */
const MANY = 100

/** Kernels are for the backend that runs by default, where there is something to compute. */
function kernelsRun({ stacks, images, filters, channels }: Counts): boolean {
  const some = stacks * images * filters * channels > 0
  const alone = gemms.length === 0 || gemms[0] === wasmGemm
  return backend.windows === undefined && some && (filters < MANY || alone)
}

const addition = kernelOf([add(input(0), input(1))], 2, 0)

/** Room for the windows of one image as columns. */
function columnsFor(dtype: DType, c: number, { kernel, output }: Grid): Tensor {
  return emptyOf(dtype, [c * numelOf(kernel), numelOf(output)])
}

/** Calls `visit` with the number of the stack, and of the image through all of them. */
function eachImage(s: Shape, n: number, visit: (stack: number, image: number) => void): void {
  const all = numelOf(s) * n
  for (let i = 0; i < all; i++) visit(Math.floor(i / n), i)
}

/** The i-th part, of that shape, of a contiguous tensor. */
function part({ storage, layout }: Tensor, i: number, shape: Shape): Operand {
  const own = Layout.contiguous(shape)
  const offset = layout.offset + i * own.numel
  return { storage, layout: new Layout(shape, own.strides, offset, true) }
}

/** The dims in front, and the two before the spatial ones. */
function leading(x: Tensor, grid: Grid): [stack: number[], first: number, second: number] {
  const at = x.ndim - grid.input.length - 2
  return [x.shape.slice(0, at), x.shape[at]!, x.shape[at + 1]!]
}
