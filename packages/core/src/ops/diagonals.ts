/**
 * Diagonals and triangles: parts of matrices, and matrices made of them. Diagonal 0 is the main one,
 * those above it count up, those below it down.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 *
 * const m = tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
 *
 * console.log(m.tril())
 * // → tensor([[1., 0., 0.],
 * //           [4., 5., 0.],
 * //           [7., 8., 9.]])
 * console.log(m.triu(1))
 * // → tensor([[0., 2., 3.],
 * //           [0., 0., 6.],
 * //           [0., 0., 0.]])
 * console.log(m.diagonal(), m.diagonal(-1)) // → tensor([1., 5., 9.]) tensor([4., 8.])
 * console.log(m.diag(1)) // → tensor([2., 6.])
 * console.log(tensor([1, 2]).diag())
 * // → tensor([[1., 0.],
 * //           [0., 2.]])
 * ```
 */
import { ShapeError } from '../errors.ts'
import { castTo, clone } from '../kinds/cast.ts'
import { fullOf, generated } from '../kinds/creation.ts'
import { diagonalOf, embedDiagonal } from '../kinds/diagonal.ts'
import { checkTensor, entry } from '../kinds/entry.ts'
import type { Diagonally, Keeping, OfDiagonal } from '../kinds/structures.ts'
import { checkInteger, normalizeDim, showShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { where } from './selection.ts'

function triangle(name: string, keeps: (below: number) => boolean): Keeping<[diagonal?: number]> {
  return entry(
    {
      name,
      kind: 'composed',
      moves: true,
      samples: (g) => [g.real(g.shape(2)), ...g.pick([[], [g.int(-3, 3)]])],
    },
    (x: Tensor, offset = 0): Tensor => {
      const { shape, ndim, dtype } = checkTensor(name, x)
      if (ndim < 2) {
        throw new ShapeError(
          `${name}: expected a matrix, or a batch of them, got shape ${showShape(shape)}`,
        )
      }
      checkInteger(name, 'diagonal', offset)
      const [rows, columns] = shape.slice(-2) as [number, number]
      const kept = generated([rows, columns], 'bool', (i) =>
        Number(keeps(Math.floor(i / columns) + offset - (i % columns))),
      )
      return castTo(where(kept, x, fullOf([], 0, dtype)), dtype)
    },
  )
}

/**
 * Matrices (the last two dims) with zeros above the diagonal: element [i, j] is kept where `j - i ≤
 * diagonal` (default 0). Any dtype; a copy.
 * @shapes […, m, n]; the result has that of x.
 * @throws {ShapeError} below two dims.
 * @throws {ValueError} when the diagonal is no integer.
 */
export const tril: Keeping<[diagonal?: number]> = triangle('tril', (below) => below >= 0)

/**
 * Matrices (the last two dims) with zeros below the diagonal: element [i, j] is kept where `j - i ≥
 * diagonal` (default 0). Any dtype; a copy.
 * @shapes […, m, n]; the result has that of x.
 * @throws {ShapeError} below two dims.
 * @throws {ValueError} when the diagonal is no integer.
 */
export const triu: Keeping<[diagonal?: number]> = triangle('triu', (below) => below <= 0)

/**
 * The elements [i, i + offset] of dims `d1` and `d2` (the first two, and offset 0, unless given),
 * as a last dim in place of the two; a view. A diagonal outside of the matrix is empty.
 * @shapes that of x without d1 and d2, and with the length of the diagonal as a last dim.
 * @throws {ShapeError} below two dims, or when d1 and d2 are one.
 * @throws {ValueError} when the offset is no integer.
 */
export const diagonal: Diagonally = entry(
  {
    name: 'diagonal',
    kind: 'structural',
    samples: (g) => [g.real(g.shape(2)), ...g.pick([[], [g.int(-3, 3)], [1, -1, 0]])],
  },
  (x: Tensor, offset = 0, d1 = 0, d2 = 1): Tensor => {
    const { shape, ndim } = checkTensor('diagonal', x)
    if (ndim < 2) {
      throw new ShapeError(
        `diagonal: expected at least two dims, got shape ${showShape(shape)}; diag makes a matrix of a vector`,
      )
    }
    checkInteger('diagonal', 'offset', offset)
    const at = {
      offset,
      d1: normalizeDim('diagonal', d1, ndim),
      d2: normalizeDim('diagonal', d2, ndim),
    }
    if (at.d1 === at.d2) {
      throw new ShapeError(
        `diagonal: d1 ${d1} and d2 ${d2} are the same dim of shape ${showShape(shape)}; a diagonal runs along two`,
      )
    }
    return diagonalOf(x, at)
  },
)

/**
 * Of a matrix the elements [i, i + diagonal] (default 0) as a vector, of a vector the matrix of
 * zeros that has it there. Any dtype; a copy.
 * @shapes [m, n] → the length of the diagonal; [n] → [n + |diagonal|, n + |diagonal|].
 * @throws {ShapeError} for all but matrices and vectors.
 * @throws {ValueError} when the diagonal is no integer.
 */
export const diag: OfDiagonal = entry(
  {
    name: 'diag',
    kind: 'structural',
    samples: (g) => [
      g.real(g.pick([() => g.shape(2, 2), () => [g.int(0, 3)]])()),
      ...g.pick([[], [g.int(-2, 2)]]),
    ],
  },
  (x: Tensor, offset = 0): Tensor => {
    const { shape, ndim } = checkTensor('diag', x)
    if (ndim !== 1 && ndim !== 2) {
      throw new ShapeError(
        `diag: expected a matrix or a vector, got shape ${showShape(shape)}; diagonal takes more dims`,
      )
    }
    const at = { offset: checkInteger('diag', 'diagonal', offset), d1: 0, d2: 1 }
    if (ndim === 2) return clone(diagonalOf(x, at))
    const size = x.numel + Math.abs(offset)
    return embedDiagonal(x, at, [size, size])
  },
)
