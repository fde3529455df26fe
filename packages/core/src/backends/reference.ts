import type { Backend, Convolutions, Fold, Grid, Operand, Rows, Windows } from '../backend.ts'
import { numelOf, type Shape } from '../shape.ts'
import { interpreted, track } from './interpreted.ts'
import { walk, type Track } from './odometer.ts'

const folds: Record<Fold, (values: readonly number[]) => number> = {
  sum: compensatedSum,
  max: (values) => values.reduce((a, b) => Math.max(a, b), -Infinity),
  min: (values) => values.reduce((a, b) => Math.min(a, b), Infinity),
  any: (values) => (values.some((value) => value !== 0) ? 1 : 0),
  all: (values) => (values.every((value) => value !== 0) ? 1 : 0),
}

/** Neumaier's compensated sum: as good as right. */
function compensatedSum(values: readonly number[]): number {
  let sum = 0
  let lost = 0
  for (const value of values) {
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  return Number.isFinite(lost) ? sum + lost : sum
}

const windows: Windows = {
  unfold(x, grid, out) {
    eachInWindow(x, grid, start(out), (element, seen) => {
      out.storage.array[seen] = element < 0 ? 0 : x.storage.array[element]!
    })
  },

  fold(x, grid, out) {
    const add = (sums: Float64Array): void =>
      eachInWindow(out, grid, start(x), (element, seen) => {
        if (element >= 0) sums[element]! += x.storage.array[seen]!
      })
    roundedOnce(out, add, Float64Array.from(out.storage.array))
  },

  maxOfWindows(x, grid, values, { storage, layout }) {
    const size = numelOf(grid.input)
    const best = new Map<number, number>()
    const places = numelOf(grid.output)
    const cells = numelOf(grid.kernel)
    const first = start(x)
    eachInWindow(x, grid, 0, (element, seen) => {
      if (element < 0) return
      const plane = Math.floor(seen / (places * cells))
      const place = plane * places + (seen % places)
      const known = best.get(place)
      const value = x.storage.array[element]!
      const other = known === undefined ? 0 : x.storage.array[known]!
      const wins = known === undefined || value > other || (value !== value && other === other)
      if (wins) best.set(place, element)
    })
    for (let place = 0; place < layout.numel; place++) {
      const element = best.get(place)
      const value = element === undefined ? -Infinity : x.storage.array[element]!
      values.storage.array[start(values) + place] = value
      const at = element === undefined ? 0 : (element - first) % size
      storage.array[start({ storage, layout }) + place] = at
    }
  },
}

const rows: Rows = {
  standardize: (x, eps, out) =>
    eachLine(x.layout.shape.length - 1, [x, out], ([values, results]) => {
      const [centred, scale] = standardization(values!, eps)
      centred.forEach((value, i) => (results![i] = value * scale))
    }),
  inverseDeviation: (x, eps, out) =>
    eachLine(x.layout.shape.length - 1, [x, out], ([values, results]) => {
      results![0] = standardization(values!, eps)[1]
    }),
}

/** The values less their mean, and one through their deviation. */
function standardization(values: number[], eps: number): [centred: number[], scale: number] {
  const meanOf = (terms: readonly number[]): number => compensatedSum(terms) / terms.length
  const mean = meanOf(values)
  const centred = values.map((value) => value - mean)
  return [centred, 1 / Math.sqrt(meanOf(centred.map((value) => value ** 2)) + eps)]
}

const convolutions: Convolutions = {
  convolve(x, w, grid, out) {
    roundedOnce(out, (sums) => {
      eachTerm(x, w, out, grid, (a, b, c) => {
        sums[c]! += x.storage.array[a]! * w.storage.array[b]!
      })
    })
  },

  spread(w, y, grid, out) {
    roundedOnce(out, (sums) => {
      eachTerm(out, w, y, grid, (a, b, c) => {
        sums[a]! += w.storage.array[b]! * y.storage.array[c]!
      })
    })
  },

  correlate(x, y, grid, out) {
    roundedOnce(out, (sums) => {
      eachTerm(x, out, y, grid, (a, b, c) => {
        sums[b]! += x.storage.array[a]! * y.storage.array[c]!
      })
    })
  },
}

/** Sums in float64, from 0 on unless `sums` are given, and rounds at the end. */
function roundedOnce(
  out: Operand,
  add: (sums: Float64Array) => void,
  sums: Float64Array = new Float64Array(out.storage.array.length),
): void {
  const { array } = out.storage
  add(sums)
  walk(out.layout.shape, [track(out)], ([at]) => (array[at!] = sums[at!]!))
}

/** The slow obvious backend: the definition that every other is held to. */
export const reference: Backend = {
  name: 'reference',

  elementwise: interpreted,

  reduce(fold, x, dims, out) {
    const { shape } = x.layout
    const kept = shape.map((_, d) => d).filter((d) => !dims.includes(d))
    const outer: Track = { ...track(out), strides: rowMajor(kept.map((d) => shape[d]!)) }
    walk(
      kept.map((d) => shape[d]!),
      [track(x, kept), outer],
      ([from, to]) => {
        const values: number[] = []
        walk(
          dims.map((d) => shape[d]!),
          [{ ...track(x, dims), offset: from! }],
          ([at]) => {
            values.push(x.storage.array[at!]!)
          },
        )
        out.storage.array[to!] = folds[fold](values)
      },
    )
  },

  argReduce(fold, x, dim, out) {
    const { shape } = x.layout
    const kept = shape.map((_, d) => d).filter((d) => d !== dim)
    const outer: Track = { ...track(out), strides: rowMajor(kept.map((d) => shape[d]!)) }
    walk(
      kept.map((d) => shape[d]!),
      [track(x, kept), outer],
      ([from, to]) => {
        const values = Array.from(
          { length: shape[dim]! },
          (_, i) => x.storage.array[from! + i * x.layout.strides[dim]!]!,
        )
        const best = folds[fold](values)
        out.storage.array[to!] = values.findIndex(
          (value) => Object.is(value, best) || value === best,
        )
      },
    )
  },

  softmax(x, dim, logarithm, out) {
    eachLine(dim, [x, out], ([values, results]) => {
      const top = folds.max(values!)
      const shares = values!.map((value) => Math.exp(value - top))
      const total = compensatedSum(shares)
      shares.forEach((share, i) => {
        results![i] = logarithm ? values![i]! - top - Math.log(total) : share / total
      })
    })
  },

  argSort(x, dim, descending, out) {
    eachLine(dim, [x, out], ([values, places]) => {
      const order = values!.map((_, i) => i)
      order.sort((i, j) => (descending ? -1 : 1) * compare(values![i]!, values![j]!))
      places!.forEach((_, i) => (places![i] = order[i]!))
    })
  },

  recurrence(a, b, dim, reverse, out) {
    const ints = out.storage.dtype === 'int32'
    eachLine(dim, [a, b, out], ([factors, terms, results]) => {
      let carried = 0
      for (let k = 0; k < results!.length; k++) {
        const i = reverse ? results!.length - 1 - k : k
        const factor = k === 0 ? 0 : factors![reverse ? i + 1 : i]!
        const before = ints ? Math.imul(factor, carried) : factor * carried
        carried = k === 0 ? terms![i]! : before + terms![i]!
        results![i] = ints ? (carried |= 0) : carried
      }
    })
  },

  matmul(a, b, out) {
    const { shape, strides } = out.layout
    const ndim = shape.length
    const batch = shape.map((_, d) => d).slice(0, -2)
    const k = a.layout.shape[ndim - 1]!
    const ints = out.storage.dtype === 'int32'
    const at = (x: Operand, from: number, i: number, j: number): number =>
      x.storage.array[from + i * x.layout.strides[ndim - 2]! + j * x.layout.strides[ndim - 1]!]!
    walk(shape.slice(0, -2), [track(a, batch), track(b, batch), track(out, batch)], (from) => {
      for (let i = 0; i < shape[ndim - 2]!; i++) {
        for (let j = 0; j < shape[ndim - 1]!; j++) {
          let sum = 0
          for (let l = 0; l < k; l++) {
            const [p, q] = [at(a, from[0]!, i, l), at(b, from[1]!, l, j)]
            sum = ints ? (sum + Math.imul(p, q)) | 0 : sum + p * q
          }
          out.storage.array[from[2]! + i * strides[ndim - 2]! + j * strides[ndim - 1]!] = sum
        }
      }
    })
  },

  gather(x, dim, index, out) {
    const moved = index.layout.shape.map((_, d) => (d === dim ? 0 : x.layout.strides[d]!))
    const source: Track = { ...track(x), strides: moved }
    walk(index.layout.shape, [source, track(index), track(out)], ([from, at, to]) => {
      const position = index.storage.array[at!]! * x.layout.strides[dim]!
      out.storage.array[to!] = x.storage.array[from! + position]!
    })
  },

  scatterAdd(x, dim, index, out) {
    const moved = index.layout.shape.map((_, d) => (d === dim ? 0 : out.layout.strides[d]!))
    const target: Track = { ...track(out), strides: moved }
    walk(index.layout.shape, [track(x), track(index), target], ([from, at, to]) => {
      const position = index.storage.array[at!]! * out.layout.strides[dim]!
      out.storage.array[to! + position]! += x.storage.array[from!]!
    })
  },

  scatter(x, dim, index, out) {
    const moved = index.layout.shape.map((_, d) => (d === dim ? 0 : out.layout.strides[d]!))
    const target: Track = { ...track(out), strides: moved }
    walk(index.layout.shape, [track(x), track(index), target], ([from, at, to]) => {
      const position = to! + index.storage.array[at!]! * out.layout.strides[dim]!
      out.storage.array[position] = x.storage.array[from!]!
    })
  },

  windows,
  convolutions,
  rows,
}

/** Hands over every line along `dim`, one of each operand; the last one's is written back. */
function eachLine(
  dim: number,
  operands: readonly Operand[],
  visit: (lines: readonly number[][]) => void,
): void {
  const kept = operands[0]!.layout.shape.map((_, d) => d).filter((d) => d !== dim)
  const tracks = operands.map((x) => track(x, kept))
  const place = ({ layout }: Operand, start: number, i: number): number =>
    start + i * layout.strides[dim]!
  walk(
    kept.map((d) => operands[0]!.layout.shape[d]!),
    tracks,
    (starts) => {
      const lines = operands.map((x, k) =>
        Array.from(
          { length: x.layout.shape[dim]! },
          (_, i) => x.storage.array[place(x, starts[k]!, i)]!,
        ),
      )
      visit(lines)
      const last = operands.length - 1
      const out = operands[last]!
      lines[last]!.forEach((value, i) => (out.storage.array[place(out, starts[last]!, i)] = value))
    },
  )
}

/** Numbers as they rise, and NaN after them; below 0 where `a` comes first. */
function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a < b ? -1 : a > b ? 1 : 0
}

function rowMajor(shape: readonly number[]): number[] {
  const strides: number[] = []
  shape.reduceRight((step, size) => (strides.unshift(step), step * size), 1)
  return strides
}

const start = ({ storage, layout }: Operand): number => storage.offset + layout.offset

/**
 * Calls `visit` for each element of the kernel and each window of `x`: with where that element of that
 * window stands, -1 beyond x, and a number that counts up from `first`.
 */
function eachInWindow(
  x: Operand,
  { input, kernel, output, stride, padding, dilation }: Grid,
  first: number,
  visit: (element: number, seen: number) => void,
): void {
  const size = numelOf(input)
  const planes = x.layout.numel / size
  const dims = input.map((_, d) => d)
  let seen = first
  for (let plane = 0; plane < planes; plane++) {
    eachIndex([...kernel, ...output], (index) => {
      const at = dims.map(
        (d) => index[dims.length + d]! * stride[d]! + index[d]! * dilation[d]! - padding[d]!,
      )
      const inside = at.every((i, d) => i >= 0 && i < input[d]!)
      const element = at.reduce((sum, i, d) => sum * input[d]! + i, 0)
      visit(inside ? start(x) + plane * size + element : -1, seen++)
    })
  }
}

/** Calls `visit` with where x, w and y stand in each term of a convolution. */
function eachTerm(
  x: Operand,
  w: Operand,
  y: Operand,
  { input, kernel, output, stride, padding, dilation }: Grid,
  visit: (a: number, b: number, c: number) => void,
): void {
  const at = w.layout.shape.length - input.length - 2
  const stack = w.layout.shape.slice(0, at)
  const [filters, channels] = w.layout.shape.slice(at)
  const images = x.layout.shape[at]!
  const place = (of: Operand, index: readonly number[]): number =>
    index.reduce((sum, i, d) => sum + i * of.layout.strides[d]!, start(of))
  eachIndex([...stack, images, filters!, channels!, ...output, ...kernel], (index) => {
    const s = index.slice(0, at)
    const [n, f, c] = index.slice(at)
    const i = index.slice(at + 3, at + 3 + input.length)
    const k = index.slice(at + 3 + input.length)
    const seen = i.map((_, d) => i[d]! * stride[d]! + k[d]! * dilation[d]! - padding[d]!)
    if (seen.some((p, d) => p < 0 || p >= input[d]!)) return
    visit(
      place(x, [...s, n!, c!, ...seen]),
      place(w, [...s, f!, c!, ...k]),
      place(y, [...s, n!, f!, ...i]),
    )
  })
}

function eachIndex(shape: Shape, visit: (index: readonly number[]) => void): void {
  const strides = rowMajor(shape)
  for (let i = 0; i < numelOf(shape); i++) {
    visit(shape.map((size, d) => Math.floor(i / strides[d]!) % size))
  }
}
