import { assemble, f64x2, i32, local, loop, simd, types, v128 } from './assembler.ts'
import type { Code, Func } from './assembler.ts'
import type { Kernel } from './engine.ts'
import { advance, countDown, upTo, type Numbers } from './gemm.ts'
import { instantiate } from './memory.ts'

const { i32: I, v128: V } = types
const demote = simd(94)
const promote = simd(95)
const sqrt = f64x2.sqrt
const zero = v128.const(...Array<number>(16).fill(0))
const one = v128.const(...[1, 2].flatMap(() => [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]))
const turned = (x: Code): Code => v128.shuffle(x, x, ...upTo(16).map((i) => (i + 8) % 16))

const { get, set } = local
const [from, numbers, rows, vectors, at, left, sum, other, mean, scale] = upTo(
  16,
) as unknown as Numbers

/**
 * `standardize(at, numbers, rows, vectors)` takes rows of so many vectors to (x − mean) / √(variance + eps), in
 * place. At `numbers` stand, twice each in float64, how many elements a row has, and eps.
 *
 * `inverse(…)` writes 1 / √(variance + eps) instead, in float64, where each row begins.
 */
export function standardizers(
  single: boolean,
): Readonly<Record<'standardize' | 'inverse', Kernel>> {
  const value = v128.load(get(at))
  const halves = single ? [promote(value), promote(turned(value))] : [value]
  const sums = [sum, other]
  /** Goes through the elements of a row, in float64. */
  const each = (visit: (halves: Code[]) => Code): Code => [
    set(at, get(from)),
    set(left, get(vectors)),
    loop([visit(halves), advance(at, i32.const(16))], countDown(left)),
  ]
  /** The sum of what is made of each element, through the number of elements, in both lanes. */
  const average = (to: number, of: (x: Code) => Code): Code => [
    sums.map((s) => set(s, zero)),
    each((xs) => xs.map((x, k) => set(sums[k]!, f64x2.add(get(sums[k]!), of(x))))),
    set(sum, f64x2.add(get(sum), get(other))),
    set(to, f64x2.div(f64x2.add(get(sum), turned(get(sum))), v128.load(get(numbers)))),
  ]
  const centred = (x: Code): Code => f64x2.sub(x, get(mean))
  // Twice the same: the square of a local.
  const square = (x: Code): Code => [set(scale, centred(x)), f64x2.mul(get(scale), get(scale))]
  const statistics = [
    average(mean, (x) => x),
    average(scale, square),
    set(scale, f64x2.div(one, sqrt(f64x2.add(get(scale), v128.load(get(numbers), 16))))),
  ]
  const standard = (xs: Code[]): Code => {
    const [low, high] = xs.map((x) => f64x2.mul(centred(x), get(scale)))
    const bytes = [...upTo(8), ...upTo(8).map((b) => 16 + b)]
    return single ? v128.shuffle(demote(low!), demote(high!), ...bytes) : low!
  }
  const func = (name: string, write: Code): Func => ({
    name,
    params: [I, I, I, I],
    locals: [I, I, V, V, V, V],
    body: loop(
      [statistics, write, advance(from, i32.mul(get(vectors), i32.const(16)))],
      countDown(rows),
    ),
  })
  return instantiate(
    assemble([
      func(
        'standardize',
        each((xs) => v128.store(get(at), standard(xs))),
      ),
      func('inverse', v128.store(get(from), get(scale))),
    ]),
  ) as never
}
