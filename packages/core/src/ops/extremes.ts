/**
 * Largest and smallest elements: of all, or along a dim with their indices, which are int32.
 *
 * @example
 * ```ts
 * import { max, tensor } from '@gradtape/core'
 *
 * const x = tensor([[1, 5, 3], [9, 2, 4]])
 *
 * console.log(x.argmax(), x.argmax(1)) // → tensor(3, dtype=int32) tensor([1, 0], dtype=int32)
 * console.log(x.argmin(1, { keepdim: true }))
 * // → tensor([[0],
 * //           [1]], dtype=int32)
 * console.log(x.max(), x.min()) // → tensor(9.) tensor(1.)
 * console.log(max(x, 1)) // → { values: tensor([5., 9.]), indices: tensor([1, 0], dtype=int32) }
 * console.log(x.min(0, { keepdim: true }).values) // → tensor([[1., 2., 3.]])
 * ```
 */
import { checkOptions, entry, type Entry } from '../kinds/entry.ts'
import { checkOneDim, extreme, type Extreme } from '../kinds/extremes.ts'
import { argReduceWith, reduceWith } from '../kinds/reduction.ts'
import { checkDims, type ReductionOptions } from '../kinds/reductions.ts'
import { reshapeTo } from '../kinds/structural.ts'
import type { Tensor } from '../tensor.ts'
import type { Reduce } from '../types/dims.ts'
import type { ShapeOf } from '../types/shape.ts'

export type { Extreme, ValuesAndIndices } from '../kinds/extremes.ts'

type Fold = 'max' | 'min'

interface ArgExtremeMethod {
  <
    T extends Tensor,
    const D extends number | undefined = undefined,
    const K extends boolean = false,
  >(
    this: T,
    dim?: D,
    options?: ReductionOptions<K>,
  ): Tensor<Reduce<ShapeOf<T>, D, K>>
}

/**
 * `x.argmax()`, `x.argmax(dim, { keepdim })`.
 * @shapes any with elements; without a dim [], else without the dim, or with size 1 there
 * (`keepdim`).
 * @throws {ShapeError} when there is nothing to pick from, or no such dim.
 */
export interface ArgExtreme extends Entry<ArgExtremeMethod> {
  <
    T extends Tensor,
    const D extends number | undefined = undefined,
    const K extends boolean = false,
  >(
    x: T,
    dim?: D,
    options?: ReductionOptions<K>,
  ): Tensor<Reduce<ShapeOf<T>, D, K>>
}

function argExtreme(fold: Fold): ArgExtreme {
  const name = `arg${fold}`
  return entry(
    {
      name,
      kind: 'reduction',
      differentiable: false,
      samples: (g) => {
        const shape = g.filled(1)
        return [
          g.real(shape),
          ...g.pick([[], [g.int(0, shape.length - 1)], [-1, { keepdim: true }]]),
        ]
      },
    },
    (x: Tensor, dim?: number, options: ReductionOptions = {}): Tensor => {
      const { keepdim = false } = checkOptions(name, options)
      checkOneDim(name, dim)
      const [at = 0] = checkDims(name, x, dim, { nonEmpty: true })
      if (dim === undefined || x.ndim === 0) {
        const flat = argReduceWith(fold, reshapeTo(x, [x.numel]), { dim: 0, keepdim: false })
        return keepdim
          ? reshapeTo(
              flat,
              x.shape.map(() => 1),
            )
          : flat
      }
      return argReduceWith(fold, x, { dim: at, keepdim })
    },
  )
}

/**
 * The index of the largest element: in row-major order of all, or along a dim; the first among
 * equals, and of the first NaN where there is one. int32, where PyTorch gives int64.
 */
export const argmax: ArgExtreme = argExtreme('max')

/**
 * The index of the smallest element: in row-major order of all, or along a dim; the first among
 * equals, and of the first NaN where there is one. int32, where PyTorch gives int64.
 */
export const argmin: ArgExtreme = argExtreme('min')

function extremeBy(fold: Fold): Extreme {
  return extreme(
    fold,
    (x, reduced) => reduceWith(fold, x, reduced),
    (x, dim) => argReduceWith(fold, x, { dim, keepdim: true }),
  )
}

/**
 * The largest element (elements that tie share the gradient); or, along a dim, the largest ones and
 * their indices (the first among equals has the gradient). NaN wins. For the larger of two tensors'
 * elements see {@link maximum}.
 */
export const max: Extreme = extremeBy('max')

/**
 * The smallest element (elements that tie share the gradient); or, along a dim, the smallest ones
 * and their indices (the first among equals has the gradient). NaN wins. For the smaller of two
 * tensors' elements see {@link minimum}.
 */
export const min: Extreme = extremeBy('min')
