import type { Fold, Operand } from '../backend.ts'
import { Layout } from '../layout.ts'
import { numelOf } from '../shape.ts'
import { Storage } from '../storage.ts'
import type { TypedArray } from '../dtype.ts'
import { walk } from './odometer.ts'
import { specialized } from './specialize.ts'

type FoldRun = (x: TypedArray, start: number, n: number, stride: number, sign: number) => number

/**
 * Pairwise sum: blocks of 128 are summed by four running sums and then sums in pairs, like a
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

/** The largest element, or, negated, the smallest one: `sign` is 1 or -1. */
function extremeRun(x: TypedArray, start: number, n: number, stride: number, sign: number): number {
  let [a, b] = [-Infinity, -Infinity]
  let at = start
  // Two at once, as each step waits for the one before.
  for (let two = n >> 1; two > 0; two--, at += 2 * stride) {
    a = Math.max(a, sign * x[at]!)
    b = Math.max(b, sign * x[at + stride]!)
  }
  return sign * Math.max(a, b, n % 2 === 1 ? sign * x[at]! : a)
}

function anyRun(x: TypedArray, start: number, n: number, stride: number): number {
  for (let i = 0; i < n; i++) if (x[start + i * stride] !== 0) return 1
  return 0
}

function allRun(x: TypedArray, start: number, n: number, stride: number): number {
  for (let i = 0; i < n; i++) if (x[start + i * stride] === 0) return 0
  return 1
}

const extremes = specialized(extremeRun)
const runs: Record<Fold, (dtype: string) => FoldRun> = {
  sum: specialized(sumRun),
  max: extremes,
  min: extremes,
  any: specialized(anyRun),
  all: specialized(allRun),
}

/**
 * Adds `n` rows of as many elements as there are sums, `step` apart: in blocks of 128, four at a time, and
 * blocks in pairs.
 */
function sumRows(x: TypedArray, start: number, n: number, step: number, sums: Float64Array): void {
  const width = sums.length
  if (n <= 128) {
    let at = start
    for (let four = n >> 2; four > 0; four--, at += 4 * step) {
      const [b, c, d] = [at + step, at + 2 * step, at + 3 * step]
      for (let j = 0; j < width; j++) sums[j]! += x[at + j]! + x[b + j]! + (x[c + j]! + x[d + j]!)
    }
    for (let rest = n % 4; rest > 0; rest--, at += step) {
      for (let j = 0; j < width; j++) sums[j]! += x[at + j]!
    }
    return
  }
  let half = 128
  while (2 * half < n) half *= 2
  const others = new Float64Array(width)
  sumRows(x, start, half, step, sums)
  sumRows(x, start + half * step, n - half, step, others)
  for (let j = 0; j < width; j++) sums[j]! += others[j]!
}

/** The smallest element is the largest one negated. */
const signOf = (fold: Fold): number => (fold === 'min' ? -1 : 1)

/** Where sums lie side by side, whole rows of elements are added at once, as memory is read in rows. */
const sideBySide = specialized(sumRows)

/** Narrower rows are summed one result at a time. */
const NARROW = 4

/**
 * Sums over the middle of `outer` × `length` × `width` elements that lie one after the other, if it can: says
 * whether it did.
 */
export type RunSums = (
  x: TypedArray,
  start: number,
  outer: number,
  length: number,
  width: number,
  out: TypedArray,
  to: number,
) => boolean

let inVectors: RunSums | null = null

/** Offers sums of many elements to `run` from now on. */
export function useSums(run: RunSums | null): void {
  inVectors = run
}

/** From so many elements on it pays to carry them to the memory of other kernels. */
const MANY = 512

/** See {@link Backend.reduce}: every result is folded from one strided run of the input. */
export function reduce(fold: Fold, x: Operand, dims: readonly number[], out: Operand): void {
  const { layout, storage } = x
  const { shape, strides, isContiguous } = layout
  const { array } = storage
  // The last dims that make one run.
  let first = dims.length - 1
  if (isContiguous) while (first > 0 && dims[first - 1] === dims[first]! - 1) first--
  if (first > 0) {
    // They come first; what is left is rounded at the end only.
    const rest = shape.filter((_, d) => dims.indexOf(d) < first)
    const partial: Operand = {
      storage: Storage.allocate('float64', numelOf(rest)),
      layout: Layout.contiguous(rest),
    }
    reduce(fold, x, dims.slice(first), partial)
    reduce(fold, partial, dims.slice(0, first), out)
    return
  }
  const run = runs[fold](storage.dtype)
  const sign = signOf(fold)
  const target = out.storage.array
  const start = storage.offset + layout.offset
  let to = out.storage.offset + out.layout.offset
  const d = dims[0] ?? shape.length
  // A run has `length` elements, `step` apart; `width` of them begin side by side.
  let length = 1
  let step = strides[d] ?? 0
  let width = 1
  let kept: number[] = []
  if (isContiguous) {
    for (let i = d; i < shape.length; i++) {
      if (i < d + dims.length) length *= shape[i]!
      else width *= shape[i]!
    }
    step = width
  } else {
    length = shape[d] ?? 1
    kept = shape.map((_, i) => i).filter((i) => i !== d)
    while (strides[kept.at(-1)!] === width) width *= shape[kept.pop()!]!
  }
  const { numel } = out.layout
  const isMany = isContiguous && fold === 'sum' && layout.numel >= MANY
  if (isMany && inVectors?.(array, start, numel / width, length, width, target, to)) return
  const sums = fold === 'sum' && width >= NARROW ? new Float64Array(width) : null
  const foldRuns = (from: number): void => {
    if (sums !== null) {
      sideBySide(storage.dtype)(array, from, length, step, sums.fill(0))
      for (let j = 0; j < width; j++) target[to + j] = sums[j]!
    } else {
      for (let j = 0; j < width; j++) target[to + j] = run(array, from + j, length, step, sign)
    }
    to += width
  }
  if (isContiguous) {
    for (let i = 0; i < numel; i += width) foldRuns(start + i * length)
  } else {
    const track = { strides: kept.map((i) => strides[i]!), offset: start }
    walk(
      kept.map((i) => shape[i]!),
      [track],
      ([from]) => foldRuns(from!),
    )
  }
}

/** Where the largest element stands, or, negated, the smallest one. */
function argRun(x: TypedArray, start: number, n: number, stride: number, sign: number): number {
  let best = 0
  let value = sign * x[start]!
  for (let i = 1; i < n && value === value; i++) {
    const next = sign * x[start + i * stride]!
    if (next > value || next !== next) {
      best = i
      value = next
    }
  }
  return best
}

const argRuns = specialized(argRun)

/** See {@link Backend.argReduce}. */
export function argReduce(fold: 'max' | 'min', x: Operand, dim: number, out: Operand): void {
  const { storage, layout } = x
  const { shape, strides } = layout
  const run = argRuns(storage.dtype)
  const sign = signOf(fold)
  const track = {
    strides: strides.toSpliced(dim, 1),
    offset: storage.offset + layout.offset,
  }
  let to = out.storage.offset + out.layout.offset
  walk(shape.toSpliced(dim, 1), [track], ([from]) => {
    out.storage.array[to++] = run(storage.array, from!, shape[dim]!, strides[dim]!, sign)
  })
}
