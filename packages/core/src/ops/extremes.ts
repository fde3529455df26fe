import { ShapeError } from '../errors.ts'
import { checkOptions, entry, type Entry } from '../kinds/entry.ts'
import { argReduceWith, reduceWith } from '../kinds/reduction.ts'
import { checkDims, type ReductionOptions } from '../kinds/reductions.ts'
import { gatherFrom } from '../kinds/indexing.ts'
import { reshapeTo } from '../kinds/structural.ts'
import { showValue } from '../shape.ts'
import { isTensor, type Tensor } from '../tensor.ts'
import type { Reduce, ShapeOf } from '../types/shape.ts'

type Fold = 'max' | 'min'

/** Elements and where they stand along the dim. */
export interface ValuesAndIndices<V extends Tensor = Tensor> {
  readonly values: V
  /** int32. */
  readonly indices: V
}

/** @throws {ShapeError} naming `name` when `dim` is given and no number. */
function checkOneDim(name: string, dim: unknown): void {
  if (dim === undefined || typeof dim === 'number') return
  const hint = name.startsWith('arg')
    ? ''
    : isTensor(dim)
      ? `; for the larger or smaller elements of two tensors use ${name}imum(a, b)`
      : Array.isArray(dim)
        ? `; over several dims use a${name}`
        : ''
  throw new ShapeError(
    `${name}: expected a dim, got ${isTensor(dim) ? 'a tensor' : showValue(dim)}${hint}`,
  )
}

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

interface ExtremeMethod {
  <T extends Tensor>(this: T): Tensor<[]>
  <T extends Tensor, const D extends number, const K extends boolean = false>(
    this: T,
    dim: D,
    options?: ReductionOptions<K>,
  ): ValuesAndIndices<Tensor<Reduce<ShapeOf<T>, D, K>>>
}

/** `x.max()`, or `x.max(dim, { keepdim })` for values and indices. */
export interface Extreme extends Entry<ExtremeMethod> {
  <T extends Tensor>(x: T): Tensor<[]>
  <T extends Tensor, const D extends number, const K extends boolean = false>(
    x: T,
    dim: D,
    options?: ReductionOptions<K>,
  ): ValuesAndIndices<Tensor<Reduce<ShapeOf<T>, D, K>>>
}

function extreme(fold: Fold): Extreme {
  return entry(
    {
      name: fold,
      kind: 'composed',
      differentiable: true,
      samples: (g) => {
        const shape = g.filled(1)
        return [
          g.real(shape),
          ...g.pick([[], [g.int(0, shape.length - 1)], [-1, { keepdim: true }]]),
        ]
      },
    },
    (x: Tensor, dim?: number, options: ReductionOptions = {}): unknown => {
      const { keepdim = false } = checkOptions(fold, options)
      checkOneDim(fold, dim)
      const dims = checkDims(fold, x, dim, { nonEmpty: true })
      if (dim === undefined) return reduceWith(fold, x, { dims, keepdim })
      const line = x.ndim === 0 ? reshapeTo(x, [1]) : x
      const at = dims[0] ?? 0
      const kept = argReduceWith(fold, line, { dim: at, keepdim: true })
      const shape = x.shape
        .filter((_, d) => keepdim || d !== at)
        .map((size, d) => (keepdim && d === at ? 1 : size))
      return {
        values: reshapeTo(gatherFrom(line, at, kept), shape),
        indices: reshapeTo(kept, shape),
      }
    },
  )
}

/**
 * The largest element (elements that tie share the gradient); or, along a dim, the largest ones and
 * their indices (the first among equals gets the gradient).
 */
export const max: Extreme = extreme('max')

/**
 * The smallest element (elements that tie share the gradient); or, along a dim, the smallest ones
 * and their indices (the first among equals gets the gradient).
 */
export const min: Extreme = extreme('min')
