import { rand, randn, ShapeError, ValueError, where, type Tensor } from '@gradtape/core'
import { showShape } from '../show-shape.ts'
import { overwrite, type GeneratorOptions } from './overwrite.ts'

export interface SparseOptions extends GeneratorOptions {
  /** The standard deviation of what is not zero; 0.01 unless given. */
  readonly std?: number
}

/**
 * Normal numbers, of which each column has a share of `sparsity`, rounded up, as zeros (Martens 2010).
 *
 * @throws {ShapeError} unless x is a matrix.
 * @throws {ValueError} unless `sparsity` is from 0 to 1, and `std` finite and not negative.
 */
export function sparse_<X extends Tensor>(
  x: X,
  sparsity: number,
  { std = 0.01, generator }: SparseOptions = {},
): X {
  const name = 'sparse_'
  if (!(sparsity >= 0 && sparsity <= 1)) {
    throw new ValueError(`${name}: sparsity must be a share from 0 to 1, got ${String(sparsity)}`)
  }
  if (!(std >= 0 && std < Infinity)) {
    throw new ValueError(`${name}: std must be finite and not negative, got ${std}`)
  }
  return overwrite(name, x, ({ shape, dtype }) => {
    if (shape.length !== 2) {
      throw new ShapeError(`${name}: expected a matrix, got shape ${showShape(shape)}`)
    }
    const values: Tensor = randn(shape, { dtype, generator }).mul(std)
    const zeros = Math.ceil(sparsity * shape[0]!)
    if (zeros === 0 || x.numel === 0) return values
    // The places of the smallest lots of each column.
    const lots: Tensor = rand(shape, { dtype: 'float64', generator })
    const last = lots.sort(0).values.narrow(0, zeros - 1, 1)
    return where(lots.le(last), 0, values)
  })
}
