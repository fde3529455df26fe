import type { Operand } from '../backend.ts'
import { walk } from './odometer.ts'

/** Numbers to sort, and what is sorted with them. */
interface Line {
  readonly keys: Float64Array
  readonly order: Int32Array
}

const lineOf = (n: number): Line => ({ keys: new Float64Array(n), order: new Int32Array(n) })

/** See {@link Backend.argSort}: the numbers of each line are sorted by merging, NaN stands aside. */
export function argSort(x: Operand, dim: number, descending: boolean, out: Operand): void {
  const { shape } = x.layout
  const n = shape[dim]!
  const count = out.layout.shape[dim]!
  const array = x.storage.array
  const target = out.storage.array
  const along = x.layout.strides[dim]!
  const step = out.layout.strides[dim]!
  const line = lineOf(n)
  const spare = lineOf(n)
  const broken = new Int32Array(n)
  const tracks = [x, out].map(({ storage, layout }) => ({
    strides: layout.strides.toSpliced(dim, 1),
    offset: storage.offset + layout.offset,
  }))
  walk(shape.toSpliced(dim, 1), tracks, ([from, to]) => {
    let numbers = 0
    let nans = 0
    for (let i = 0; i < n; i++) {
      const value = array[from! + i * along]!
      if (value === value) {
        line.keys[numbers] = descending ? -value : value
        line.order[numbers++] = i
      } else {
        broken[nans++] = i
      }
    }
    const { order } = mergeSort(line, spare, numbers)
    const first = descending ? nans : 0
    for (let i = 0; i < count; i++) {
      const k = i - first
      target[to! + i * step] = k < 0 ? broken[i]! : k < numbers ? order[k]! : broken[k - numbers]!
    }
  })
}

/** Runs of this many elements are sorted by insertion, which is faster there. */
const RUN = 8

/** Sorts the first `n` of a line, stably; returns the line, or the spare one, that holds the result. */
function mergeSort(line: Line, spare: Line, n: number): Line {
  for (let start = 0; start < n; start += RUN) insertionSort(line, start, Math.min(start + RUN, n))
  let from = line
  let to = spare
  for (let width = RUN; width < n; width *= 2) {
    for (let left = 0; left < n; left += 2 * width) {
      merge(from, to, left, Math.min(left + width, n), Math.min(left + 2 * width, n))
    }
    ;[from, to] = [to, from]
  }
  return from
}

function insertionSort({ keys, order }: Line, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const key = keys[i]!
    const index = order[i]!
    let k = i
    for (; k > start && keys[k - 1]! > key; k--) {
      keys[k] = keys[k - 1]!
      order[k] = order[k - 1]!
    }
    keys[k] = key
    order[k] = index
  }
}

/** Merges two neighbouring runs; of equal elements the left one goes first. */
function merge({ keys, order }: Line, to: Line, left: number, middle: number, end: number): void {
  let i = left
  let j = middle
  for (let k = left; k < end; k++) {
    const next = j === end || (i < middle && keys[i]! <= keys[j]!) ? i++ : j++
    to.keys[k] = keys[next]!
    to.order[k] = order[next]!
  }
}
