import type { Grid, Operand } from '../backend.ts'
import { numelOf } from '../shape.ts'
import { Workspace, parts, start, toolsFor } from './wasm-workspace.ts'
import { frameOf, sizesOf } from './wasm-frame.ts'

/** So many elements at a time, which stay in a cache. */
const MOST = 8192
/** Places in planes of no more elements than this are exact as floats. */
const EXACT = 2 ** 24

/** See {@link Windows.argMaxOfWindows}; says whether it did. */
export function argMaxInVectors(x: Operand, grid: Grid, out: Operand): boolean {
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
  const view = space.open(-Infinity)
  if (view === null) return false
  tell(view, grid, pitch, shifts / own.size, corners / own.size, starts / own.size)
  const places = new Int32Array(view.buffer as ArrayBuffer, found, atOnce * plane)
  const indices = out.storage.array as Int32Array
  parts(planes, atOnce, (first, count) => {
    space.enter(x, start(x) + first * size, count)
    own.largest(
      space.table, shifts, space.image, corners, starts, found, offsets.length, vectors, count,
      frame.plane * own.size,
    ) // prettier-ignore
    const to = start(out) + first * high * wide
    if (pitch === wide && plane === high * wide) {
      indices.set(places.subarray(0, count * plane), to)
      return
    }
    for (let p = 0, at = to; p < count; p++) {
      for (let i = 0; i < high; i++) {
        const row = p * plane + i * pitch
        for (let j = 0; j < wide; j++) indices[at++] = places[row + j]!
      }
    }
  })
  return true
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
