import {
  asCall,
  noGrad,
  norm,
  onesLike,
  ShapeError,
  stopGradient,
  ValueError,
  where,
  zeros,
  type ShapeOf,
  type Tensor,
} from '@gradtape/core'
import { checkFlag, checkNames, checkPositive } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { checkFloat } from './checks.ts'
import { checkIndex, checkRange } from './indices.ts'

export interface EmbeddingCallOptions {
  /** A row whose gradient stays 0; negative ones count from the end. */
  readonly paddingIdx?: number | null
  /** A norm to which longer rows that are looked up are cut first, in place. */
  readonly maxNorm?: number | null
  /** Which norm that is; 2 unless given. */
  readonly normType?: number
  /** Whether gradients are divided by how often their row is looked up; false unless given. */
  readonly scaleGradByFreq?: boolean
}

const names = ['paddingIdx', 'maxNorm', 'normType', 'scaleGradByFreq'] as const

/**
 * Rows of a table: of indices (int32, int64 or uint8) of any shape `[…]` and a weight `[rows, size]`
 * the rows, `[…, size]`.
 *
 * @throws {ValueError} for an index that is no row, and options out of range.
 * @throws {ShapeError} unless the weight is a matrix.
 * @throws {DTypeError} unless the index is of integers and the weight of floats.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { functional as F } from '@gradtape/nn'
 *
 * const table = tensor([[1, 2], [3, 4], [5, 6]])
 * console.log(F.embedding(tensor([2, 0], { dtype: 'int32' }), table))
 * // → tensor([[5., 6.],
 * //           [1., 2.]])
 * ```
 */
export function embedding<I extends Tensor, W extends Tensor>(
  index: I,
  weight: W,
  options: EmbeddingCallOptions = {},
): Tensor<[...ShapeOf<I>, ShapeOf<W>[1]]> {
  const name = 'embedding'
  const {
    paddingIdx = null,
    maxNorm = null,
    normType = 2,
    scaleGradByFreq = false,
  } = checkNames(name, options, names)
  const places = checkIndex(name, index)
  const table = checkFloat(name, 'weight', weight)
  const [rows, size] = table.shape
  if (table.ndim !== 2) {
    throw new ShapeError(
      `${name}: expected a weight [rows, size], got shape ${showShape(table.shape)}`,
    )
  }
  const padding = paddingIdx === null ? null : checkPaddingIdx(name, paddingIdx, rows!)
  if (maxNorm !== null) checkPositive(name, 'maxNorm', maxNorm)
  checkPositive(name, 'normType', normType)
  checkFlag(name, 'scaleGradByFreq', scaleGradByFreq)
  return asCall(name, () => {
    checkRange(name, places, rows!)
    const flat = places.flatten().to('int32')
    if (maxNorm !== null) noGrad(() => shorten(table, flat, maxNorm, normType))
    let found = table.indexSelect(0, flat)
    if (scaleGradByFreq) {
      const fixed = stopGradient(found)
      found = fixed.add(found.sub(fixed).mul(shares(table, flat)))
    }
    if (padding !== null) {
      found = where(flat.eq(padding).unsqueeze(1), stopGradient(found), found)
    }
    return found.reshape([...places.shape, size!])
  }) as never
}

/** Cuts the rows that are looked up to a norm of `maxNorm`. */
function shorten(table: Tensor, index: Tensor, maxNorm: number, normType: number): void {
  const rows = table.indexSelect(0, index)
  const length = norm(rows, normType, 1, { keepdim: true })
  const factor = where(length.gt(maxNorm), length.add(1e-7).reciprocal().mul(maxNorm), 1)
  table.indexPut_([index], rows.mul(factor))
}

/** For each place one through how often its row is looked up. */
function shares(table: Tensor, index: Tensor): Tensor {
  const counts = zeros([table.shape[0]!], { dtype: 'int32' })
  const ones = onesLike(index, { dtype: 'int32' })
  const count = counts.scatterAdd(0, index, ones).indexSelect(0, index).to(table.dtype)
  return count.reciprocal().unsqueeze(1)
}

/** The row of padding, from 0. @throws {ValueError} naming `name` when there is no such row. */
export function checkPaddingIdx(name: string, paddingIdx: unknown, rows: number): number {
  const at = Number.isInteger(paddingIdx) ? (paddingIdx as number) : NaN
  if (at >= -rows && at < rows) return at < 0 ? at + rows : at
  throw new ValueError(
    `${name}: paddingIdx must be one of the ${rows} rows, from ${-rows} to ${rows - 1}, got ${String(paddingIdx)}`,
  )
}
