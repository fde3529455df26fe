import { reserve, scratchStart } from '../wasm/memory.ts'
import { sumColumns, WIDTH, type SumColumns } from '../wasm/sums.ts'
import { viewOf } from '../wasm/vectors.ts'
import type { RunSums } from './reduce.ts'

/** Elements that are worked on at a time. */
const CHUNK = 1 << 14

let made: SumColumns | null | undefined

/** Sums float32 in WebAssembly. */
export const sumInVectors: RunSums = (x, start, outer, length, width, out, to) => {
  const inRows = width === 1
  // A row that is summed stands as rows of some columns, the last one filled up.
  const whole = Math.ceil((inRows ? length : width) / WIDTH) * WIDTH
  if (!(x instanceof Float32Array) || (!inRows && whole > CHUNK)) return false
  if (made === undefined) made = tryToMake()
  if (made === null) return false
  const source = scratchStart / 4
  const target = source + 2 * CHUNK
  reserve((target + 4 * CHUNK) * 4)
  const [view, sums] = [viewOf(4), viewOf(8)]
  const first = target / 2

  if (inRows && whole <= CHUNK) {
    const most = Math.floor(CHUNK / whole)
    for (let done = 0; done < outer; done += most) {
      const rows = Math.min(most, outer - done)
      const from = start + done * length
      if (whole === length) {
        view.set(x.subarray(from, from + rows * length), source)
      } else {
        for (let i = 0; i < rows; i++) {
          const row = source + i * whole
          view.set(x.subarray(from + i * length, from + (i + 1) * length), row)
          view.fill(0, row + length, row + whole)
        }
      }
      made(source * 4, target * 4, whole / WIDTH, rows, 4 * WIDTH, 4 * whole)
      for (let i = 0; i < rows; i++) out[to + done + i] = total(sums, first + i * WIDTH)
    }
    return true
  }
  const most = inRows ? CHUNK : Math.floor(CHUNK / width)
  const columns = new Float64Array(width)
  for (let i = 0; i < outer; i++) {
    columns.fill(0)
    for (let done = 0; done < length; done += most) {
      const rows = Math.min(most, length - done)
      const from = start + (i * length + done) * width
      view.set(x.subarray(from, from + rows * width), source)
      if (inRows) {
        view.fill(0, source + rows, source + rows + WIDTH)
        made(source * 4, target * 4, Math.ceil(rows / WIDTH), 1, 4 * WIDTH, 0)
        columns[0]! += total(sums, first)
      } else {
        made(source * 4, target * 4, rows, whole / WIDTH, 4 * width, 4 * WIDTH)
        for (let j = 0; j < width; j++) columns[j]! += sums[first + j]!
      }
    }
    for (let j = 0; j < width; j++) out[to + i * width + j] = columns[j]!
  }
  return true
}

/** The sum of the columns of a row, in pairs and pairs of pairs. */
function total(sums: ReturnType<typeof viewOf>, at: number, n = WIDTH): number {
  return n === 1 ? sums[at]! : total(sums, at, n / 2) + total(sums, at + n / 2, n / 2)
}

/** Null where there is no WebAssembly, or none with vectors. */
function tryToMake(): SumColumns | null {
  try {
    return sumColumns()
  } catch {
    return null
  }
}
