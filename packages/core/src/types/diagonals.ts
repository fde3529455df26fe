import type { Shape } from '../shape.ts'
import type { Add, Subtract } from './arithmetic.ts'
import type { Drop, Place } from './dims.ts'
import type { AsShape } from './shape.ts'

// Shapes of diagonals, and of matrices that are made of them.

/** A - B, or 0. */
type Beyond<A, B> = [Subtract<A, B>] extends [never] ? 0 : Subtract<A, B>

/** The smaller one. */
type Least<A, B> = A extends B ? A : [Subtract<A, B>] extends [never] ? A : B

/** How many elements [i, i + Offset] a matrix has. */
type DiagonalLength<M, N, Offset> = number extends M | N | Offset
  ? number
  : `${Offset & number}` extends `-${infer K extends number}`
    ? Least<Beyond<M, K>, N>
    : Least<M, Beyond<N, Offset>>

type DiagonalAt<S extends Shape, Offset, P extends number, Q extends number> = number extends P | Q
  ? Shape
  : [...Drop<S, P | Q>, DiagonalLength<S[P], S[Q], Offset>]

/** `S` with the diagonal of dims `A` and `B` as a last dim in place of the two. */
export type Diagonal<S extends Shape, Offset, A extends number, B extends number> = AsShape<
  DiagonalAt<S, Offset, Place<S, A>, Place<S, B>>
>

/** N + |Offset|. */
type Side<N, Offset> = `${Offset & number}` extends `-${infer K extends number}`
  ? Add<N, K>
  : Add<N, Offset>

type DiagOf<S, Offset> = S extends readonly [infer N]
  ? [Side<N, Offset>, Side<N, Offset>]
  : S extends readonly [infer M, infer N]
    ? [DiagonalLength<M, N, Offset>]
    : Shape

/** The shape of the matrix of zeros that has a vector as its diagonal, or of the diagonal of a matrix. */
export type Diag<S extends Shape, Offset> = AsShape<DiagOf<S, Offset>>
