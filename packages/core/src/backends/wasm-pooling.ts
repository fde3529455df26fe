import type { Grid, Operand } from '../backend.ts'
import type { TypedArray } from '../dtype.ts'
import { numelOf } from '../shape.ts'
import { Workspace, parts, start, toolsFor } from './wasm-workspace.ts'
import { frameOf, sizesOf } from './wasm-frame.ts'

/** So many elements at a time, which stay in a cache. */
const MOST = 8192
/** Places in planes of no more elements than this are exact as floats. */
const EXACT = 2 ** 24

/** See {@link Windows.maxOfWindows}; says whether it did. */
export function maxInVectors(x: Operand, grid: Grid, values: Operand, places: Operand): boolean {
  const { dtype } = x.storage
  const own = toolsFor(dtype)
  const size = numelOf(grid.input)
  const planes = x.layout.numel / size
  if (own === null || size > EXACT) return false
  const frame = frameOf(grid)
  const { high, wide, pitch, offsets } = frame
  const vectors = Math.ceil(((high - 1) * pitch + wide) / own.lanes)
  const plane = vectors * own.lanes
  const atOnce = Math.max(1, Math.min(planes, Math.floor(MOST / frame.plane)))
  const space = new Workspace(own, frame, 1, atOnce)
  const shifts = space.room(offsets.length)
  const corners = space.room(plane)
  const starts = space.room(plane)
  // Integers of 32 bits, whatever the elements are.
  const found = space.room(atOnce * plane)
  const highest = space.room(atOnce * plane)
  const view = space.open(-Infinity)
  if (view === null) return false
  tell(view, grid, pitch, shifts / own.size, corners / own.size, starts / own.size)
  const integers = new Int32Array(view.buffer as ArrayBuffer, found, atOnce * plane)
  const floats = view.subarray(highest / own.size, highest / own.size + atOnce * plane)
  parts(planes, atOnce, (first, count) => {
    space.enter(x, start(x) + first * size, count)
    own.largest(
      space.table, shifts, space.image, corners, starts, found, offsets.length, vectors, count,
      frame.plane * own.size, highest,
    ) // prettier-ignore
    const at = first * high * wide
    const rows = { count, plane, high, wide, pitch }
    copyRows(integers, places.storage.array, start(places) + at, rows)
    copyRows(floats, values.storage.array, start(values) + at, rows)
  })
  return true
}

/** How rows lie in planes of the kernels' memory; outside they lie one behind the other. */
interface RowsOfPlanes {
  readonly count: number
  readonly plane: number
  readonly high: number
  readonly wide: number
  readonly pitch: number
}

function copyRows<A extends TypedArray>(
  from: A,
  out: A,
  first: number,
  { count, plane, high, wide, pitch }: RowsOfPlanes,
): void {
  if (pitch === wide && plane === high * wide) {
    out.set(from.subarray(0, count * plane) as never, first)
    return
  }
  const [rows, length] = pitch === wide ? [1, high * wide] : [high, wide]
  let at = first
  for (let p = 0; p < count; p++) {
    for (let i = 0; i < rows; i++) {
      const row = p * plane + i * pitch
      for (let j = 0; j < length; j++) out[at++] = from[row + j]!
    }
  }
}

/**
 * Writes how far each element of the kernel is from its window's first, among those of x; and for each window
 * where its first element would stand, and where the first one stands that lies in x.
 */
function tell(
  view: { [i: number]: number },
  grid: Grid,
  pitch: number,
  shifts: number,
  corners: number,
  starts: number,
): void {
  const [height, width, kernelHeight, kernelWidth, high, wide, ...rest] = sizesOf(grid)
  const [down, right, top, left, gapDown, gapRight] = rest
  let at = shifts
  for (let k = 0; k < kernelHeight; k++) {
    for (let l = 0; l < kernelWidth; l++) view[at++] = k * gapDown * width + l * gapRight
  }
  for (let i = 0; i < high; i++) {
    const above = i * down - top
    const row = firstInside(above, gapDown)
    for (let j = 0; j < wide; j++) {
      const before = j * right - left
      const column = firstInside(before, gapRight)
      const seen =
        row < Math.min(height, above + kernelHeight * gapDown) &&
        column < Math.min(width, before + kernelWidth * gapRight)
      view[corners + i * pitch + j] = above * width + before
      view[starts + i * pitch + j] = seen ? row * width + column : 0
    }
  }
}

/** The first of the places from `first` on, `gap` apart, that is not negative. */
function firstInside(first: number, gap: number): number {
  return first < 0 ? first + Math.ceil(-first / gap) * gap : first
}
