/**
 * Sums and the like: of all elements (without a dim), or over one dim or several, which the result lacks
 * or, with `keepdim`, has with size 1.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 *
 * const x = tensor([[1, 2, 3], [4, 5, 6]])
 *
 * console.log(x.sum(), x.sum(0), x.sum([0, 1])) // → tensor(21.) tensor([5., 7., 9.]) tensor(21.)
 * console.log(x.sum(1, { keepdim: true }))
 * // → tensor([[ 6.],
 * //           [15.]])
 * console.log(x.mean(), x.mean(1)) // → tensor(3.5000) tensor([2., 5.])
 * console.log(x.prod(), x.prod(0)) // → tensor(720.) tensor([ 4., 10., 18.])
 * console.log(x.amax(1), x.amin(0)) // → tensor([3., 6.]) tensor([1., 2., 3.])
 * console.log(x.gt(5).any(), x.gt(5).any(1)) // → tensor(true) tensor([false,  true])
 * console.log(x.gt(0).all(), x.gt(1).all(1)) // → tensor(true) tensor([false,  true])
 * ```
 */
import { counted } from '../kinds/cast.ts'
import { reduceWith } from '../kinds/reduction.ts'
import { reduction, type Reduction } from '../kinds/reductions.ts'
import { sumOver } from '../kinds/spread.ts'
import { concatenateAlong, permuteBy, reshapeTo, sliceOf } from '../kinds/structural.ts'
import { numelOf, reducedShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { add, mul } from './arithmetic.ts'

/**
 * Sum of all elements, or over one dim or several. int32 sums wrap around; of bools, how many are
 * true. The sum of nothing is 0. Floats are summed pairwise in a fixed order.
 */
export const sum: Reduction = reduction({
  name: 'sum',
  kind: 'reduction',
  compute: (x, { dims, keepdim }) => sumOver(x, dims, keepdim),
})

/**
 * Mean of all elements, or over one dim or several, `Σ x / n`; of nothing it is NaN. Floats only.
 */
export const mean: Reduction = reduction({
  name: 'mean',
  kind: 'reduction',
  float: true,
  compute: (x, reduced) => reduceWith('mean', x, reduced),
})

/**
 * Product of all elements, or over one dim or several; of nothing it is 1. Multiplied in pairs, so
 * that the gradient needs no division and is right beside zeros.
 */
export const prod: Reduction = reduction({
  name: 'prod',
  compute: (x, { dims, keepdim }) => {
    const kept = x.shape.map((_, d) => d).filter((d) => !dims.includes(d))
    const ndim = kept.length
    const count = numelOf(dims.map((d) => x.shape[d]!))
    const shape = kept.map((d) => x.shape[d]!)
    let factors = reshapeTo(permuteBy(counted(x), [...kept, ...dims]), [...shape, count])
    // Of nothing: 0 for the sum, and 1 more. So it stays on the tape.
    if (count === 0) factors = add(sumOver(factors, [ndim], true), 1)
    for (let n = factors.shape[ndim]!; n > 1; n = Math.ceil(n / 2)) {
      const half = n >> 1
      const part = (start: number, length: number): Tensor =>
        sliceOf(factors, { dim: ndim, start, length, step: 1 })
      const products = mul(part(0, half), part(half, half))
      factors = n % 2 === 0 ? products : concatenateAlong([products, part(n - 1, 1)], ndim)
    }
    return reshapeTo(factors, reducedShape(x.shape, dims, keepdim))
  },
})

/** The largest element, of all or over dims; elements that tie share the gradient; NaN wins. */
export const amax: Reduction = reduction({
  name: 'amax',
  kind: 'reduction',
  nonEmpty: true,
  compute: (x, reduced) => reduceWith('max', x, reduced),
})

/** The smallest element, of all or over dims; elements that tie share the gradient; NaN wins. */
export const amin: Reduction = reduction({
  name: 'amin',
  kind: 'reduction',
  nonEmpty: true,
  compute: (x, reduced) => reduceWith('min', x, reduced),
})

/** Whether any element is other than 0; of nothing, false. As in PyTorch, NaN is other than 0. */
export const any: Reduction = reduction({
  name: 'any',
  kind: 'reduction',
  differentiable: false,
  compute: (x, reduced) => reduceWith('any', x, reduced),
})

/** Whether all elements are other than 0; of nothing, true. As in PyTorch, NaN is other than 0. */
export const all: Reduction = reduction({
  name: 'all',
  kind: 'reduction',
  differentiable: false,
  compute: (x, reduced) => reduceWith('all', x, reduced),
})
