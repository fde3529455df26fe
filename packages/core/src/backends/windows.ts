import type { Grid, Operand, Windows } from '../backend.ts'
import type { TypedArray } from '../dtype.ts'
import { numelOf } from '../shape.ts'
import { specialized } from './specialize.ts'
import { sizesOf } from './wasm-frame.ts'
import { maxInVectors } from './wasm-pooling.ts'
import { foldInVectors, unfoldInVectors } from './wasm-unfold.ts'

/**
 * Goes through the windows of planes with two dims, element by element of the kernel: copies what they see
 * into `columns`, zeros beyond x; or, where it `adds`, adds columns to what they see.
 */
function slide(
  x: TypedArray,
  x0: number,
  columns: TypedArray,
  columns0: number,
  planes: number,
  [
    height,
    width,
    kernelHeight,
    kernelWidth,
    high,
    wide,
    down,
    right,
    top,
    left,
    gapDown,
    gapRight,
  ]: readonly number[],
  adds: boolean,
): void {
  for (let p = 0; p < planes; p++) {
    const plane = x0 + p * height! * width!
    // From the last element of the kernel to the first: sums then go through places in rising order.
    for (let k = kernelHeight! - 1; k >= 0; k--) {
      for (let l = kernelWidth! - 1; l >= 0; l--) {
        let to = columns0 + ((p * kernelHeight! + k) * kernelWidth! + l) * high! * wide!
        // Places from `low` to `end` see an element of x in this column.
        const shift = l * gapRight! - left!
        const low = shift < 0 ? Math.min(wide!, Math.ceil(-shift / right!)) : 0
        const end = Math.max(low, Math.min(wide!, Math.ceil((width! - shift) / right!)))
        for (let i = 0; i < high!; i++, to += wide!) {
          const row = i * down! + k * gapDown! - top!
          const inside = row >= 0 && row < height!
          const from = plane + row * width! + shift
          if (adds) {
            if (!inside) continue
            for (let j = low; j < end; j++) x[from + j * right!]! += columns[to + j]!
          } else if (!inside) {
            for (let j = 0; j < wide!; j++) columns[to + j] = 0
          } else {
            for (let j = 0; j < low; j++) columns[to + j] = 0
            for (let j = low; j < end; j++) columns[to + j] = x[from + j * right!]!
            for (let j = end; j < wide!; j++) columns[to + j] = 0
          }
        }
      }
    }
  }
}

/** The largest element of each window and where it stands in its plane: the first of equal ones, or a NaN. */
function largest(
  x: TypedArray,
  x0: number,
  values: TypedArray,
  values0: number,
  places: TypedArray,
  places0: number,
  planes: number,
  [
    height,
    width,
    kernelHeight,
    kernelWidth,
    high,
    wide,
    down,
    right,
    top,
    left,
    gapDown,
    gapRight,
  ]: readonly number[],
): void {
  let to = 0
  for (let p = 0; p < planes; p++) {
    const plane = x0 + p * height! * width!
    for (let i = 0; i < high!; i++) {
      // From the first element of the window that lies in x to the one behind the last.
      const above = i * down! - top!
      const skipped = above < 0 ? Math.ceil(-above / gapDown!) : 0
      const first = above + skipped * gapDown!
      const bottom = Math.min(height!, above + kernelHeight! * gapDown!)
      for (let j = 0; j < wide!; j++) {
        const before = j * right! - left!
        const start = before < 0 ? before + Math.ceil(-before / gapRight!) * gapRight! : before
        const end = Math.min(width!, before + kernelWidth! * gapRight!)
        let best = first * width! + start
        if (first >= bottom || start >= end) {
          values[values0 + to] = -Infinity
          places[places0 + to++] = 0
          continue
        }
        let found = x[plane + best]!
        for (let row = first; row < bottom; row += gapDown!) {
          const line = row * width!
          for (let at = line + start; at < line + end; at += gapRight!) {
            const value = x[plane + at]!
            // A number loses to NaN, and to all that are larger.
            if (!(value <= found) && found === found) {
              best = at
              found = value
            }
          }
        }
        values[values0 + to] = found
        places[places0 + to++] = best
      }
    }
  }
}

const sliders = specialized(slide)
const seekers = specialized(largest)

const start = ({ storage, layout }: Operand): number => storage.offset + layout.offset

function sliding(x: Operand, columns: Operand, grid: Grid, adds: boolean): void {
  const planes = x.layout.numel / numelOf(grid.input)
  const { dtype, array } = x.storage
  sliders(`${dtype}${adds}`)(
    array,
    start(x),
    columns.storage.array,
    start(columns),
    planes,
    sizesOf(grid),
    adds,
  )
}

/** From so many elements on kernels pay. */
const LEAST = 4096

/** The windows of the backend that runs by default. */
export const windows: Windows = {
  unfold(x, grid, out) {
    if (out.layout.numel < LEAST || !unfoldInVectors(x, grid, out)) sliding(x, out, grid, false)
  },
  fold(x, grid, out) {
    if (x.layout.numel < LEAST || !foldInVectors(x, grid, out)) sliding(out, x, grid, true)
  },
  maxOfWindows(x, grid, values, places) {
    if (maxInVectors(x, grid, values, places)) return
    const planes = x.layout.numel / numelOf(grid.input)
    const { dtype, array } = x.storage
    seekers(dtype)(
      array,
      start(x),
      values.storage.array,
      start(values),
      places.storage.array,
      start(places),
      planes,
      sizesOf(grid),
    )
  },
}
