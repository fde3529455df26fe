import type { Grid, Operand } from '../backend.ts'
import type { TypedArray } from '../dtype.ts'
import { numelOf } from '../shape.ts'
import { specialized } from './specialize.ts'
import { Workspace, parts, start, toolsFor } from './wasm-workspace.ts'
import { frameOf, sizesOf } from './wasm-frame.ts'

/** So many elements at a time, which stay in a cache. */
const MOST = 8192

/** Turns numbers within the kernel into places in a plane of x. */
function locate(
  view: TypedArray,
  found: number,
  cells: number,
  out: TypedArray,
  to: number,
  planes: number,
  plane: number,
  pitch: number,
  [height, width, kernelHeight, kernelWidth, high, wide]: readonly number[],
  [down, right, top, left, gapDown, gapRight]: readonly number[],
  shifts: readonly number[],
): void {
  for (let p = 0; p < planes; p++) {
    for (let i = 0; i < high!; i++) {
      const above = i * down! - top!
      let at = p * plane + i * pitch
      let corner = above * width! - left!
      for (let j = 0; j < wide!; j++, at++, to++, corner += right!) {
        if (view[found + at] !== -Infinity) {
          out[to] = corner + shifts[view[cells + at]!]!
          continue
        }
        const before = j * right! - left!
        // All that lies in x is -∞, as padding is: the first of that, if there is any.
        const row = above < 0 ? above + Math.ceil(-above / gapDown!) * gapDown! : above
        const column = before < 0 ? before + Math.ceil(-before / gapRight!) * gapRight! : before
        const inside =
          row < Math.min(height!, above + kernelHeight! * gapDown!) &&
          column < Math.min(width!, before + kernelWidth! * gapRight!)
        out[to] = inside ? row * width! + column : 0
      }
    }
  }
}

const locators = specialized(locate)

/** See {@link Windows.argMaxOfWindows}; says whether it did. */
export function argMaxInVectors(x: Operand, grid: Grid, out: Operand): boolean {
  const { dtype } = x.storage
  const own = toolsFor(dtype)
  const size = numelOf(grid.input)
  const planes = x.layout.numel / size
  if (own === null) return false
  const sizes = sizesOf(grid)
  const [windows, lying] = [sizes.slice(0, 6), sizes.slice(6)]
  const [, width, , kernelWidth] = sizes as [number, number, number, number]
  const [gapDown, gapRight] = sizes.slice(-2) as [number, number]
  const frame = frameOf(grid)
  const { high, wide, pitch, offsets } = frame
  const vectors = Math.ceil(((high - 1) * pitch + wide) / own.lanes)
  const plane = vectors * own.lanes
  const atOnce = Math.max(1, Math.min(planes, Math.floor(MOST / frame.plane)))
  const space = new Workspace(own, frame, 1, atOnce)
  const found = space.room(atOnce * plane)
  const cells = space.room(atOnce * plane)
  const view = space.open(-Infinity)
  if (view === null) return false
  const shifts = offsets.map(
    (_, k) => Math.floor(k / kernelWidth) * gapDown * width + (k % kernelWidth) * gapRight,
  )
  parts(planes, atOnce, (first, count) => {
    space.enter(x, start(x) + first * size, count)
    own.largest(
      space.table, space.image, found, cells, offsets.length, vectors, count, frame.plane * own.size,
    ) // prettier-ignore
    locators(dtype)(
      view, found / own.size, cells / own.size, out.storage.array,
      start(out) + first * high * wide, count, plane, pitch, windows, lying, shifts,
    ) // prettier-ignore
  })
  return true
}
