import { assemble, f64x2, i32, local, loop, simd, types, v128, type Code } from './assembler.ts'
import { instantiate } from './memory.ts'

const { i32: I, v128: V } = types
const promote = simd(95)
const zero = v128.const(...Array<number>(16).fill(0))
const turned = Array.from({ length: 16 }, (_, i) => (i + 8) % 16)

/** Elements of float32 that are read at once. */
export const WIDTH = 16
const VECTORS = WIDTH / 4

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

/** Throws where there is no WebAssembly, or none with vectors. */
export function sumColumns(): SumColumns {
  const [from, to, rows, groups, pitch, step, at, left, value, sums] = Array.from(
    { length: 10 },
    (_, i) => i,
  ) as unknown as readonly [...Five, ...Five]
  const advance = (index: number, by: Code): Code => local.set(index, i32.add(local.get(index), by))
  const down = (index: number): Code => local.tee(index, i32.sub(local.get(index), i32.const(1)))
  const each = (of: (sum: number, k: number) => Code): Code =>
    Array.from({ length: 2 * VECTORS }, (_, k) => of(sums + k, k))
  // Of each vector the lower two elements go to one sum, the upper two to the next.
  const add = each((sum, k) => {
    const x = local.get(value)
    const half = k % 2 === 0 ? x : v128.shuffle(x, x, ...turned)
    return [
      k % 2 === 0 ? local.set(value, v128.load(local.get(at), 8 * k)) : [],
      local.set(sum, f64x2.add(local.get(sum), promote(half))),
    ]
  })
  const body = loop(
    [
      each((sum) => local.set(sum, zero)),
      local.set(at, local.get(from)),
      local.set(left, local.get(rows)),
      loop([add, advance(at, local.get(pitch))], down(left)),
      each((sum, k) => v128.store(local.get(to), local.get(sum), 16 * k)),
      advance(to, i32.const(8 * WIDTH)),
      advance(from, local.get(step)),
    ],
    down(groups),
  )
  const locals = [I, I, V, ...Array<number>(2 * VECTORS).fill(V)]
  const run = { name: 'run', params: [I, I, I, I, I, I], locals, body }
  return instantiate(assemble([run]))['run'] as SumColumns
}

type Five = [number, number, number, number, number]
