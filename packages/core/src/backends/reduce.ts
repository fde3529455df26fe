import type { Fold, Operand } from '../backend.ts'
import { Layout } from '../layout.ts'
import { numelOf } from '../shape.ts'
import { Storage } from '../storage.ts'
import type { TypedArray } from '../dtype.ts'
import { walk } from './odometer.ts'
import { rowsOf } from './rows.ts'
import { specialized } from './specialize.ts'

type FoldRun = (x: TypedArray, start: number, n: number, stride: number) => number

/**
 * Pairwise sum: blocks of 128 are summed by four running sums and then folded in pairs, like a
 * binary counter carries, so that the error grows with log n and the order never changes.
 */
function sumRun(x: TypedArray, start: number, n: number, stride: number): number {
  if (n < 8) {
    let sum = 0
    for (let i = 0; i < n; i++) sum += x[start + i * stride]!
    return sum
  }
  const partial: number[] = []
  let blocks = 0
  let at = start
  for (let left = n; left > 0; left -= 128) {
    const size = left < 128 ? left : 128
    let a = 0
    let b = 0
    let c = 0
    let d = 0
    // Counted, as with stride 0 the place never changes.
    for (let four = size >> 2; four > 0; four--, at += 4 * stride) {
      a += x[at]!
      b += x[at + stride]!
      c += x[at + 2 * stride]!
      d += x[at + 3 * stride]!
    }
    let sum = a + b + (c + d)
    for (let rest = size % 4; rest > 0; rest--, at += stride) sum += x[at]!
    if (n <= 128) return sum
    let carry = blocks++
    for (; carry % 2 === 1; carry = (carry - 1) / 2) sum = partial.pop()! + sum
    partial.push(sum)
  }
  let total = partial.pop()!
  while (partial.length > 0) total = partial.pop()! + total
  return total
}

function maxRun(x: TypedArray, start: number, n: number, stride: number): number {
  let best = -Infinity
  for (let i = 0; i < n; i++) best = Math.max(best, x[start + i * stride]!)
  return best
}

function minRun(x: TypedArray, start: number, n: number, stride: number): number {
  let best = Infinity
  for (let i = 0; i < n; i++) best = Math.min(best, x[start + i * stride]!)
  return best
}

function anyRun(x: TypedArray, start: number, n: number, stride: number): number {
  for (let i = 0; i < n; i++) if (x[start + i * stride] !== 0) return 1
  return 0
}

function allRun(x: TypedArray, start: number, n: number, stride: number): number {
  for (let i = 0; i < n; i++) if (x[start + i * stride] === 0) return 0
  return 1
}

const runs: Record<Fold, (dtype: string) => FoldRun> = {
  sum: specialized(sumRun),
  max: specialized(maxRun),
  min: specialized(minRun),
  any: specialized(anyRun),
  all: specialized(allRun),
}

/** See {@link Backend.reduce}: every result is folded from one strided run of the input. */
export function reduce(fold: Fold, x: Operand, dims: readonly number[], out: Operand): void {
  const { layout, storage } = x
  const { shape } = layout
  const run = runs[fold](storage.dtype)
  const target = out.storage.array
  let to = out.storage.offset + out.layout.offset
  if (layout.isContiguous && dims.length === shape.length) {
    target[to] = run(storage.array, storage.offset + layout.offset, layout.numel, 1)
    return
  }
  if (out.layout.numel === 0) return
  // One dimension is a run by itself.
  let [length, step] = [shape[dims[0]!]!, layout.strides[dims[0]!]!]
  if (dims.length !== 1) {
    const rows = rowsOf(
      dims.map((d) => shape[d]!),
      [view(x, layout.permute(dims))],
    )
    length = dims.reduce((product, d) => product * shape[d]!, 1)
    step = rows.steps[0]!
    if (rows.length !== length) {
      // The dimensions don't run together: the last ones that do come first, rounded at the end only.
      let first = dims.length - 1
      const joins = (d: number, next: number): boolean =>
        layout.strides[d] === layout.strides[next]! * shape[next]!
      while (joins(dims[first - 1]!, dims[first]!)) first--
      const inner = dims.slice(first)
      const rest = shape.filter((_, d) => !inner.includes(d))
      const partial: Operand = {
        storage: Storage.allocate('float64', numelOf(rest)),
        layout: Layout.contiguous(rest),
      }
      reduce(fold, x, inner, partial)
      reduce(fold, partial, dims.slice(0, first), out)
      return
    }
  }
  const kept = shape.map((_, d) => d).filter((d) => !dims.includes(d))
  const from = {
    strides: kept.map((d) => layout.strides[d]!),
    offset: storage.offset + layout.offset,
  }
  walk(
    kept.map((d) => shape[d]!),
    [from],
    (positions) => {
      target[to++] = run(storage.array, positions[0]!, length, step)
    },
  )
}

function view({ storage }: Operand, layout: Layout): Operand {
  return { storage, layout }
}

function argMaxRun(x: TypedArray, start: number, n: number, stride: number): number {
  let best = 0
  let value = x[start]!
  for (let i = 1; i < n && value === value; i++) {
    const next = x[start + i * stride]!
    if (next > value || next !== next) {
      best = i
      value = next
    }
  }
  return best
}

function argMinRun(x: TypedArray, start: number, n: number, stride: number): number {
  let best = 0
  let value = x[start]!
  for (let i = 1; i < n && value === value; i++) {
    const next = x[start + i * stride]!
    if (next < value || next !== next) {
      best = i
      value = next
    }
  }
  return best
}

const argRuns = { max: specialized(argMaxRun), min: specialized(argMinRun) }

/** See {@link Backend.argReduce}. */
export function argReduce(fold: 'max' | 'min', x: Operand, dim: number, out: Operand): void {
  const { storage, layout } = x
  const { shape, strides } = layout
  const run = argRuns[fold](storage.dtype)
  const kept = shape.map((_, d) => d).filter((d) => d !== dim)
  const from = { strides: kept.map((d) => strides[d]!), offset: storage.offset + layout.offset }
  let to = out.storage.offset + out.layout.offset
  walk(
    kept.map((d) => shape[d]!),
    [from],
    (positions) => {
      out.storage.array[to++] = run(storage.array, positions[0]!, shape[dim]!, strides[dim]!)
    },
  )
}
