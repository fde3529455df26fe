import { checkOptions, entry, type Entry } from '../kinds/entry.ts'
import { checkOneDim, extreme, type Extreme } from '../kinds/extremes.ts'
import { argReduceWith, reduceWith } from '../kinds/reduction.ts'
import { checkDims, type ReductionOptions } from '../kinds/reductions.ts'
import { reshapeTo } from '../kinds/structural.ts'
import type { Tensor } from '../tensor.ts'
import type { Reduce, ShapeOf } from '../types/shape.ts'

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

/** `x.argmax()`, `x.argmax(dim, { keepdim })`. */
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

/** The index of the largest element, in the flattened tensor or along a dim; the first among equals. int32. */
export const argmax: ArgExtreme = argExtreme('max')

/** The index of the smallest element, in the flattened tensor or along a dim; the first among equals. int32. */
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
 * their indices (the first among equals gets the gradient).
 */
export const max: Extreme = extremeBy('max')

/**
 * The smallest element (elements that tie share the gradient); or, along a dim, the smallest ones
 * and their indices (the first among equals gets the gradient).
 */
export const min: Extreme = extremeBy('min')
