import type { TypedArray } from '../dtype.ts'
import { BLOCK } from '../wasm/formulas.ts'
import { specialized } from './specialize.ts'
import { onDemand, reserve, scratchStart } from '../wasm/memory.ts'
import { softmaxRows } from '../wasm/softmax.ts'
import { viewOf } from '../wasm/vectors.ts'
import type { RunRows } from './softmax.ts'

/** Bytes of rows that are worked on at a time. */
const CHUNK = 1 << 16

const [softmaxOf, logSoftmaxOf] = [false, true].map((logarithm) =>
  onDemand((single: boolean) => softmaxRows(single, logarithm)),
)

/** Copies rows that lie so far apart; to name a short one as a part of its array would take longer. */
const copies = specialized(function copyRows(
  from: TypedArray,
  start: number,
  pitch: number,
  to: TypedArray,
  at: number,
  step: number,
  length: number,
  rows: number,
): void {
  for (let i = 0; i < rows; i++) {
    const row = start + i * pitch
    const place = at + i * step
    if (length > 64) to.set(from.subarray(row, row + length) as never, place)
    else for (let j = 0; j < length; j++) to[place + j] = from[row + j]!
  }
})

/** Runs rows that lie one behind the other in WebAssembly. */
export const softmaxInVectors: RunRows = (x, dim, logarithm, out) => {
  const { shape, strides, isContiguous } = x.layout
  const { dtype } = x.storage
  const length = shape[dim]!
  const single = dtype === 'float32'
  const size = single ? 4 : 8
  const bytes = Math.ceil((length * size) / BLOCK) * BLOCK
  if (!isContiguous || strides[dim] !== 1 || bytes > CHUNK || (!single && dtype !== 'float64'))
    return false
  const run = (logarithm ? logSoftmaxOf! : softmaxOf!)(single)
  if (run === null) return false

  reserve(scratchStart + CHUNK)
  const view = viewOf(size)
  const copy = copies(dtype)
  const [first, width, most] = [scratchStart / size, bytes / size, Math.floor(CHUNK / bytes)]
  const array = x.storage.array as Float32Array
  const target = out.storage.array as Float32Array
  const rows = x.layout.numel / length
  let from = x.storage.offset + x.layout.offset
  let to = out.storage.offset + out.layout.offset
  for (let done = 0; done < rows; done += most) {
    const n = Math.min(most, rows - done)
    if (width === length) {
      view.set(array.subarray(from, from + n * length), first)
    } else {
      // What fills a row up is the least that there is, and adds nothing.
      view.fill(-Infinity, first, first + n * width)
      copy(array, from, length, view, first, width, length, n)
    }
    run(scratchStart, n, bytes)
    if (width === length) {
      target.set(view.subarray(first, first + n * length), to)
    } else {
      copy(view, first, width, target, to, length, length, n)
    }
    from += n * length
    to += n * length
  }
  return true
}
