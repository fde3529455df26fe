import { assemble, f64x2, i32, local, loop, simd, types, v128, type Code } from './assembler.ts'
import { instantiate } from './memory.ts'

const { i32: I, v128: V } = types
const promote = simd(95)
const zero = v128.const(...Array<number>(16).fill(0))
const upper = (x: Code): Code =>
  v128.shuffle(x, x, ...Array.from({ length: 16 }, (_, i) => (i + 8) % 16))

/** Bytes that are read at once, in float32. */
export const STEP = 64
const VECTORS = STEP / 16
/** Two sums of float64 for each. */
const SUMS = 2 * VECTORS

/** Sums in float64 of what are elements of float32, in the kernels' memory. */
export interface Sums {
  /** `(from, to, rows, bytes)`: of each row of as many bytes, a multiple of {@link STEP}, two halves. */
  readonly ofRows: (from: number, to: number, rows: number, bytes: number) => void
  /** `(from, to, rows, bytes, pitch)`: of the columns that so many bytes of a row hold; rows are `pitch` apart. */
  readonly ofColumns: (from: number, to: number, rows: number, bytes: number, pitch: number) => void
}

/** Throws where there is no WebAssembly, or none with vectors. */
export function makeSums(): Sums {
  const [from, to, rows, bytes, pitch] = [0, 1, 2, 3, 4]
  const advance = (index: number, by: Code): Code => local.set(index, i32.add(local.get(index), by))
  const down = (index: number): Code => local.tee(index, i32.sub(local.get(index), i32.const(1)))
  const each = (of: (k: number) => Code): Code => Array.from({ length: SUMS }, (_, k) => of(k))
  const clear = (first: number): Code => each((k) => local.set(first + k, zero))
  /** Adds the elements at an address: of vector k the lower two to one sum, the upper two to the next. */
  const addAll = (first: number, value: number, at: number): Code =>
    Array.from({ length: VECTORS }, (_, u) => {
      const [low, high] = [first + 2 * u, first + 2 * u + 1]
      return [
        local.set(value, v128.load(local.get(at), 16 * u)),
        local.set(low, f64x2.add(local.get(low), promote(local.get(value)))),
        local.set(high, f64x2.add(local.get(high), promote(upper(local.get(value))))),
      ]
    })

  const row = { end: 4, value: 5, sums: 6 }
  const ofRows = {
    name: 'ofRows',
    params: [I, I, I, I],
    locals: [I, ...Array<number>(SUMS + 1).fill(V)],
    body: loop(
      [
        clear(row.sums),
        local.set(row.end, i32.add(local.get(from), local.get(bytes))),
        loop(
          [addAll(row.sums, row.value, from), advance(from, i32.const(STEP))],
          i32.ltU(local.get(from), local.get(row.end)),
        ),
        // In pairs, and pairs of pairs.
        [4, 2, 1].map((n) =>
          Array.from({ length: n }, (_, k) =>
            local.set(
              row.sums + k,
              f64x2.add(local.get(row.sums + k), local.get(row.sums + k + n)),
            ),
          ),
        ),
        v128.store(local.get(to), local.get(row.sums)),
        advance(to, i32.const(16)),
      ],
      down(rows),
    ),
  }
  const column = { at: 5, left: 6, value: 7, sums: 8 }
  const ofColumns = {
    name: 'ofColumns',
    params: [I, I, I, I, I],
    locals: [I, I, ...Array<number>(SUMS + 1).fill(V)],
    body: loop(
      [
        clear(column.sums),
        local.set(column.at, local.get(from)),
        local.set(column.left, local.get(rows)),
        loop(
          [addAll(column.sums, column.value, column.at), advance(column.at, local.get(pitch))],
          down(column.left),
        ),
        each((k) => v128.store(local.get(to), local.get(column.sums + k), 16 * k)),
        advance(to, i32.const(16 * SUMS)),
        advance(from, i32.const(STEP)),
      ],
      local.tee(bytes, i32.sub(local.get(bytes), i32.const(STEP))),
    ),
  }
  return instantiate(assemble([ofRows, ofColumns])) as unknown as Sums
}
