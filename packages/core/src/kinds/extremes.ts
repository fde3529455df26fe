import { ShapeError } from '../errors.ts'
import { showValue } from '../shape.ts'
import { isTensor, type Tensor } from '../tensor.ts'
import type { Reduce } from '../types/dims.ts'
import type { ShapeOf } from '../types/shape.ts'
import { checkOptions, entry, type Entry } from './entry.ts'
import { gatherFrom } from './indexing.ts'
import { checkDims, type ReductionOptions } from './reductions.ts'
import type { Reduced } from './spread.ts'
import { reshapeTo } from './structural.ts'

// The form in which functions stand in the table that pick one element, of all or along a dim.

/** Elements and where they stand along the dim. */
export interface ValuesAndIndices<V extends Tensor = Tensor> {
  readonly values: V
  /** int32. */
  readonly indices: V
}

/** @throws {ShapeError} naming `name` when `dim` is given and no number. */
export function checkOneDim(name: string, dim: unknown): void {
  if (dim === undefined || typeof dim === 'number') return
  const hint =
    name !== 'max' && name !== 'min'
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

interface ExtremeMethod {
  <T extends Tensor>(this: T): Tensor<[]>
  <T extends Tensor, const D extends number, const K extends boolean = false>(
    this: T,
    dim: D,
    options?: ReductionOptions<K>,
  ): ValuesAndIndices<Tensor<Reduce<ShapeOf<T>, D, K>>>
}

/**
 * `x.max()`, or `x.max(dim, { keepdim })` for values and indices.
 * @shapes any with elements; without a dim [], else without the dim, or with size 1 there
 * (`keepdim`).
 * @throws {ShapeError} when there is nothing to pick from, or no such dim.
 */
export interface Extreme extends Entry<ExtremeMethod> {
  <T extends Tensor>(x: T): Tensor<[]>
  <T extends Tensor, const D extends number, const K extends boolean = false>(
    x: T,
    dim: D,
    options?: ReductionOptions<K>,
  ): ValuesAndIndices<Tensor<Reduce<ShapeOf<T>, D, K>>>
}

/**
 * The public function that picks one element: of all of them by `whole`, which is given the dims, or
 * along a dim by `along`, which finds its index and keeps the dim.
 */
export function extreme(
  name: string,
  whole: (x: Tensor, reduced: Reduced) => Tensor,
  along: (x: Tensor, dim: number) => Tensor,
): Extreme {
  return entry(
    {
      name,
      kind: 'composed',
      samples: (g) => {
        const shape = g.filled(1)
        return [
          g.real(shape),
          ...g.pick([[], [g.int(0, shape.length - 1)], [-1, { keepdim: true }]]),
        ]
      },
    },
    (x: Tensor, dim?: number, options: ReductionOptions = {}): unknown => {
      const { keepdim = false } = checkOptions(name, options)
      checkOneDim(name, dim)
      const dims = checkDims(name, x, dim, { nonEmpty: true })
      if (dim === undefined) return whole(x, { dims, keepdim })
      const line = x.ndim === 0 ? reshapeTo(x, [1]) : x
      const at = dims[0] ?? 0
      const kept = along(line, at)
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
