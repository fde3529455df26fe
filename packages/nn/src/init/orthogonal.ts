import { randn, ShapeError, tensor, ValueError, type Tensor } from '@gradtape/core'
import { showShape } from '../show-shape.ts'
import { overwrite, type GeneratorOptions } from './overwrite.ts'

export interface OrthogonalOptions extends GeneratorOptions {
  /** What all is multiplied by; 1 unless given. */
  readonly gain?: number
}

/**
 * A matrix whose rows are orthogonal to each other and of length `gain`, or its columns where there are
 * fewer of those; all such matrices are equally likely (Saxe et al. 2013). Dims from the second on count
 * as one.
 *
 * @throws {ShapeError} below two dims.
 * @throws {ValueError} unless `gain` is finite.
 */
export function orthogonal_<X extends Tensor>(
  x: X,
  { gain = 1, generator }: OrthogonalOptions = {},
): X {
  const name = 'orthogonal_'
  if (!Number.isFinite(gain)) {
    throw new ValueError(`${name}: gain must be a finite number, got ${String(gain)}`)
  }
  return overwrite(name, x, ({ shape, ndim, numel, dtype }) => {
    if (ndim < 2) {
      throw new ShapeError(`${name}: expected at least two dims, got shape ${showShape(shape)}`)
    }
    if (numel === 0) return x
    const rows = shape[0]!
    const columns = numel / rows
    const [count, size] = [Math.min(rows, columns), Math.max(rows, columns)]
    const normal = randn([count, size], { dtype: 'float64', generator })
    const vectors = orthonormal(Float64Array.from(normal.data as Float64Array), count, size)
    const matrix: Tensor = tensor(vectors, { shape: [count, size] })
    const wide = rows <= columns ? matrix : matrix.T
    return wide
      .mul(gain)
      .reshape([...shape])
      .to(dtype as 'float32')
  })
}

/**
 * Makes the rows of a matrix orthonormal, in place: from each what it shares with those before is taken,
 * twice, as the first time leaves a rounding error where little remains (Gram-Schmidt).
 */
function orthonormal(x: Float64Array, count: number, size: number): Float64Array {
  const row = (i: number): Float64Array => x.subarray(i * size, (i + 1) * size)
  for (let i = 0; i < count; i++) {
    const own = row(i)
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = row(j)
        const shared = dot(own, other)
        for (let k = 0; k < size; k++) own[k]! -= shared * other[k]!
      }
    }
    const length = Math.sqrt(dot(own, own))
    for (let k = 0; k < size; k++) own[k]! /= length
  }
  return x
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!
  return sum
}
