import { reserve, scratchStart } from '../wasm/memory.ts'
import { makeSums, STEP, type Sums } from '../wasm/sums.ts'
import { viewOf } from '../wasm/vectors.ts'
import type { RunSums } from './reduce.ts'

/** Elements that are worked on at a time. */
const CHUNK = 1 << 14
const WIDTH = STEP / 4

let made: Sums | null | undefined

/** Sums float32 in WebAssembly. */
export const sumInVectors: RunSums = (x, start, outer, length, width, out, to) => {
  const whole = Math.ceil((width === 1 ? length : width) / WIDTH) * WIDTH
  if (!(x instanceof Float32Array) || (width > 1 && whole > CHUNK)) return false
  if (made === undefined) made = tryToMake()
  if (made === null) return false
  const source = scratchStart / 4
  const target = source + 2 * CHUNK
  // Whole steps of the last row are read, and as many sums written.
  reserve((target + 4 * CHUNK) * 4)
  const [view, sums] = [viewOf(4), viewOf(8)]

  if (width === 1 && whole <= CHUNK) {
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
      made.ofRows(source * 4, target * 4, rows, whole * 4)
      for (let i = 0; i < rows; i++) {
        const at = target / 2 + 2 * i
        out[to + done + i] = sums[at]! + sums[at + 1]!
      }
    }
    return true
  }
  const most = width === 1 ? CHUNK : Math.floor(CHUNK / width)
  const folded = new Float64Array(width)
  for (let i = 0; i < outer; i++) {
    folded.fill(0)
    for (let done = 0; done < length; done += most) {
      const rows = Math.min(most, length - done)
      const from = start + (i * length + done) * width
      view.set(x.subarray(from, from + rows * width), source)
      if (width === 1) {
        view.fill(0, source + rows, source + rows + WIDTH)
        made.ofRows(source * 4, target * 4, 1, Math.ceil(rows / WIDTH) * STEP)
        folded[0]! += sums[target / 2]! + sums[target / 2 + 1]!
      } else {
        made.ofColumns(source * 4, target * 4, rows, whole * 4, width * 4)
        for (let j = 0; j < width; j++) folded[j]! += sums[target / 2 + j]!
      }
    }
    for (let j = 0; j < width; j++) out[to + i * width + j] = folded[j]!
  }
  return true
}

/** Null where there is no WebAssembly, or none with vectors. */
function tryToMake(): Sums | null {
  try {
    return makeSums()
  } catch {
    return null
  }
}
