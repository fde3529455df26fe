import type { Operand } from '../backend.ts'
import type { Shape } from '../shape.ts'
import { walk, type Track } from './odometer.ts'

/**
 * A walk over operands of one shape, row by row: dimensions that run together are joined first, and
 * the longest becomes the rows where these would be short.
 */
export interface Rows {
  /** How many elements a row has. */
  readonly length: number
  /** How far each operand moves from element to element of a row. */
  readonly steps: readonly number[]
  /** Calls `visit` with the operands' positions at the start of each row; the array is reused. */
  each(visit: (starts: number[]) => void): void
}

/** Rows of fewer elements than this cost more to begin than to run through. */
const SHORT = 32

/** Sizes of the dimensions that are left when those are joined that run together in all operands. */
export interface Joined {
  readonly sizes: number[]
  /** Of each operand. */
  readonly strides: number[][]
}

/** Joins dimensions of `shape`, the shape of all operands, and leaves out those of size 1. */
export function joinDims(shape: Shape, operands: readonly Operand[]): Joined {
  const sizes: number[] = []
  const strides: number[][] = operands.map(() => [])
  for (let d = 0; d < shape.length; d++) {
    const size = shape[d]!
    if (size === 1) continue
    const last = sizes.length - 1
    let joins = last >= 0
    for (let k = 0; joins && k < operands.length; k++) {
      joins = strides[k]![last] === operands[k]!.layout.strides[d]! * size
    }
    if (joins) sizes[last]! *= size
    else sizes.push(size)
    const at = sizes.length - 1
    for (let k = 0; k < operands.length; k++) strides[k]![at] = operands[k]!.layout.strides[d]!
  }
  return { sizes, strides }
}

/** `inOrder` keeps to row-major order. */
export function rowsOf(shape: Shape, operands: readonly Operand[], inOrder = false): Rows {
  const { sizes, strides } = joinDims(shape, operands)
  const last = sizes.length - 1
  if (!inOrder && sizes[last]! < SHORT) {
    const longest = sizes.indexOf(Math.max(...sizes))
    for (const list of [sizes, ...strides]) {
      const size = list[longest]!
      list[longest] = list[last]!
      list[last] = size
    }
  }
  const length = sizes.pop() ?? 1
  const steps = strides.map((own) => own[sizes.length] ?? 0)
  const tracks: Track[] = operands.map(({ storage, layout }, k) => ({
    strides: strides[k]!,
    offset: storage.offset + layout.offset,
  }))
  return { length, steps, each: (visit) => walk(sizes, tracks, visit) }
}
