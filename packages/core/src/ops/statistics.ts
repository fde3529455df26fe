/**
 * Statistics: spread, norms and sums of exponentials, of all elements or over dims.
 *
 * @example
 * ```ts
 * import { tensor, variance } from '@gradtape/core'
 *
 * const x = tensor([[1, 2, 3], [2, 4, 9]])
 *
 * console.log(x.var(), x.var(1, { correction: 0 })) // → tensor(8.3000) tensor([0.6667, 8.6667])
 * console.log(variance(x, 0, { keepdim: true })) // → tensor([[ 0.5000,  2.0000, 18.0000]])
 * console.log(x.std(), x.std(1)) // → tensor(2.8810) tensor([1.0000, 3.6056])
 * console.log(x.norm(), x.norm(1, 1), x.norm(Infinity))
 * // → tensor(10.7238) tensor([ 6., 15.]) tensor(9.)
 * console.log(x.logsumexp(1), x.logsumexp([0, 1])) // → tensor([3.4076, 9.0076]) tensor(9.0113)
 * console.log(x.softmax(1))
 * // → tensor([[9.0031e-02, 2.4473e-01, 6.6524e-01],
 * //           [9.0496e-04, 6.6868e-03, 9.9241e-01]])
 * console.log(x.logSoftmax(1))
 * // → tensor([[-2.4076, -1.4076, -0.4076],
 * //           [-7.0076, -5.0076, -0.0076]])
 * ```
 */
import { counted } from '../kinds/cast.ts'
import { applyFormula, Variants } from '../kinds/elementwise.ts'
import { ValueError } from '../errors.ts'
import { checkOptions, entry, type Entry, type Sampler } from '../kinds/entry.ts'
import { reduceWith } from '../kinds/reduction.ts'
import {
  alongDim,
  checkDims,
  reduction,
  type AlongDim,
  type Dims,
  type Reduction,
  type ReductionOptions,
} from '../kinds/reductions.ts'
import { softmaxAlong } from '../kinds/softmax.ts'
import { sumOver, type Reduced } from '../kinds/spread.ts'
import { constantOf, reshapeTo } from '../kinds/structural.ts'
import * as s from '../scalar/primitives.ts'
import { checkNumber, numelOf, type Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { Reduce } from '../types/dims.ts'
import type { ShapeOf } from '../types/shape.ts'
import { abs, add, div, square, sub } from './arithmetic.ts'
import { isinf } from './comparison.ts'
import { exp, log } from './exponential.ts'
import { where } from './selection.ts'

export interface VarianceOptions<K extends boolean = boolean> extends ReductionOptions<K> {
  /** How much is taken off the number of elements that the sum of squares is divided by; 1 unless given. */
  readonly correction?: number
}

/**
 * `x.std()`, `x.std(dim)`, each with `{ correction, keepdim }`.
 * @shapes any; the result lacks the dims that are reduced, or has them with size 1 (`keepdim`).
 * @throws {ShapeError} when there is no such dim, or one is named twice.
 * @throws {DTypeError} when x is no tensor, or of a dtype that isn't taken.
 * @throws {ValueError} when the correction is no number.
 */
export interface Spread extends Entry<SpreadMethod> {
  <T extends Tensor, const D extends Dims = undefined, const K extends boolean = false>(
    x: T,
    dim?: D | VarianceOptions<K>,
    options?: VarianceOptions<K>,
  ): Tensor<Reduce<ShapeOf<T>, D, K>>
}

interface SpreadMethod {
  <T extends Tensor, const D extends Dims = undefined, const K extends boolean = false>(
    this: T,
    dim?: D | VarianceOptions<K>,
    options?: VarianceOptions<K>,
  ): Tensor<Reduce<ShapeOf<T>, D, K>>
}

function varianceOf(
  name: string,
  x: Tensor,
  { dims, keepdim }: Reduced,
  { correction = 1 }: VarianceOptions,
): Tensor {
  checkNumber(name, 'correction', correction)
  const n = numelOf(dims.map((d) => x.shape[d]!))
  const centered = sub(x, div(sumOver(x, dims, true), n))
  return div(sumOver(square(centered), dims, keepdim), Math.max(0, n - correction))
}

/** With a correction of 1, one number alone has no variance. */
const several = (g: Sampler): Shape => g.filled(1, 2).map((size) => size + 1)

/** Variance, `Σ (x - mean)² / (n - correction)`, of all elements or over dims. The method is `var`. */
export const variance: Spread = reduction<VarianceOptions>({
  name: 'variance',
  method: 'var',
  float: true,
  options: [{ correction: 0 }],
  shapes: several,
  compute: (x, reduced, options) => varianceOf('variance', x, reduced, options),
}) as never

// The root's slope at 0 is infinite; where the sum of squares is 0 its gradient is taken as 0.
const root = new Variants({
  name: 'sqrt',
  result: 'float',
  operands: 1,
  build: (x) => s.select(s.eq(x!, 0), 0, s.sqrt(x!)),
})

/**
 * Standard deviation, the root of the {@link variance}; its gradient is 0 where it is 0. The variance
 * is of x's dtype, so float32 deviations beyond 1e19 are infinite, and those below 1e-22 are 0.
 */
export const std: Spread = reduction<VarianceOptions>({
  name: 'std',
  float: true,
  options: [{ correction: 0 }],
  shapes: several,
  compute: (x, reduced, options) =>
    applyFormula(root, [varianceOf('std', x, reduced, options)], []),
}) as never

/**
 * `x.norm(p)`, `x.norm(p, dim)`, each with `{ keepdim }`.
 * @shapes any; the result lacks the dims that are reduced, or has them with size 1 (`keepdim`).
 * @throws {ShapeError} when there is no such dim, one is named twice, or nothing is reduced for p =
 * ±∞.
 * @throws {DTypeError} when x is no tensor, or of a dtype that isn't taken.
 * @throws {ValueError} when p is no number.
 */
export interface Norm extends Entry<NormMethod> {
  <T extends Tensor, const D extends Dims = undefined, const K extends boolean = false>(
    x: T,
    p?: number,
    dim?: D,
    options?: ReductionOptions<K>,
  ): Tensor<Reduce<ShapeOf<T>, D, K>>
}

interface NormMethod {
  <T extends Tensor, const D extends Dims = undefined, const K extends boolean = false>(
    this: T,
    p?: number,
    dim?: D,
    options?: ReductionOptions<K>,
  ): Tensor<Reduce<ShapeOf<T>, D, K>>
}

const power = (x: s.Scalar, p: s.Scalar): ReturnType<typeof s.pow> =>
  s.select(s.eq(x, 0), 0, s.pow(s.abs(x), p))
const powers = new Variants({
  name: 'norm',
  result: 'float',
  operands: 1,
  build: (x, p) => power(x!, p!),
})

function normOf(x: Tensor, p: number, { dims, keepdim }: Reduced): Tensor {
  const total = (terms: Tensor): Tensor => sumOver(terms, dims, keepdim)
  switch (p) {
    case 0:
      return total(applyFormula(powers, [x], [0]))
    case 1:
      return total(abs(x))
    case 2:
      return applyFormula(root, [total(square(x))], [])
    case Infinity:
      return reduceWith('max', abs(x), { dims, keepdim })
    case -Infinity:
      return reduceWith('min', abs(x), { dims, keepdim })
    default:
      return applyFormula(powers, [total(applyFormula(powers, [x], [p]))], [1 / p])
  }
}

/**
 * The p-norm, `(Σ |x|ᵖ)^(1/p)`, of all elements as one vector or over dims; `p` is 2 unless given;
 * 0 counts the elements other than 0, ±Infinity is the largest or smallest absolute value. Its
 * gradient at 0 is 0; the largest and smallest, where NaN, have the gradient NaN.
 */
export const norm: Norm = entry(
  {
    name: 'norm',
    kind: 'composed',
    samples: (g) => {
      const shape = g.filled(1)
      const p = g.pick([2, 1, 3, 2.5, Infinity, -Infinity])
      return [g.real(shape, [0.3, 3]), p, ...g.pick([[], [0], [-1, { keepdim: true }], [[0]]])]
    },
  },
  (x: Tensor, p = 2, dim?: Dims, options: ReductionOptions = {}): Tensor => {
    if (Number.isNaN(checkNumber('norm', 'p', p))) throw new ValueError('norm: p is NaN')
    checkOptions('norm', options)
    const dims = checkDims('norm', x, dim, { float: true, nonEmpty: Math.abs(p) === Infinity })
    return normOf(x, p, { dims, keepdim: options.keepdim ?? false })
  },
)

/**
 * `log Σ eˣ` over dims, all unless given, without overflow; of nothing, or of minus infinities
 * alone, it is minus infinity.
 */
export const logsumexp: Reduction = reduction({
  name: 'logsumexp',
  compute: (x, reduced) => {
    const numbers = counted(x)
    const top = finiteTop(numbers, reduced.dims)
    const total = sumOver(exp(sub(numbers, top)), reduced.dims, reduced.keepdim)
    return add(log(total), reshapeTo(top, total.shape))
  },
})

/** `eˣ / Σ eˣ` along a dim, without overflow. The dim is to be given, as in `torch.softmax`. */
export const softmax: AlongDim = alongDim({
  name: 'softmax',
  kind: 'reduction',
  compute: (x, dim) => softmaxAlong(x, dim),
})

/** `x - log Σ eˣ` along a dim, without overflow. */
export const logSoftmax: AlongDim = alongDim({
  name: 'logSoftmax',
  kind: 'reduction',
  compute: (x, dim) => softmaxAlong(x, dim, true),
})

/** The largest elements as constants: what is subtracted and added back has no derivative. */
function constantTop(x: Tensor, dims: readonly number[]): Tensor {
  return reduceWith('max', constantOf(x), { dims, keepdim: true })
}

/** The same with 0 for infinities, from which nothing can be subtracted. */
function finiteTop(x: Tensor, dims: readonly number[]): Tensor {
  const top = constantTop(x, dims)
  return where(isinf(top), 0, top)
}
