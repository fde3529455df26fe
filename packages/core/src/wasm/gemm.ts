import type { Code, FloatLanes, Func } from './assembler.ts'
import { i32, local, loop, types, v128, when } from './assembler.ts'

/** A tile of the result, which stays in registers: rows, and columns in vectors. */
export const ROWS = 4
export const VECTORS = 2

const { i32: I, v128: V } = types
const zero = v128.const(...Array<number>(16).fill(0))

/** Locals, by number: more than are ever named. */
export type Numbers = readonly [...Eight, ...Eight]
type Eight = [number, number, number, number, number, number, number, number]

export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

export const advance = (index: number, by: Code): Code =>
  local.set(index, i32.add(local.get(index), by))

/** Counts a local down; the code of what is left. */
export const countDown = (index: number, by = 1): Code =>
  local.tee(index, i32.sub(local.get(index), i32.const(by)))

/**
 * `along(from, to, panels, steps, stride)` writes panels of `width` rows, one after the other,
 * their rows interleaved, so that a product reads memory in order. Here the elements of one step lie side
 * by side, and steps are `stride` bytes apart.
 */
export function packAlong(vectors: number): Func {
  const [from, to, panels, steps, stride, at, left] = upTo(16) as unknown as Numbers
  return {
    name: `along${vectors}`,
    params: [I, I, I, I, I],
    locals: [I, I],
    body: loop(
      [
        local.set(at, local.get(from)),
        local.set(left, local.get(steps)),
        loop(
          [
            upTo(vectors).map((v) =>
              v128.store(local.get(to), v128.load(local.get(at), 16 * v), 16 * v),
            ),
            advance(at, local.get(stride)),
            advance(to, i32.const(16 * vectors)),
          ],
          countDown(left),
        ),
        advance(from, i32.const(16 * vectors)),
      ],
      countDown(panels),
    ),
  }
}

/**
 * `across(from, to, panels, steps, stride, back)` does the same where the elements of one row lie side by side,
 * and rows are `stride` bytes apart. Steps come in multiples of the
 * lanes; behind each panel it goes `back` by what is too much, which the next panel overwrites.
 */
export function packAcross({ lanes, size }: FloatLanes, vectors: number): Func {
  const [from, to, panels, steps, stride, back, at, left, row, first] = upTo(
    16,
  ) as unknown as Numbers
  const width = vectors * lanes
  return {
    name: `across${vectors}`,
    params: [I, I, I, I, I, I],
    locals: [I, I, I, ...upTo(lanes).map(() => V)],
    body: loop(
      [
        local.set(at, local.get(from)),
        local.set(left, local.get(steps)),
        loop(
          [
            local.set(row, local.get(at)),
            upTo(vectors).map((v) => [
              upTo(lanes).map((r) => [
                local.set(first + r, v128.load(local.get(row))),
                advance(row, local.get(stride)),
              ]),
              upTo(lanes).map((step) =>
                v128.store(
                  local.get(to),
                  columnOf(size, first, step),
                  16 * v + step * 16 * vectors,
                ),
              ),
            ]),
            advance(at, i32.const(16)),
            advance(to, i32.const(16 * width)),
          ],
          countDown(left, lanes),
        ),
        advance(from, i32.mul(local.get(stride), i32.const(width))),
        local.set(to, i32.sub(local.get(to), local.get(back))),
      ],
      countDown(panels),
    ),
  }
}

/** One column of the square whose rows the locals from `first` on hold. */
export function columnOf(size: number, first: number, step: number): Code {
  const bytes = (...elements: [vector: number, element: number][]): number[] =>
    elements.flatMap(([vector, element]) => upTo(size).map((b) => vector * 16 + element * size + b))
  const pair = (r: number): Code =>
    v128.shuffle(
      local.get(first + r),
      local.get(first + r + 1),
      ...bytes([0, step], [1, step]),
      ...(size === 4 ? bytes([0, step], [1, step]) : []),
    )
  return size === 8
    ? pair(0)
    : v128.shuffle(pair(0), pair(2), ...bytes([0, 0], [0, 1], [1, 0], [1, 1]))
}

/**
 * `product(a, b, c, row, m, n, steps, more)` multiplies `m` packed panels of ROWS rows with `n` packed
 * panels of columns, `steps` deep, into a result whose rows are `row` bytes apart; where
 * `more` is not 0, adds to it. Each element is summed in rising order, one call's by itself.
 */
export function productOf(lanes: FloatLanes, fused: boolean): Func {
  const [a, b, c, rowBytes, m, n, steps, more, pa, pb, pc, at, i, left, first] = upTo(
    16,
  ) as unknown as Numbers
  const accumulator = (r: number, v: number): number => first + r * VECTORS + v
  const column = (v: number): number => first + ROWS * VECTORS + v
  const term = (r: number, v: number, x: Code): Code => {
    const sum = local.get(accumulator(r, v))
    const y = local.get(column(v))
    return local.set(
      accumulator(r, v),
      fused ? lanes.madd(x, y, sum) : lanes.add(sum, lanes.mul(x, y)),
    )
  }
  const x = column(VECTORS)
  // Not unrolled: V8 then loads ahead what doesn't fit the registers, and halves the rate (Node 20).
  const step = [
    upTo(VECTORS).map((v) => local.set(column(v), v128.load(local.get(pb), 16 * v))),
    upTo(ROWS).map((r) => [
      local.set(x, lanes.loadSplat(local.get(pa), r * lanes.size)),
      upTo(VECTORS).map((v) => term(r, v, local.get(x))),
    ]),
  ]
  const tile = (each: (r: number, v: number) => Code): Code => [
    local.set(at, local.get(pc)),
    upTo(ROWS).map((r) => [upTo(VECTORS).map((v) => each(r, v)), advance(at, local.get(rowBytes))]),
  ]
  return {
    name: 'product',
    params: [I, I, I, I, I, I, I, I],
    locals: [I, I, I, I, I, I, ...upTo(ROWS * VECTORS + VECTORS + 1).map(() => V)],
    body: loop(
      [
        local.set(pa, local.get(a)),
        local.set(pc, local.get(c)),
        local.set(i, local.get(m)),
        loop(
          [
            upTo(ROWS).map((r) => upTo(VECTORS).map((v) => local.set(accumulator(r, v), zero))),
            local.set(pb, local.get(b)),
            local.set(left, local.get(steps)),
            loop(
              [
                step,
                advance(pa, i32.const(ROWS * lanes.size)),
                advance(pb, i32.const(VECTORS * 16)),
              ],
              countDown(left),
            ),
            // Sums of blocks, which are added up, so that what is rounded off grows with their length only.
            when(
              local.get(more),
              tile((r, v) =>
                v128.store(
                  local.get(at),
                  lanes.add(v128.load(local.get(at), 16 * v), local.get(accumulator(r, v))),
                  16 * v,
                ),
              ),
              tile((r, v) => v128.store(local.get(at), local.get(accumulator(r, v)), 16 * v)),
            ),
            local.set(pc, local.get(at)),
          ],
          countDown(i),
        ),
        local.set(b, local.get(pb)),
        advance(c, i32.const(16 * VECTORS)),
      ],
      countDown(n),
    ),
  }
}
