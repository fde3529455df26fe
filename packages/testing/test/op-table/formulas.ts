import { add, div, fullLike, mul, sub, zerosLike, type Tensor } from '@gradtape/core'

type Operand = Tensor | number

/** What each op that changes its first argument leaves there, as an op that makes a new tensor. */
export const formulas: Readonly<Record<string, (x: Tensor, other: Operand) => Tensor>> = {
  add_: add,
  sub_: sub,
  mul_: mul,
  div_: div,
  copy_: (x, source) => add(zerosLike(x), source),
  fill_: (x, value) => fullLike(x, value as number),
  zero_: (x) => zerosLike(x),
}
