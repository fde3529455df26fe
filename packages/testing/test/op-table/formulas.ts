import { add, div, fullLike, indexPut, mul, sub, zerosLike, type Tensor } from '@gradtape/core'

/** What each op that changes its first argument leaves there, as an op that makes a new tensor. */
export const formulas: Readonly<Record<string, (...args: never) => Tensor>> = {
  add_: add,
  sub_: sub,
  mul_: mul,
  div_: div,
  copy_: (x: Tensor, source: Tensor) => add(zerosLike(x), source),
  fill_: fullLike,
  zero_: (x: Tensor) => zerosLike(x),
  indexPut_: indexPut,
}
