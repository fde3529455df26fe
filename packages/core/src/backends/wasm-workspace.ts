import type { Operand } from '../backend.ts'
import type { TypedArray } from '../dtype.ts'
import { assemble, f32x4, f64x2 } from '../wasm/assembler.ts'
import type { Kernel } from '../wasm/engine.ts'
import { instantiate, memory, onDemand, reserve, scratchStart } from '../wasm/memory.ts'
import { apart, dense, everySecond } from '../wasm/copying.ts'
import { windowKernels } from '../wasm/windows.ts'
import type { Frame } from './wasm-frame.ts'
import { Kernels, type Size } from './wasm-gemm.ts'

/** Between what lies in memory: kernels read and write some elements beyond an end. */
const SLACK = 256

/** Memory that is asked for at most. */
const MOST = 2 ** 31

/** The kernels for one dtype. */
interface Tools extends WindowKernels {
  readonly gemm: Kernels
  readonly size: Size
  readonly lanes: number
}

type WindowKernels = Readonly<
  Record<'dense' | 'second' | 'apart' | 'along' | 'across' | 'add' | 'largest', Kernel>
>

/** Nothing for another dtype than floats; plain loops do it then. */
export const toolsFor: (dtype: string) => Tools | null = onDemand((dtype: string) => {
  if (dtype !== 'float32' && dtype !== 'float64') return null
  const size = dtype === 'float32' ? 4 : 8
  const lanes = size === 4 ? f32x4 : f64x2
  const kernels = instantiate(
    assemble([dense, everySecond(lanes), apart(lanes), ...windowKernels(lanes)]),
  ) as WindowKernels
  return { ...kernels, gemm: new Kernels(size, memory()), size, lanes: lanes.lanes }
})

export const up = (n: number, to: number): number => Math.ceil(n / to) * to
export const start = ({ storage, layout }: Operand): number => storage.offset + layout.offset

/** What kernels work on: a table, a frame for some planes, and memory handed out part by part. */
export class Workspace {
  readonly tools: Tools
  readonly frame: Frame
  /** Addresses: where elements of the kernel are, through all channels; the frame; planes as they are in x. */
  readonly table: number
  readonly image: number
  readonly raw: number
  /** For each number of elements in a last vector, which bits count. */
  readonly #masks: number
  readonly #channels: number
  readonly #planes: number
  #end = scratchStart

  /** For as many planes as a frame has channels, unless told. */
  constructor(own: Tools, frame: Frame, channels: number, planes: number = channels) {
    this.tools = own
    this.frame = frame
    this.#channels = channels
    this.#planes = planes
    this.table = this.room((this.#entries() * 4) / own.size)
    this.#masks = this.room(own.lanes * own.lanes)
    this.image = this.room(planes * frame.plane)
    this.raw = this.room(planes * frame.whole)
  }

  #entries(): number {
    return up(this.#channels * this.frame.offsets.length, this.tools.gemm.columns)
  }

  /** The address of room for so many elements. */
  room(elements: number): number {
    const at = this.#end
    this.#end += up(elements * this.tools.size, 16) + SLACK
    return at
  }

  /**
   * Once all room has been asked for: the memory as elements, the frame filled with `padding`; nothing if it is
   * too much.
   */
  open(padding: number): TypedArray | null {
    if (this.#end > MOST) return null
    reserve(this.#end)
    const { size, lanes, gemm } = this.tools
    const { offsets, plane, whole } = this.frame
    const entries = new Int32Array(memory().buffer, this.table, this.#entries()).fill(0)
    for (let c = 0, s = 0; c < this.#channels; c++) {
      for (const offset of offsets) entries[s++] = (c * plane + offset) * size
    }
    const masks = new Int32Array(memory().buffer, this.#masks, 4 * lanes)
    masks.forEach((_, i) => (masks[i] = (i % 4) * 4 < (Math.floor(i / 4) + 1) * size ? -1 : 0))
    const view = gemm.view()
    view.fill(padding, this.image / size, this.image / size + this.#planes * plane)
    view.fill(0, this.raw / size, this.raw / size + this.#planes * whole)
    return view
  }

  /** Where the mask is for the last vector of a row of `n` elements. */
  mask(n: number): number {
    return this.#masks + ((n - 1) % this.tools.lanes) * 16
  }

  /** Copies elements of x, from the `first` on, to an address. */
  bring(to: number, { storage }: Operand, first: number, n: number): void {
    const { gemm, size } = this.tools
    gemm.view().set(storage.array.subarray(first, first + n) as Float32Array, to / size)
  }

  /** Copies elements from an address to x. */
  take(from: number, { storage }: Operand, first: number, n: number): void {
    const { gemm, size } = this.tools
    const found = gemm.view().subarray(from / size, from / size + n)
    ;(storage.array as Float32Array).set(found as Float32Array, first)
  }

  /** Copies planes, from element `first` of x on, into the frame. */
  enter(x: Operand, first: number, planes: number): void {
    this.bring(this.raw, x, first, planes * this.frame.whole)
    this.#copy(planes, false)
  }

  /** Copies the frame's planes out to x. What no window sees is as it was when they came, or 0. */
  leave(x: Operand, first: number, planes: number): void {
    this.#copy(planes, true)
    this.take(this.raw, x, first, planes * this.frame.whole)
  }

  #copy(planes: number, back: boolean): void {
    const { raw, image, frame } = this
    const { size } = this.tools
    for (const { from, to, rows, fromRow, elements, step } of frame.pieces) {
      const here = [raw + from * size, frame.whole * size, fromRow * size, step * size]
      const there = [image + to * size, frame.plane * size, frame.pitch * size, size]
      const [[a, aPlane, aRow, aStep], [b, bPlane, bRow, bStep]] = (
        back ? [there, here] : [here, there]
      ) as [Four, Four]
      if (step === 1) this.dense(a, b, planes, aPlane, bPlane, rows, aRow, bRow, elements)
      else if (step === 2 && !back) {
        this.dense(a, b, planes, aPlane, bPlane, rows, aRow, bRow, elements, this.tools.second)
      } else
        this.tools.apart(a, b, planes, aPlane, bPlane, rows, aRow, bRow, elements, aStep, bStep)
    }
  }

  /**
   * Copies planes row by row, from one address to another, by a kernel that is `dense`, or takes the same;
   * what is between is given in bytes.
   */
  dense(
    from: number,
    to: number,
    planes: number,
    fromPlane: number,
    toPlane: number,
    rows: number,
    fromRow: number,
    toRow: number,
    elements: number,
    copy: Kernel = this.tools.dense,
  ): void {
    const vectors = Math.ceil(elements / this.tools.lanes) - 1
    copy(
      from, to, planes, fromPlane, toPlane, rows, fromRow, toRow, vectors, this.mask(elements),
    ) // prettier-ignore
  }
}

type Four = [number, number, number, number]

/** Calls `visit` for parts of `n`, each of at most `most`. */
export function parts(n: number, most: number, visit: (from: number, count: number) => void): void {
  for (let from = 0; from < n; from += most) visit(from, Math.min(most, n - from))
}
