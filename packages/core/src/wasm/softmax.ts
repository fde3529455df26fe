import { assemble, f32x4, f64x2, i32, local, loop, simd, types, v128 } from './assembler.ts'
import type { Code } from './assembler.ts'
import { engine } from './engine.ts'
import { forms } from './functions.ts'
import { BLOCK } from './formulas.ts'
import { instantiate } from './memory.ts'
import * as v from './vectors.ts'

/** `(at, rows, bytes)`: takes the softmax of rows of as many bytes, a multiple of {@link BLOCK}, in place. */
export type SoftmaxRows = (at: number, rows: number, bytes: number) => void

const VECTORS = BLOCK / 16
const [start, rows, bytes, at, end] = [0, 1, 2, 3, 4]
/** The largest elements, then the sums, so far; and the first local that is free. */
const TOP = 5
const TOTAL = TOP + VECTORS
const FREE = TOTAL + 2 * VECTORS

const { i32: I, v128: V } = types

/** The bytes of a vector, from one of them on and round. */
const turned = (x: Code, by: number): Code =>
  v128.shuffle(x, x, ...Array.from({ length: 16 }, (_, i) => (i + by) % 16))
const demote = simd(94)
const promote = simd(95)

/** What stands in each lane, combined into all lanes. */
function across(lanes: number, x: number, combine: (a: Code, b: Code) => Code): Code {
  const whole = local.get(x)
  return [4, 2].map((n) => {
    return n > lanes ? [] : local.set(x, combine(whole, turned(whole, (8 * n) / lanes)))
  })
}

/** Sums are kept in float64. `logarithm` asks for the logarithm of the softmax. */
export function softmaxRows(single: boolean, logarithm: boolean): SoftmaxRows {
  const lanes = single ? f32x4 : f64x2
  const bytesOf = (relaxed: boolean): Uint8Array<ArrayBuffer> => {
    let free = FREE
    const locals: number[] = []
    const part = (vectors: number, body: () => void): Code => {
      const made = v.write(single, relaxed, vectors, free, body)
      free += made.locals.length
      locals.push(...made.locals)
      return made.code
    }
    const each = (code: Code): Code => [
      local.set(at, local.get(start)),
      loop(code, i32.ltU(local.tee(at, i32.add(local.get(at), i32.const(BLOCK))), local.get(end))),
    ]
    const all = <T>(of: (u: number) => T): T[] => Array.from({ length: VECTORS }, (_, u) => of(u))
    const element = (u: number): Code => v128.load(local.get(at), 16 * u)
    const add = f64x2.add

    const begin = part(1, () => {
      const least = v.c(-Infinity)
      const zero = v.c(0)
      for (let u = 0; u < VECTORS; u++) v.append(() => local.set(TOP + u, least[0]!))
      for (let u = 0; u < 2 * VECTORS; u++) v.append(() => local.set(TOTAL + u, zero[0]!))
    })
    const largest = all((u) => local.set(TOP + u, lanes.max(local.get(TOP + u), element(u))))
    const shares = part(VECTORS, () => {
      const x = v.hold(element)
      const below = v.sub(
        x,
        all(() => local.get(TOP)),
      )
      const share = forms['exp']!(below)
      v.append((u) => v128.store(local.get(at), (logarithm ? below : share)[u]!, 16 * u))
      v.append((u) => {
        const [low, high] = [TOTAL + 2 * u, TOTAL + 2 * u + 1]
        const value = share[u]!
        if (!single) return local.set(low, add(local.get(low), value))
        return [
          local.set(low, add(local.get(low), promote(value))),
          local.set(high, add(local.get(high), promote(turned(value, 8)))),
        ]
      })
    })
    const total = local.get(TOTAL)
    const inSingle = local.set(
      TOTAL,
      v128.shuffle(demote(total), total, ...Array.from({ length: 16 }, (_, i) => i % 4)),
    )
    const sumUp: Code = [
      Array.from({ length: 2 * VECTORS - 1 }, (_, u) =>
        local.set(TOTAL, add(total, local.get(TOTAL + u + 1))),
      ),
      across(2, TOTAL, (a, b) => add(a, b)),
      single ? inSingle : [],
    ]
    const logTotal = part(1, () => {
      if (!logarithm) return
      const value = forms['log']!([total])
      v.append(() => local.set(TOTAL, value[0]!))
    })
    const result = logarithm ? lanes.sub : lanes.div
    const body = loop(
      [
        local.set(end, i32.add(local.get(start), local.get(bytes))),
        begin,
        each(largest),
        all((u) => local.set(TOP, lanes.max(local.get(TOP), local.get(TOP + u)))),
        across(lanes.lanes, TOP, (a, b) => lanes.max(a, b)),
        each(shares),
        sumUp,
        logTotal,
        each(all((u) => v128.store(local.get(at), result(element(u), total), 16 * u))),
        local.set(start, local.get(end)),
      ],
      local.tee(rows, i32.sub(local.get(rows), i32.const(1))),
    )
    const own = [I, I, ...Array<number>(FREE - TOP).fill(V)]
    return assemble([{ name: 'run', params: [I, I, I], locals: [...own, ...locals], body }])
  }
  const fused = bytesOf(true)
  return instantiate(engine.validate(fused) ? fused : bytesOf(false))['run'] as SoftmaxRows
}
