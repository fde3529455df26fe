import { onDemand, reserve, scratchStart } from '../wasm/memory.ts'
import { sums, WIDTH, type Sums } from '../wasm/sums.ts'
import { viewOf } from '../wasm/vectors.ts'
import type { RunSums } from './reduce.ts'

/** Elements that are worked on at a time. */
const CHUNK = 1 << 14

const kernels = onDemand<void, Sums>(sums)

/** Sums float32 in WebAssembly. */
export const sumMiddle: RunSums = (x, start, outer, length, width, out, to) => {
  const inRows = width === 1
  // The last columns are filled up.
  const whole = Math.ceil(width / WIDTH) * WIDTH
  if (!(x instanceof Float32Array) || whole > CHUNK) return false
  const made = kernels()
  if (made === null) return false
  const source = scratchStart / 4
  const target = source + 2 * CHUNK
  reserve((target + 4 * CHUNK) * 4)
  const [view, found] = [viewOf(4), viewOf(8)]
  const first = target / 2
  const bring = (from: number, n: number): void => view.set(x.subarray(from, from + n), source)
  const sumRows = (n: number, rows: number): void =>
    made.rows(source * 4, target * 4, Math.floor(n / WIDTH), n % WIDTH, rows)

  if (inRows && length <= CHUNK) {
    const most = Math.floor(CHUNK / length)
    for (let done = 0; done < outer; done += most) {
      const rows = Math.min(most, outer - done)
      bring(start + done * length, rows * length)
      sumRows(length, rows)
      for (let i = 0; i < rows; i++) out[to + done + i] = found[first + i]!
    }
    return true
  }
  const most = Math.floor(CHUNK / width)
  const columns = new Float64Array(width)
  for (let i = 0; i < outer; i++) {
    columns.fill(0)
    for (let done = 0; done < length; done += most) {
      const rows = Math.min(most, length - done)
      bring(start + (i * length + done) * width, rows * width)
      if (inRows) sumRows(rows, 1)
      else made.columns(source * 4, target * 4, rows, whole / WIDTH, 4 * width, 4 * WIDTH)
      for (let j = 0; j < width; j++) columns[j]! += found[first + j]!
    }
    for (let j = 0; j < width; j++) out[to + i * width + j] = columns[j]!
  }
  return true
}
