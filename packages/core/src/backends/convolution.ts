import type { Convolutions, Grid, Operand } from '../backend.ts'
import type { DType } from '../dtype.ts'
import { Layout } from '../layout.ts'
import { input } from '../scalar/expr.ts'
import { kernelOf } from '../scalar/kernel.ts'
import { add } from '../scalar/primitives.ts'
import { numelOf, type Shape } from '../shape.ts'
import { Storage } from '../storage.ts'
import { elementwise } from './elementwise.ts'
import { gemms } from './gemm.ts'
import { matmul } from './matmul.ts'
import { convolve, correlate, spread, type Counts } from './wasm-convolution.ts'
import { wasmGemm } from './wasm-gemm.ts'
import { windows } from './windows.ts'

/**
 * Convolutions by kernels of their own where these can, else image by image, by a product of matrices, one
 * of which has the image's windows as columns: `[c · kernel, output]`.
 */
export const convolutions: Convolutions = {
  convolve(x, w, grid, out) {
    const counts = countsOf(w, x, grid)
    if (kernelsRun(counts) && convolve(counts, grid, x, w, out)) return
    const { filters, channels } = counts
    const { columns, depth, places } = columnsFor(x.storage.dtype, channels, grid)
    eachImage(counts, (a, i) => {
      windows.unfold(part(x, i, [channels, ...grid.input]), grid, columns)
      matmul(part(w, a, [filters, depth]), columns, part(out, i, [filters, places]))
    })
  },

  spread(w, y, grid, out) {
    const counts = countsOf(w, out, grid)
    if (kernelsRun(counts) && spread(counts, grid, w, y, out)) return
    clear(out)
    const { filters, channels } = counts
    const { columns, depth, places } = columnsFor(y.storage.dtype, channels, grid)
    eachImage(counts, (a, i) => {
      matmul(turned(part(w, a, [filters, depth])), part(y, i, [filters, places]), columns)
      windows.fold(columns, grid, part(out, i, [channels, ...grid.input]))
    })
  },

  correlate(x, y, grid, out) {
    const counts = countsOf(out, x, grid)
    if (kernelsRun(counts) && correlate(counts, grid, x, y, out)) return
    clear(out)
    const { filters, channels } = counts
    const { columns, depth, places } = columnsFor(x.storage.dtype, channels, grid)
    const term = empty(x.storage.dtype, [filters, depth])
    eachImage(counts, (a, i) => {
      windows.unfold(part(x, i, [channels, ...grid.input]), grid, columns)
      matmul(part(y, i, [filters, places]), turned(columns), term)
      const sum = part(out, a, [filters, depth])
      elementwise(addition, [sum, term], [], [sum])
    })
  },
}

/** Sums begin with 0. */
function clear({ storage, layout }: Operand): void {
  const start = storage.offset + layout.offset
  storage.array.fill(0, start, start + layout.numel)
}

const addition = kernelOf([add(input(0), input(1))], 2, 0)

/** From so many filters on, a faster way to multiply makes up for writing the windows out. */
const MANY = 100

/** Whether there is something to compute, and kernels of its own are the fastest way. */
function kernelsRun({ stacks, images, filters, channels }: Counts): boolean {
  const some = stacks * images * filters * channels > 0
  const alone = gemms.length === 0 || gemms[0] === wasmGemm
  return some && (filters < MANY || alone)
}

/** By filters `[s, f, c, kernel]` and images `[s, n, c, input]`. */
function countsOf(w: Operand, x: Operand, { input: { length } }: Grid): Counts {
  const { shape } = w.layout
  const at = shape.length - length - 2
  const [filters, channels] = [shape[at]!, shape[at + 1]!]
  return { stacks: numelOf(shape.slice(0, at)), images: x.layout.shape[at]!, filters, channels }
}

/** Room for the windows of one image as columns. */
function columnsFor(dtype: DType, channels: number, { kernel, output }: Grid): Columns {
  const [depth, places] = [channels * numelOf(kernel), numelOf(output)]
  return { columns: empty(dtype, [depth, places]), depth, places }
}

interface Columns {
  readonly columns: Operand
  readonly depth: number
  readonly places: number
}

function empty(dtype: DType, shape: Shape): Operand {
  const layout = Layout.contiguous(shape)
  return { storage: Storage.empty(dtype, layout.numel), layout }
}

const turned = ({ storage, layout }: Operand): Operand => ({ storage, layout: layout.transpose() })

/** Calls `visit` with the number of the stack, and of the image through all of them. */
function eachImage(
  { stacks, images }: Counts,
  visit: (stack: number, image: number) => void,
): void {
  for (let i = 0; i < stacks * images; i++) visit(Math.floor(i / images), i)
}

/** The i-th part, of that shape, of a contiguous operand. */
function part({ storage, layout }: Operand, i: number, shape: Shape): Operand {
  const own = Layout.contiguous(shape)
  const offset = layout.offset + i * own.numel
  return { storage, layout: new Layout(shape, own.strides, offset, true) }
}
