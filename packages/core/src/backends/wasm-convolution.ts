import type { Grid, Operand } from '../backend.ts'
import { ROWS } from '../wasm/gemm.ts'
import { Workspace, parts, start, toolsFor, up } from './wasm-workspace.ts'
import { frameOf } from './wasm-frame.ts'

// Convolutions in WebAssembly: products of matrices whose panels are packed straight from the images, so
// that windows are never written out. Each image is copied once, into a frame with its padding.

/** How deep and high the blocks of a product are, and how many places they have. */
const DEPTH = 256
const HEIGHT = 128
const PLACES = 256

/** How many of what there are: stacks, each of images and of filters, and channels of an image. */
export interface Counts {
  readonly stacks: number
  readonly images: number
  readonly filters: number
  readonly channels: number
}

/** `out[s, n, f, i] = Σ x[s, n, c, i + k] · w[s, f, c, k]`; says whether it did. */
export function convolve(
  { stacks, images, filters, channels }: Counts,
  grid: Grid,
  x: Operand,
  w: Operand,
  out: Operand,
): boolean {
  const own = toolsFor(out.storage.dtype)
  const frame = frameOf(grid)
  const { high, wide, pitch } = frame
  // What is computed between the rows is lost.
  if (own === null || (high > 1 && pitch > 2 * wide)) return false
  const { gemm, size } = own
  const space = new Workspace(own, frame, channels)
  const { table, image } = space
  const [depth, places] = [channels * frame.offsets.length, high * wide]
  const tall = up(filters, ROWS)
  const whole = up((high - 1) * pitch + wide, gemm.columns)
  const raw = space.room(Math.max(tall * depth, filters * places))
  const a = space.room(tall * depth)
  const b = space.room(PLACES * DEPTH)
  const result = space.room(tall * whole)
  if (space.open(0) === null) return false
  for (let s = 0; s < stacks; s++) {
    space.bring(raw, w, start(w) + s * filters * depth, filters * depth)
    const side = { address: raw, row: depth, step: 1 }
    parts(depth, DEPTH, (l, steps) =>
      gemm.pack(side, 0, l, steps, tall / ROWS, ROWS, a + l * tall * size),
    )
    for (let i = s * images; i < (s + 1) * images; i++) {
      const first = start(x) + (i * x.layout.numel) / (stacks * images)
      space.enter(x, first, channels)
      parts(whole, PLACES, (p, count) =>
        parts(depth, DEPTH, (l, steps) => {
          const panels = count / gemm.columns
          own.along(table + 4 * l, image + p * size, b, panels, steps)
          parts(tall, HEIGHT, (r, rows) => {
            const from = a + (l * tall + r * steps) * size
            const to = result + (r * whole + p) * size
            gemm.product(from, b, to, whole * size, rows / ROWS, panels, steps, l)
          })
        }),
      )
      space.dense(
        result, raw, filters, whole * size, places * size, high, pitch * size, wide * size, wide,
      ) // prettier-ignore
      space.take(raw, out, start(out) + i * filters * places, filters * places)
    }
  }
  return true
}

/** `out[s, f, c, k] = Σ x[s, n, c, i + k] · y[s, n, f, i]`; says whether it did. */
export function correlate(
  { stacks, images, filters, channels }: Counts,
  grid: Grid,
  x: Operand,
  y: Operand,
  out: Operand,
): boolean {
  const own = toolsFor(out.storage.dtype)
  if (own === null) return false
  const { gemm, size, lanes } = own
  const frame = frameOf(grid)
  const { high, wide, pitch } = frame
  const space = new Workspace(own, frame, channels)
  const { table, image } = space
  const [depth, places] = [channels * frame.offsets.length, high * wide]
  const tall = up(filters, ROWS)
  const whole = up(depth, gemm.columns)
  // A block has some rows of places, or a part of one.
  const rowsAtOnce = Math.max(1, Math.floor(DEPTH / wide))
  const most = Math.min(DEPTH, wide)
  const raw = space.room(Math.max(tall * places, filters * depth))
  const a = space.room(tall * DEPTH)
  const b = space.room(Math.min(whole, PLACES) * DEPTH)
  const result = space.room(tall * whole)
  if (space.open(0) === null) return false
  for (let s = 0; s < stacks; s++) {
    let more = 0
    for (let i = s * images; i < (s + 1) * images; i++) {
      const first = start(x) + (i * x.layout.numel) / (stacks * images)
      space.enter(x, first, channels)
      space.bring(raw, y, start(y) + i * filters * places, filters * places)
      const side = { address: raw, row: places, step: 1 }
      parts(high, rowsAtOnce, (row, rows) =>
        parts(wide, most, (column, count) => {
          const steps = rows * count
          gemm.pack(side, 0, row * wide + column, steps, tall / ROWS, ROWS, a)
          const each = up(count, lanes)
          const back = (each - count) * gemm.columns * size
          const from = image + (row * pitch + column) * size
          parts(whole, PLACES, (q, width) => {
            const panels = width / gemm.columns
            own.across(table + 4 * q, from, b, panels, rows, each, pitch * size, back)
            parts(tall, HEIGHT, (r, height) => {
              const to = result + (r * whole + q) * size
              gemm.product(
                a + r * steps * size,
                b,
                to,
                whole * size,
                height / ROWS,
                panels,
                steps,
                more,
              )
            })
          })
          more = 1
        }),
      )
    }
    space.dense(result, raw, 1, 0, 0, filters, whole * size, depth * size, depth)
    space.take(raw, out, start(out) + s * filters * depth, filters * depth)
  }
  return true
}

/** `out[s, n, c, i + k] = Σ w[s, f, c, k] · y[s, n, f, i]`; says whether it did. */
export function spread(
  { stacks, images, filters, channels }: Counts,
  grid: Grid,
  w: Operand,
  y: Operand,
  out: Operand,
): boolean {
  const own = toolsFor(out.storage.dtype)
  if (own === null) return false
  const { gemm, size, lanes } = own
  const frame = frameOf(grid)
  const { high, wide, pitch, plane } = frame
  const space = new Workspace(own, frame, channels)
  const { table, image } = space
  const [depth, places] = [channels * frame.offsets.length, high * wide]
  const tall = up(depth, ROWS)
  // So many rows of places at a time that their columns stay in a cache.
  const rowsAtOnce = Math.min(high, Math.max(1, Math.floor((PLACES * DEPTH) / (tall * wide))))
  const whole = up(rowsAtOnce * wide, gemm.columns)
  const raw = space.room(filters * Math.max(places, tall))
  const a = space.room(tall * filters)
  const b = space.room(whole * Math.min(DEPTH, filters))
  const columns = space.room(tall * whole)
  const view = space.open(0)
  if (view === null) return false
  for (let s = 0; s < stacks; s++) {
    space.bring(raw, w, start(w) + s * filters * depth, filters * depth)
    const turned = { address: raw, row: 1, step: depth }
    parts(filters, DEPTH, (l, steps) =>
      gemm.pack(turned, 0, l, steps, tall / ROWS, ROWS, a + l * tall * size),
    )
    for (let i = s * images; i < (s + 1) * images; i++) {
      space.bring(raw, y, start(y) + i * filters * places, filters * places)
      const side = { address: raw, row: 1, step: places }
      view.fill(0, image / size, image / size + channels * plane)
      parts(high, rowsAtOnce, (row, rows) => {
        const panels = Math.ceil((rows * wide) / gemm.columns)
        const next = panels * gemm.columns * size
        parts(filters, DEPTH, (l, steps) => {
          gemm.pack(side, row * wide, l, steps, panels, gemm.columns, b)
          parts(tall, HEIGHT, (r, height) => {
            const from = a + (l * tall + r * steps) * size
            gemm.product(from, b, columns + r * next, next, height / ROWS, panels, steps, l)
          })
        })
        own.add(
          table, image + row * pitch * size, columns, depth, rows, Math.ceil(wide / lanes) - 1,
          pitch * size, wide * size, next, space.mask(wide),
        ) // prettier-ignore
      })
      const first = start(out) + (i * out.layout.numel) / (stacks * images)
      space.leave(out, first, channels)
    }
  }
  return true
}
