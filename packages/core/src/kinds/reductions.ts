import { isFloat } from '../dtype.ts'
import { DTypeError, ShapeError } from '../errors.ts'
import { normalizeDim, normalizeDims, showShape, type Shape } from '../shape.ts'
import { isTensor, type Tensor } from '../tensor.ts'
import type { Reduce } from '../types/dims.ts'
import type { ShapeOf } from '../types/shape.ts'
import { counted } from './cast.ts'
import {
  checkOptions,
  checkTensor,
  entry,
  type Domain,
  type Entry,
  type EntryInfo,
  type Sampler,
} from './entry.ts'
import type { Reduced } from './spread.ts'
import { reshapeTo } from './structural.ts'

// The forms in which reductions stand in the table.

export interface ReductionOptions<K extends boolean = boolean> {
  /** Whether the reduced dims stay with size 1; false unless given. */
  readonly keepdim?: K
}

/** A dim, several, or (undefined) all. */
export type Dims = number | readonly number[] | undefined

interface ReductionMethod {
  <T extends Tensor, const D extends Dims = undefined, const K extends boolean = false>(
    this: T,
    dim?: D,
    options?: ReductionOptions<K>,
  ): Tensor<Reduce<ShapeOf<T>, D, K>>
  <T extends Tensor, const K extends boolean = false>(
    this: T,
    options: ReductionOptions<K>,
  ): Tensor<Reduce<ShapeOf<T>, undefined, K>>
}

/**
 * `x.sum()`, `x.sum(dim)`, `x.sum([dim, dim])`, each with `{ keepdim }`.
 * @shapes any; the result lacks the dims that are reduced, or has them with size 1 (`keepdim`).
 * @throws {ShapeError} when there is no such dim, or one is named twice.
 * @throws {DTypeError} when x is no tensor, or of a dtype that isn't taken.
 */
export interface Reduction extends Entry<ReductionMethod> {
  <T extends Tensor, const D extends Dims = undefined, const K extends boolean = false>(
    x: T,
    dim?: D,
    options?: ReductionOptions<K>,
  ): Tensor<Reduce<ShapeOf<T>, D, K>>
  <T extends Tensor, const K extends boolean = false>(
    x: T,
    options: ReductionOptions<K>,
  ): Tensor<Reduce<ShapeOf<T>, undefined, K>>
}

/** What a reduction demands of its input. */
interface Demands {
  /** Floats only. */
  readonly float?: boolean
  /** Something to reduce, as nothing is neutral. */
  readonly nonEmpty?: boolean
}

interface Definition<O extends object> extends Demands {
  readonly name: string
  /** The name of the method, where it is another. */
  readonly method?: string
  readonly kind?: EntryInfo['kind']
  readonly differentiable?: boolean
  /** Options to test with, besides none. */
  readonly options?: readonly O[]
  /** Shapes to test with; any, or with `nonEmpty` any without sizes of 0, unless given. */
  readonly shapes?: (g: Sampler) => Shape
  /** Where it has finite derivatives, for tests to draw from; everywhere unless given. */
  readonly domain?: Domain
  readonly compute: (x: Tensor, reduced: Reduced, options: O) => Tensor
}

/** The public function of a reduction, over any dims. */
export function reduction<O extends object = object>(definition: Definition<O>): Reduction {
  const {
    name,
    kind = 'composed',
    differentiable = true,
    options = [],
    shapes = (g) => (definition.nonEmpty ? g.filled() : g.shape()),
    compute,
  } = definition
  const call = (
    x: Tensor,
    dim?: Dims | (O & ReductionOptions),
    rest?: O & ReductionOptions,
  ): Tensor => {
    const isOptions = typeof dim === 'object' && !Array.isArray(dim) && !isTensor(dim)
    const given = (isOptions ? dim : rest) as (O & ReductionOptions) | undefined
    if (given !== undefined) checkOptions(name, given)
    const dims = checkDims(name, x, isOptions ? undefined : (dim as Dims), definition)
    return compute(x, { dims, keepdim: given?.keepdim ?? false }, given ?? ({} as O))
  }
  return entry(
    {
      name,
      kind,
      differentiable,
      ...(definition.method !== undefined && { method: { name: definition.method } }),
      samples: (g) => {
        const shape = shapes(g)
        const x = g.real(shape, definition.domain)
        const extra = g.pick([{}, ...options])
        const last = shape.length - 1
        if (last < 0) return [x, extra]
        return g.pick([
          () => [x, { ...extra, keepdim: true }],
          () => [x, g.int(-1 - last, last), { ...extra, keepdim: g.pick([true, false]) }],
          () => [x, [g.int(0, last)], extra],
          () => [x, shape.map((_, d) => d).filter((d) => d % 2 === 0), extra],
        ])()
      },
    },
    call,
  )
}

/** The dims to reduce, rising. @throws {DTypeError | ShapeError} when `x` is not as demanded. */
export function checkDims(
  name: string,
  x: Tensor,
  dims: Dims,
  { float, nonEmpty }: Demands,
): readonly number[] {
  const list = normalizeDims(name, dims, checkTensor(name, x).ndim)
  if (float && !isFloat(x.dtype)) {
    throw new DTypeError(
      `${name}: expected a float tensor, got ${x.dtype}; convert with .to('float32') first`,
    )
  }
  const empty = list.find((d) => x.shape[d] === 0)
  if (nonEmpty && empty !== undefined) {
    throw new ShapeError(
      `${name}: dimension ${empty} of shape ${showShape(x.shape)} is empty, and nothing has no ${name}`,
    )
  }
  return list
}

/**
 * A function along one dim that keeps the shape.
 * @shapes any; the result has that of x.
 * @throws {ShapeError} when there is no such dim.
 * @throws {DTypeError} when x is no tensor, or of a dtype that isn't taken.
 */
export interface AlongDim extends Entry<AlongDimMethod> {
  <T extends Tensor>(x: T, dim: number): Tensor<ShapeOf<T>>
}

interface AlongDimMethod {
  <T extends Tensor>(this: T, dim: number): Tensor<ShapeOf<T>>
}

export function alongDim(definition: {
  readonly name: string
  readonly kind?: 'reduction'
  /** Of a tensor that has dims. */
  readonly compute: (x: Tensor, dim: number) => Tensor
}): AlongDim {
  const { name, kind, compute } = definition
  return entry(
    {
      name,
      kind: kind ?? 'composed',
      samples: (g) => {
        const shape = g.filled()
        return [g.real(shape), shape.length === 0 ? 0 : g.int(-shape.length, shape.length - 1)]
      },
    },
    (x: Tensor, dim: number): Tensor => {
      const { ndim, shape } = checkTensor(name, x)
      const line = ndim === 0 ? reshapeTo(x, [1]) : x
      return reshapeTo(compute(counted(line), normalizeDim(name, dim, ndim)), shape)
    },
  )
}
