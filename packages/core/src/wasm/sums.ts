import {
  assemble,
  f32x4,
  f64x2,
  i32,
  local,
  loop,
  simd,
  types,
  v128,
  when,
  type Code,
  type Func,
} from './assembler.ts'
import { advance, countDown, upTo, type Numbers } from './gemm.ts'
import { instantiate } from './memory.ts'

const { i32: I, v128: V } = types
const promote = simd(95)
const zero = v128.const(...Array<number>(16).fill(0))
const turned = Array.from({ length: 16 }, (_, i) => (i + 8) % 16)

/** Elements of float32 that are read at once. */
export const WIDTH = 16
const VECTORS = WIDTH / 4

/**
 * `(from, to, whole, rest, rows)`: sums in float64 of rows of float32, which lie one after the other in the
 * kernels' memory: each of `whole` times {@link WIDTH} elements and `rest` more. Behind the sums it writes one
 * more element.
 */
export type SumRows = (from: number, to: number, whole: number, rest: number, rows: number) => void

/**
 * `(from, to, rows, groups, pitch, step)`: sums in float64 of columns of float32, in the kernels' memory:
 * for each of so many groups, {@link WIDTH} columns of as many rows, `pitch` bytes apart. From one group to
 * the next it is `step` bytes.
 */
export type SumColumns = (
  from: number,
  to: number,
  rows: number,
  groups: number,
  pitch: number,
  step: number,
) => void

export interface Sums {
  readonly rows: SumRows
  readonly columns: SumColumns
}

/** Throws where there is no WebAssembly, or none with vectors. */
export function sums(): Sums {
  return instantiate(assemble([rowSums(), columnSums()])) as unknown as Sums
}

/** Sums of a few columns, from the local `first` on. */
const SUMS = 2 * VECTORS
const each = (first: number, of: (sum: number, k: number) => Code): Code =>
  upTo(SUMS).map((k) => of(first + k, k))

const clear = (first: number): Code => each(first, (sum) => local.set(sum, zero))

/** Adds the elements at an address: of each vector the lower two to one sum, the upper two to the next. */
const addAt = (at: number, value: number, first: number): Code =>
  each(first, (sum, k) => {
    const x = local.get(value)
    const half = k % 2 === 0 ? x : v128.shuffle(x, x, ...turned)
    return [
      k % 2 === 0 ? local.set(value, v128.load(local.get(at), 8 * k)) : [],
      local.set(sum, f64x2.add(local.get(sum), promote(half))),
    ]
  })

function rowSums(): Func {
  const [from, to, whole, rest, rows, left, value, first] = upTo(16) as unknown as Numbers
  const sum = (k: number): Code => local.get(first + k)
  const halves = [4, 2, 1].flatMap((n) =>
    upTo(n).map((k) => local.set(first + k, f64x2.add(sum(k), sum(k + n)))),
  )
  const body = loop(
    [
      clear(first),
      local.set(left, local.get(whole)),
      when(
        local.get(left),
        loop([addAt(from, value, first), advance(from, i32.const(4 * WIDTH))], countDown(left)),
      ),
      // In pairs, and pairs of pairs, into both lanes of the first.
      halves,
      local.set(first, f64x2.add(sum(0), v128.shuffle(sum(0), sum(0), ...turned))),
      local.set(left, local.get(rest)),
      when(
        local.get(left),
        loop(
          [
            local.set(first, f64x2.add(sum(0), promote(f32x4.loadSplat(local.get(from))))),
            advance(from, i32.const(4)),
          ],
          countDown(left),
        ),
      ),
      v128.store(local.get(to), sum(0)),
      advance(to, i32.const(8)),
    ],
    countDown(rows),
  )
  const locals = [I, ...Array<number>(1 + SUMS).fill(V)]
  return { name: 'rows', params: [I, I, I, I, I], locals, body }
}

function columnSums(): Func {
  const [from, to, rows, groups, pitch, step, at, left, value, first] = upTo(
    16,
  ) as unknown as Numbers
  const body = loop(
    [
      clear(first),
      local.set(at, local.get(from)),
      local.set(left, local.get(rows)),
      loop([addAt(at, value, first), advance(at, local.get(pitch))], countDown(left)),
      each(first, (sum, k) => v128.store(local.get(to), local.get(sum), 16 * k)),
      advance(to, i32.const(8 * WIDTH)),
      advance(from, local.get(step)),
    ],
    countDown(groups),
  )
  const locals = [I, I, ...Array<number>(1 + SUMS).fill(V)]
  return { name: 'columns', params: [I, I, I, I, I, I], locals, body }
}
