import { assemble, f32x4, f64x2 } from '../wasm/assembler.ts'
import { packAcross, packAlong, productOf, ROWS, VECTORS } from '../wasm/gemm.ts'
import { engine, type Kernel, type KernelMemory } from '../wasm/engine.ts'
import { memory, onDemand, reserve, scratchStart } from '../wasm/memory.ts'
import type { Gemm, Matrix } from './gemm.ts'

/** How deep and how high the blocks are that stay in the caches while they are used. */
const DEPTH = 256
const HEIGHT = 128

const SLACK = 256

type Floats = Float32Array | Float64Array

/** The size of an element in bytes, which tells float32 from float64. */
export type Size = 4 | 8

/** The kernels for one dtype, on some memory. */
export class Kernels {
  readonly size: Size
  readonly columns: number
  readonly memory: KernelMemory
  readonly module: object
  /** See `productOf`. */
  product: Kernel
  readonly #along: Kernel[] = []
  readonly #across: Kernel[] = []
  #view: Floats

  constructor(size: Size, on: KernelMemory, shared = false) {
    const lanes = size === 4 ? f32x4 : f64x2
    this.size = size
    this.memory = on
    this.columns = VECTORS * lanes.lanes
    const packers = [...new Set([ROWS / lanes.lanes, VECTORS])].flatMap((vectors) => [
      packAlong(vectors),
      packAcross(lanes, vectors),
    ])
    const fused = assemble([...packers, productOf(lanes, true)], shared)
    const code = engine.validate(fused)
      ? fused
      : assemble([...packers, productOf(lanes, false)], shared)
    this.module = new engine.Module(code)
    const { exports } = new engine.Instance(this.module, { m: { m: on } })
    this.product = exports['product']!
    for (const width of [ROWS, this.columns]) {
      this.#along[width] = exports[`along${width / lanes.lanes}`]!
      this.#across[width] = exports[`across${width / lanes.lanes}`]!
    }
    this.#view = this.view()
  }

  /** The memory as elements. */
  view(): Floats {
    const { buffer } = this.memory
    if (this.#view?.buffer === buffer) return this.#view
    return (this.#view = this.size === 4 ? new Float32Array(buffer) : new Float64Array(buffer))
  }

  /** Packs `steps` steps of a side, from `step` and from `row` on, in panels of `width` rows. */
  pack(
    side: Side,
    row: number,
    step: number,
    steps: number,
    panels: number,
    width: number,
    to: number,
  ): void {
    const { size } = this
    const from = side.address + (row * side.row + step * side.step) * size
    if (side.row === 1) {
      this.#along[width]!(from, to, panels, steps, side.step * size)
    } else {
      const whole = roundUp(steps, 16 / size)
      const back = (whole - steps) * width * size
      this.#across[width]!(from, to, panels, whole, side.row * size, back)
    }
  }
}

/** One of the two matrices, in the kernels' memory. Its rows are what panels are made of. */
interface Side {
  readonly address: number
  readonly row: number
  readonly step: number
}

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to

/** Products in WebAssembly, blocked and packed as Goto and van de Geijn (2008) describe it. */
export class WasmGemm implements Gemm {
  readonly name: string
  readonly #kernelsFor: (size: Size) => Kernels | null

  /** Where there are no kernels, all is declined. */
  constructor(name: string, make: (size: Size) => Kernels) {
    this.name = name
    this.#kernelsFor = onDemand(make)
  }

  multiply(m: number, n: number, k: number, a: Matrix, b: Matrix, out: Matrix): boolean {
    const { array } = out
    if (!(array instanceof Float32Array || array instanceof Float64Array)) return false
    const own = this.#kernelsFor(array.BYTES_PER_ELEMENT as Size)
    if (own === null) return false
    const { size, columns } = own
    const [high, wide] = [roundUp(m, ROWS), roundUp(n, columns)]
    const depth = Math.min(k, DEPTH)
    const height = Math.min(high, HEIGHT)
    const [spanA, spanB] = [spanOf(m, k, a.row, a.column), spanOf(n, k, b.column, b.row)]
    // What lies in memory in turn. Packing may read beyond the end of a side, and write some steps
    // beyond the end of the panels.
    const panelsA = scratchStart
    const panelsB = panelsA + height * depth * size + SLACK
    const result = panelsB + wide * depth * size + SLACK
    const rawA = result + high * wide * size
    const rawB = rawA + roundUp(spanA.length * size, 16)
    const beyond = (ROWS * spanA.row + columns * spanB.row + 2 * ROWS) * size
    reserve(rawB + spanB.length * size + beyond, own.memory)
    const view = own.view()
    const left = bring(view, rawA / size, a, m, k, a.row, a.column, spanA)
    const right = bring(view, rawB / size, b, n, k, b.column, b.row, spanB)
    for (let l = 0; l < k; l += depth) {
      const steps = Math.min(depth, k - l)
      own.pack(right, 0, l, steps, wide / columns, columns, panelsB)
      for (let i = 0; i < m; i += height) {
        const panels = Math.min(height, high - i) / ROWS
        own.pack(left, i, l, steps, panels, ROWS, panelsA)
        const to = result + i * wide * size
        own.product(panelsA, panelsB, to, wide * size, panels, wide / columns, steps, l)
      }
    }
    take(view, result / size, out, m, n, wide)
    return true
  }
}

/** On one thread. */
export const wasmGemm: Gemm = new WasmGemm('wasm', (size) => new Kernels(size, memory()))

/** How a side lies once it is in the kernels' memory, where either its rows or its steps are dense. */
interface Span {
  readonly row: number
  readonly step: number
  readonly length: number
}

function spanOf(rows: number, steps: number, row: number, step: number): Span {
  const inRows = step === 1 && row >= steps
  if (inRows || (row === 1 && step >= rows)) {
    const length = (rows - 1) * row + (steps - 1) * step + 1
    if (length <= 2 * rows * steps) return { row, step, length }
  }
  return { row: steps, step: 1, length: rows * steps }
}

/** Copies a side into the kernels' memory, from element `to` on. */
function bring(
  view: Floats,
  to: number,
  { array, start }: Matrix,
  rows: number,
  steps: number,
  row: number,
  step: number,
  span: Span,
): Side {
  if (span.row === row && span.step === step) {
    view.set(array.subarray(start, start + span.length), to)
  } else {
    for (let r = 0; r < rows; r++) {
      for (let s = 0; s < steps; s++) {
        view[to + r * span.row + s * span.step] = array[start + r * row + s * step]!
      }
    }
  }
  return { address: to * view.BYTES_PER_ELEMENT, row: span.row, step: span.step }
}

/** Copies the result out; in memory its rows are `wide` apart. */
function take(view: Floats, from: number, out: Matrix, m: number, n: number, wide: number): void {
  const array = out.array as Floats
  if (wide === n) return array.set(view.subarray(from, from + m * n), out.start)
  for (let i = 0; i < m; i++) {
    const row = from + i * wide
    const to = out.start + i * n
    // To name a part of an array costs as much as to copy some thirty elements.
    if (n > 32) array.set(view.subarray(row, row + n), to)
    else for (let j = 0; j < n; j++) array[to + j] = view[row + j]!
  }
}
