import { i32, local, loop, moveElement, types, v128, when } from './assembler.ts'
import type { Code, FloatLanes, Func } from './assembler.ts'
import { advance, countDown, upTo, type Numbers } from './gemm.ts'

const { i32: I } = types

/** Locals of functions that copy, behind their parameters. */
const [line, start, left, source, target, count] = [11, 12, 13, 14, 15, 16]

/**
 * A function that copies planes row by row. The first parameters are `from, to, planes, fromPlane, toPlane,
 * rows, fromRow, toRow`, which say how many bytes come between; `row` copies one row from where `source`
 * says to where `target` does.
 */
function copying(name: string, params: number, row: Code): Func {
  const [from, to, planes, fromPlane, toPlane, rows, fromRow, toRow] = upTo(
    16,
  ) as unknown as Numbers
  return {
    name,
    params: upTo(params).map(() => I),
    locals: upTo(17 - params).map(() => I),
    body: loop(
      [
        local.set(line, local.get(from)),
        local.set(start, local.get(to)),
        local.set(left, local.get(rows)),
        loop(
          [
            local.set(source, local.get(line)),
            local.set(target, local.get(start)),
            row,
            advance(line, local.get(fromRow)),
            advance(start, local.get(toRow)),
          ],
          countDown(left),
        ),
        advance(from, local.get(fromPlane)),
        advance(to, local.get(toPlane)),
      ],
      countDown(planes),
    ),
  }
}

/** Rows of some whole vectors, and a last one of which a mask says what counts; each is read by `load`. */
function masked(name: string, load: Code, bytes: number): Func {
  return copying(name, 10, [
    local.set(count, local.get(8)),
    when(
      local.get(count),
      loop(
        [
          v128.store(local.get(target), load),
          advance(source, i32.const(bytes)),
          advance(target, i32.const(16)),
        ],
        countDown(count),
      ),
    ),
    v128.store(
      local.get(target),
      v128.bitselect(load, v128.load(local.get(target)), v128.load(local.get(9))),
    ),
  ])
}

/** `dense(…, vectors, mask)`: rows of elements that lie side by side. */
export const dense: Func = masked('dense', v128.load(local.get(source)), 16)

/** `second(…, vectors, mask)`: rows of every second element. */
export const everySecond = ({ size, lanes }: FloatLanes): Func => {
  const [low, high] = [v128.load(local.get(source)), v128.load(local.get(source), 16)]
  const bytes = upTo(lanes).flatMap((i) => upTo(size).map((b) => 2 * i * size + b))
  return masked('second', v128.shuffle(low, high, ...bytes), 32)
}

/** `whole(…, vectors)`: rows of some whole vectors. */
export const whole: Func = copying('whole', 9, [
  local.set(count, local.get(8)),
  loop(
    [
      v128.store(local.get(target), v128.load(local.get(source))),
      [source, target].map((address) => advance(address, i32.const(16))),
    ],
    countDown(count),
  ),
])

/** `apart(…, elements, fromStep, toStep)`: rows of elements that are some bytes apart. */
export const apart = ({ size }: FloatLanes): Func =>
  copying('apart', 11, [
    local.set(count, local.get(8)),
    loop(
      [
        moveElement(size, local.get(target), local.get(source)),
        advance(source, local.get(9)),
        advance(target, local.get(10)),
      ],
      countDown(count),
    ),
  ])
