import type { Grid, Operand } from '../backend.ts'
import { Workspace, parts, start, toolsFor } from './wasm-workspace.ts'
import { frameOf } from './wasm-frame.ts'

/** So many elements of columns at a time, which stay in a cache. */
const MOST = 32768

/** See {@link Windows.unfold}; says whether it did. */
export function unfoldInVectors(x: Operand, grid: Grid, out: Operand): boolean {
  return eachPart(x, grid, out, (space, columns, first, count, from, n) => {
    const { frame, image, tools } = space
    const { high, wide, pitch, plane, offsets } = frame
    const { size } = tools
    space.enter(x, first, count)
    const places = high * wide * size
    offsets.forEach((offset, k) => {
      space.dense(
        image + offset * size, columns + k * places, count, plane * size, offsets.length * places,
        high, pitch * size, wide * size, wide,
      ) // prettier-ignore
    })
    space.take(columns, out, from, n)
  })
}

/** See {@link Windows.fold}; says whether it did. */
export function foldInVectors(x: Operand, grid: Grid, out: Operand): boolean {
  return eachPart(out, grid, x, (space, columns, first, count, from, n) => {
    const { frame, image, table, tools } = space
    const { high, wide, pitch, plane, offsets } = frame
    const { size, lanes } = tools
    space.enter(out, first, count)
    space.bring(columns, x, from, n)
    const places = high * wide * size
    for (let p = 0; p < count; p++) {
      const own = columns + p * offsets.length * places
      // From the last element of the kernel to the first: sums then go through places in rising order.
      for (let k = offsets.length - 1; k >= 0; k--) {
        tools.add(
          table + 4 * k, image + p * plane * size, own + k * places, 1, high,
          Math.ceil(wide / lanes) - 1, pitch * size, wide * size, 0, space.mask(wide),
        ) // prettier-ignore
      }
    }
    space.leave(out, first, count)
  })
}

/**
 * Calls `visit` for some planes at a time: with the space and the address of room for their columns, with
 * where the planes begin and how many they are, and the same of the columns' elements.
 */
function eachPart(
  x: Operand,
  grid: Grid,
  columns: Operand,
  visit: (
    space: Workspace,
    room: number,
    first: number,
    planes: number,
    from: number,
    n: number,
  ) => void,
): boolean {
  const own = toolsFor(x.storage.dtype)
  if (own === null) return false
  const frame = frameOf(grid)
  const each = frame.offsets.length * frame.high * frame.wide
  const planes = columns.layout.numel / each
  const atOnce = Math.max(1, Math.min(planes, Math.floor(MOST / each)))
  const space = new Workspace(own, frame, 1, atOnce)
  const room = space.room(atOnce * each)
  if (space.open(0) === null) return false
  parts(planes, atOnce, (p, count) =>
    visit(space, room, start(x) + p * frame.whole, count, start(columns) + p * each, count * each),
  )
  return true
}
