import { i32, local, loop, simd, types, v128, when } from './assembler.ts'
import type { Code, FloatLanes, Func } from './assembler.ts'
import { advance, columnOf, countDown, upTo, VECTORS, type Numbers } from './gemm.ts'

// Windows over a plane that lies in memory with its padding: in a table stands how many bytes each
// element of the kernel is away from the first one, and so from any place to the next is as far for all.

const { i32: I, v128: V } = types

/**
 * `along(table, plane, to, panels, steps)` packs a product's right side: a panel has some places side by
 * side, and a step for each element of the kernel.
 */
const along: Func = (() => {
  const [table, plane, to, panels, steps, entry, left, at] = upTo(16) as unknown as Numbers
  return {
    name: 'along',
    params: [I, I, I, I, I],
    locals: [I, I, I],
    body: loop(
      [
        local.set(entry, local.get(table)),
        local.set(left, local.get(steps)),
        loop(
          [
            local.set(at, i32.add(local.get(plane), i32.load(local.get(entry)))),
            upTo(VECTORS).map((v) =>
              v128.store(local.get(to), v128.load(local.get(at), 16 * v), 16 * v),
            ),
            advance(entry, i32.const(4)),
            advance(to, i32.const(16 * VECTORS)),
          ],
          countDown(left),
        ),
        advance(plane, i32.const(16 * VECTORS)),
      ],
      countDown(panels),
    ),
  }
})()

/**
 * `across(table, plane, to, panels, rows, steps, pitch, back)` packs the other way round: a panel has
 * some elements of the kernel side by side, and a step for each place of `rows` that are `pitch` bytes
 * apart. Steps of a row come in multiples of the lanes; behind each it goes `back` by what is too much.
 */
function across({ lanes, size }: FloatLanes): Func {
  const [table, plane, to, panels, rows, steps, pitch, back, row, at, high, left, first] = upTo(
    16,
  ) as unknown as Numbers
  const width = VECTORS * lanes
  return {
    name: 'across',
    params: [I, I, I, I, I, I, I, I],
    locals: [I, I, I, I, ...upTo(lanes).map(() => V)],
    body: loop(
      [
        local.set(row, local.get(plane)),
        local.set(high, local.get(rows)),
        loop(
          [
            local.set(at, local.get(row)),
            local.set(left, local.get(steps)),
            loop(
              [
                upTo(VECTORS).map((v) => [
                  upTo(lanes).map((r) =>
                    local.set(
                      first + r,
                      v128.load(
                        i32.add(local.get(at), i32.load(local.get(table), 4 * (v * lanes + r))),
                      ),
                    ),
                  ),
                  upTo(lanes).map((step) =>
                    v128.store(
                      local.get(to),
                      columnOf(size, first, step),
                      16 * v + step * 16 * VECTORS,
                    ),
                  ),
                ]),
                advance(at, i32.const(16)),
                advance(to, i32.const(16 * width)),
              ],
              countDown(left, lanes),
            ),
            local.set(to, i32.sub(local.get(to), local.get(back))),
            advance(row, local.get(pitch)),
          ],
          countDown(high),
        ),
        advance(table, i32.const(4 * width)),
      ],
      countDown(panels),
    ),
  }
}

/**
 * `add(table, plane, from, elements, rows, vectors, pitch, row, next, mask)` adds columns back to the
 * plane: for each of `elements` of the kernel, whose columns begin `next` bytes apart, `rows` of places,
 * `row` bytes apart, each of some whole vectors and a last one of which `mask` says what counts.
 */
function adding(lanes: FloatLanes): Func {
  const [table, plane, from, elements, rows, vectors, pitch, row, next, mask, line, start] = upTo(
    16,
  ) as unknown as Numbers
  const [high, left, source, target, last] = [12, 13, 14, 15, 16]
  const added = (value: Code): Code =>
    v128.store(local.get(target), lanes.add(v128.load(local.get(target)), value))
  return {
    name: 'add',
    params: [I, I, I, I, I, I, I, I, I, I],
    locals: [I, I, I, I, I, I, V],
    body: [
      local.set(last, v128.load(local.get(mask))),
      loop(
        [
          local.set(line, i32.add(local.get(plane), i32.load(local.get(table)))),
          local.set(start, local.get(from)),
          local.set(high, local.get(rows)),
          loop(
            [
              local.set(source, local.get(start)),
              local.set(target, local.get(line)),
              local.set(left, local.get(vectors)),
              when(
                local.get(left),
                loop(
                  [
                    added(v128.load(local.get(source))),
                    advance(source, i32.const(16)),
                    advance(target, i32.const(16)),
                  ],
                  countDown(left),
                ),
              ),
              added(v128.and(v128.load(local.get(source)), local.get(last))),
              advance(line, local.get(pitch)),
              advance(start, local.get(row)),
            ],
            countDown(high),
          ),
          advance(table, i32.const(4)),
          advance(from, local.get(next)),
        ],
        countDown(elements),
      ),
    ],
  }
}

/**
 * `largest(table, shifts, plane, corners, starts, to, elements, vectors, planes, stride, values)` finds the
 * largest element of each window and where it stands: by `corners`, where each window's first element would stand, and
 * `shifts`, how far each other is from it; or, where none is larger than −∞, what `starts` says. These are
 * floats, what is written are integers of 32 bits. Planes are `stride` bytes apart, their results lie side by
 * side. The first of equal ones wins, and NaN over all.
 */
function largest(lanes: FloatLanes): Func {
  const [
    table,
    shifts,
    plane,
    corners,
    starts,
    to,
    elements,
    vectors,
    planes,
    stride,
    values,
    ...own
  ] = upTo(16) as unknown as Numbers
  const [at, left, entry, shift, count] = own
  const [place, value, best, found, wins, corner] = upTo(22).slice(16) as [...Six]
  const { size } = lanes
  const least = v128.const(
    ...upTo(lanes.lanes).flatMap(() =>
      size === 4 ? [0, 0, 0x80, 0xff] : [0, 0, 0, 0, 0, 0, 0xf0, 0xff],
    ),
  )
  const truncated = simd(size === 4 ? 248 : 252)
  const { get, set } = local
  return {
    name: 'largest',
    params: upTo(11).map(() => I),
    locals: [...upTo(6).map(() => I), ...upTo(5).map(() => V)],
    body: loop(
      [
        set(at, get(plane)),
        set(left, get(vectors)),
        set(place, i32.const(0)),
        loop(
          [
            set(entry, get(table)),
            set(shift, get(shifts)),
            set(count, get(elements)),
            set(best, least),
            set(corner, v128.load(i32.add(get(corners), get(place)))),
            set(found, v128.load(i32.add(get(starts), get(place)))),
            loop(
              [
                set(value, v128.load(i32.add(get(at), i32.load(get(entry))))),
                set(
                  wins,
                  v128.andnot(lanes.eq(get(best), get(best)), lanes.le(get(value), get(best))),
                ),
                set(best, v128.bitselect(get(value), get(best), get(wins))),
                set(
                  found,
                  v128.bitselect(
                    lanes.add(get(corner), lanes.loadSplat(get(shift))),
                    get(found),
                    get(wins),
                  ),
                ),
                advance(entry, i32.const(4)),
                advance(shift, i32.const(size)),
              ],
              countDown(count),
            ),
            v128.store(get(to), truncated(get(found))),
            v128.store(get(values), get(best)),
            advance(to, i32.const(4 * lanes.lanes)),
            [at, place, values].map((address) => advance(address, i32.const(16))),
          ],
          countDown(left),
        ),
        advance(plane, get(stride)),
      ],
      countDown(planes),
    ),
  }
}

type Six = [number, number, number, number, number, number]

/** Those for one dtype. */
export const windowKernels = (lanes: FloatLanes): Func[] => [
  along,
  across(lanes),
  adding(lanes),
  largest(lanes),
]
