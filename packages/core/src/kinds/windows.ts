import { backend } from '../backend.ts'
import { Layout } from '../layout.ts'
import { apply, linearly, over, using, type Op } from '../op.ts'
import { input } from '../scalar/expr.ts'
import { kernelOf } from '../scalar/kernel.ts'
import * as s from '../scalar/primitives.ts'
import type { Shape } from '../shape.ts'
import { Storage } from '../storage.ts'
import { Tensor } from '../tensor.ts'
import { contiguousOf, embedIn, permuteBy, reshapeTo, sliceOf, viewOf } from './structural.ts'

// Windows that slide over a dimension, and adding them up where they overlap: each is the transpose
// of the other.

/** `count` windows along `dim`, `stride` apart, each of `size` elements, `dilation` apart. */
export interface Windows {
  readonly dim: number
  readonly count: number
  readonly stride: number
  readonly size: number
  readonly dilation: number
}

const windows: Op<Windows> = {
  name: 'windows',
  kind: 'structural',
  forward([x], { dim, count, stride, size, dilation }) {
    const { shape, strides, offset } = x!.layout
    const step = strides[dim]!
    return viewOf(
      x!,
      new Layout(
        [...shape.with(dim, count), size],
        [...strides.with(dim, step * stride), step * dilation],
        offset,
      ),
    )
  },
  rule: (_, at) => using([], (ct, __, { shape }) => overlapOf(ct, at, shape)),
  push: linearly,
  batch: over((at) => ({ ...at, dim: at.dim + 1 })),
}

/** The windows in the place of the dim, and their elements as a last one: a view. */
export function windowsOf(x: Tensor, at: Windows): Tensor {
  return apply(windows, [x], at)
}

const sum = kernelOf([s.add(input(0), input(1))], 2, 0)

const overlap: Op<Windows & { readonly shape: Shape }> = {
  name: 'overlap',
  kind: 'structural',
  forward([x], { dim, count, stride, size, dilation, shape }) {
    const layout = Layout.contiguous(shape)
    const out = new Tensor(Storage.allocate(x!.dtype, layout.numel), layout)
    const last = shape.length
    for (let k = 0; k < size; k++) {
      const places = viewOf(out, layout.slice(dim, k * dilation, count, stride))
      const { shape: own, strides, offset } = x!.layout.slice(last, k, 1, 1)
      const element = viewOf(x!, new Layout(own.slice(0, -1), strides.slice(0, -1), offset))
      backend.elementwise(sum, [places, element], [], [places])
    }
    return out
  },
  rule: (_, at) => using([], (ct) => windowsOf(ct, at)),
  push: linearly,
  batch: over((at, size) => ({ ...at, dim: at.dim + 1, shape: [size, ...at.shape] })),
}

/** Zeros of `shape` with windows, as {@link windowsOf} arranges them, added in their places. */
export function overlapOf(x: Tensor, at: Windows, shape: Shape): Tensor {
  // Windows of one element that lie side by side are the elements.
  return at.size === 1 && at.stride === 1 && at.count === shape[at.dim]
    ? reshapeTo(x, shape)
    : apply(overlap, [x], { ...at, shape })
}

/**
 * Windows over several dims, the last ones of x: one number per dim in each list. x is padded with
 * zeros: `padding` in front of each dim, and behind as much as the windows need.
 */
export interface Grid {
  /** Sizes of x. */
  readonly input: Shape
  /** How many windows there are. */
  readonly output: Shape
  /** Sizes of a window. */
  readonly kernel: Shape
  readonly stride: Shape
  readonly padding: Shape
  readonly dilation: Shape
}

/** What stands at each dim of a grid, when `before` dims come first. */
export interface Line extends Windows {
  readonly length: number
  readonly start: number
  /** With what is padded. */
  readonly padded: number
}

export function linesOf(grid: Grid, before: number): Line[] {
  return grid.input.map((length, d) => {
    const [count, size] = [grid.output[d]!, grid.kernel[d]!]
    const [stride, dilation] = [grid.stride[d]!, grid.dilation[d]!]
    const start = grid.padding[d]!
    const reach = (count - 1) * stride + (size - 1) * dilation + 1
    const padded = Math.max(start + length, reach)
    return { dim: before + d, count, stride, size, dilation, length, start, padded }
  })
}

/** `[…, input]` to `[…, kernel, output]`: each element of a window at each of its places. */
export function unfolded(x: Tensor, grid: Grid): Tensor {
  const before = x.ndim - grid.input.length
  const lines = linesOf(grid, before)
  const wide = lines.reduce((y, { dim, start, length, padded }) => {
    if (padded === length) return y
    return embedIn(y, { dim, start, length, step: 1 }, y.shape.with(dim, padded))
  }, x)
  // From the last dim to the first, each in memory of its own: then a row of the next is long.
  return lines.reduceRight((y, line, d) => {
    const seen = windowsOf(y, { ...line, dim: y.ndim - lines.length + d })
    const moved = permuteBy(seen, movedDim(seen.ndim, seen.ndim - 1, before))
    return d === 0 ? moved : contiguousOf(moved)
  }, wide)
}

/** The transpose of {@link unfolded}: `[…, kernel, output]` to `[…, input]`. */
export function folded(x: Tensor, grid: Grid): Tensor {
  const before = x.ndim - 2 * grid.input.length
  const lines = linesOf(grid, before)
  const wide = lines.reduce((y, line, d) => {
    const dim = y.ndim - 1 - lines.length + d
    const shape = y.shape.toSpliced(before, 1).with(dim, line.padded)
    const last = permuteBy(y, movedDim(y.ndim, before, y.ndim - 1))
    return overlapOf(last, { ...line, dim }, shape)
  }, x)
  return lines.reduce((y, { dim, start, length, padded }) => {
    return padded === length ? y : sliceOf(y, { dim, start, length, step: 1 })
  }, wide)
}

/** All dims with one taken to another place. */
export function movedDim(ndim: number, from: number, to: number): number[] {
  const dims = Array.from({ length: ndim }, (_, d) => d)
  dims.splice(to, 0, ...dims.splice(from, 1))
  return dims
}
