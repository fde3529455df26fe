import type { Operand, Rows } from '../backend.ts'
import type { TypedArray } from '../dtype.ts'
import { specialized } from './specialize.ts'

/** Runs many elements, if it can: says whether it did. */
export type RunStandardize = (x: Operand, eps: number, inverse: boolean, out: Operand) => boolean

let inVectors: RunStandardize | null = null

/** Offers rows of many elements to `run` from now on. */
export function useStandardize(run: RunStandardize | null): void {
  inVectors = run
}

/** From so many elements on it pays to carry them to the memory of other kernels and back. */
const MANY = 512

const runs = specialized(function standardizeRows(
  x: TypedArray,
  start: number,
  rows: number,
  n: number,
  eps: number,
  inverse: boolean,
  y: TypedArray,
  to: number,
): void {
  for (let row = 0; row < rows; row++, start += n) {
    let mean = 0
    let variance = 0
    // In parts, so that what is rounded off grows with their number and length only.
    for (let from = 0; from < n; from += 128) {
      let part = 0
      for (let i = from; i < n && i < from + 128; i++) part += x[start + i]!
      mean += part
    }
    mean /= n
    for (let from = 0; from < n; from += 128) {
      let part = 0
      for (let i = from; i < n && i < from + 128; i++) part += (x[start + i]! - mean) ** 2
      variance += part
    }
    const scale = 1 / Math.sqrt(variance / n + eps)
    if (inverse) y[to + row] = scale
    else for (let i = 0; i < n; i++) y[to + row * n + i] = (x[start + i]! - mean) * scale
  }
})

function runRows(x: Operand, eps: number, inverse: boolean, out: Operand): void {
  const { storage, layout } = x
  if (layout.numel === 0) return
  if (layout.numel >= MANY && inVectors?.(x, eps, inverse, out)) return
  const n = layout.shape.at(-1)!
  const start = storage.offset + layout.offset
  const to = out.storage.offset + out.layout.offset
  const each = runs(storage.dtype)
  each(storage.array, start, layout.numel / n, n, eps, inverse, out.storage.array, to)
}

/** See {@link Rows}. */
export const rows: Rows = {
  standardize: (x, eps, out) => runRows(x, eps, false, out),
  inverseDeviation: (x, eps, out) => runRows(x, eps, true, out),
}
