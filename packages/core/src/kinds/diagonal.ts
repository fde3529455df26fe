import { apply, linearly, over, using, type Op } from '../op.ts'
import type { Shape } from '../shape.ts'
import { zerosOf, type Tensor } from '../tensor.ts'
import { copyInto } from './cast.ts'
import { viewOf } from './structural.ts'

// Taking a diagonal and putting one into zeros: each is the transpose of the other.

/** Where index `d2` is index `d1` plus `offset`. */
export interface Diagonal {
  readonly offset: number
  readonly d1: number
  readonly d2: number
}

function shifted({ offset, d1, d2 }: Diagonal): Diagonal {
  return { offset, d1: d1 + 1, d2: d2 + 1 }
}

const diagonal: Op<Diagonal> = {
  name: 'diagonal',
  kind: 'structural',
  forward: ([x], { offset, d1, d2 }) => viewOf(x!, x!.layout.diagonal(offset, d1, d2)),
  rule: (_, at) => using([], (ct, __, { shape }) => embedDiagonal(ct, at, shape)),
  push: linearly,
  batch: over(shifted),
}

/** A diagonal as a last dimension, in place of the two that it runs along; a view. */
export function diagonalOf(x: Tensor, at: Diagonal): Tensor {
  return apply(diagonal, [x], at)
}

const embed: Op<Diagonal & { readonly shape: Shape }> = {
  name: 'embedDiagonal',
  kind: 'structural',
  forward([x], { offset, d1, d2, shape }) {
    const out = zerosOf(x!.dtype, shape)
    copyInto(x!, viewOf(out, out.layout.diagonal(offset, d1, d2)))
    return out
  },
  rule: (_, at) => using([], (ct) => diagonalOf(ct, at)),
  push: linearly,
  batch: over(({ shape, ...at }, size) => ({ ...shifted(at), shape: [size, ...shape] })),
}

/** Zeros of `shape` with `x` in the place of a diagonal. */
export function embedDiagonal(x: Tensor, at: Diagonal, shape: Shape): Tensor {
  return apply(embed, [x], { ...at, shape })
}
