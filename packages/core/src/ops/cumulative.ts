/**
 * Running sums and products: each element with all that come before it along a dim. The shape stays.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 *
 * const x = tensor([[1, 2, 3], [4, 5, 6]])
 *
 * console.log(x.cumsum(1))
 * // → tensor([[ 1.,  3.,  6.],
 * //           [ 4.,  9., 15.]])
 * console.log(x.cumsum(0))
 * // → tensor([[1., 2., 3.],
 * //           [5., 7., 9.]])
 * console.log(x.cumprod(1))
 * // → tensor([[  1.,   2.,   6.],
 * //           [  4.,  20., 120.]])
 * ```
 */
import { fullOf } from '../kinds/creation.ts'
import { recurrenceOf } from '../kinds/recurrence.ts'
import { alongDim, type AlongDim } from '../kinds/reductions.ts'
import { expandTo } from '../kinds/spread.ts'
import { embedIn, sliceOf } from '../kinds/structural.ts'

/**
 * Sums along a dim: `out[i] = x[0] + … + x[i]`. Of bools, how many are true so far: int32, where
 * PyTorch gives int64.
 */
export const cumsum: AlongDim = alongDim({
  name: 'cumsum',
  compute: (x, dim) => recurrenceOf(expandTo(fullOf([], 1, x.dtype), x.shape), x, dim, false),
})

/**
 * Products along a dim: `out[i] = x[0] · … · x[i]`; of bools int32. Its gradients divide by
 * nothing, so zeros are as good as other numbers.
 */
export const cumprod: AlongDim = alongDim({
  name: 'cumprod',
  compute(x, dim) {
    const first = { dim, start: 0, length: Math.min(1, x.shape[dim]!), step: 1 }
    return recurrenceOf(x, embedIn(sliceOf(x, first), first, x.shape), dim, false)
  },
})
