import {
  asCall,
  ShapeError,
  tensor,
  ValueError,
  where,
  type Shape,
  type ShapeOf,
  type Tensor,
} from '@gradtape/core'
import { checkSize } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { checkFloat } from './checks.ts'

/** The height and width of the result; one number for both, null for the input's own. */
export type AdaptiveSize = number | readonly [height: number | null, width: number | null]

type Sized<S extends AdaptiveSize, I extends 0 | 1> = S extends number
  ? S
  : S extends readonly (number | null)[]
    ? S[I] extends number
      ? S[I]
      : number
    : never

/** The shape of images `X` that were pooled to sizes `S`. */
export type AdaptivePooled<X extends Shape, S extends AdaptiveSize> = X extends readonly [
  ...infer B extends Shape,
  number,
  number,
]
  ? [...B, Sized<S, 0>, Sized<S, 1>]
  : [...number[], Sized<S, 0>, Sized<S, 1>]

/**
 * The means of as many windows of images x `[N, C, H, W]` or `[C, H, W]` as `size` says, `[N, C, OH,
 * OW]` or `[C, OH, OW]`. Of O windows along a dim of L elements, window i goes from `⌊i · L / O⌋` to
 * below `⌈(i + 1) · L / O⌉`, so that they overlap where O doesn't divide L.
 *
 * @throws {ShapeError} when x is no image, or an empty one.
 * @throws {DTypeError} for tensors of integers or bools.
 * @throws {ValueError} unless `size` holds integers of at least 1 and nulls.
 *
 * @example
 * ```ts
 * import { arange } from '@gradtape/core'
 * import { functional as F } from '@gradtape/nn'
 *
 * console.log(F.adaptiveAvgPool2d(arange(6).reshape([1, 2, 3]), [1, 2]))
 * // → tensor([[[2., 3.]]])
 * ```
 */
export function adaptiveAvgPool2d<X extends Tensor, const S extends AdaptiveSize>(
  x: X,
  size: S,
): Tensor<AdaptivePooled<ShapeOf<X>, S>> {
  const name = 'adaptiveAvgPool2d'
  const [height, width] = checkAdaptiveSize(name, size)
  const image = checkFloat(name, 'input', x)
  const { shape } = image
  if ((shape.length !== 3 && shape.length !== 4) || shape.slice(-2).includes(0)) {
    throw new ShapeError(
      `${name}: expected an input [N, C, H, W] or [C, H, W], not empty in the last two dims, got shape ${showShape(shape)}`,
    )
  }
  return asCall(name, () => {
    const down = shape.length - 2
    return meansAlong(meansAlong(image, down + 1, width), down, height)
  }) as never
}

/** Height and width. @throws {ValueError} naming `name` unless they are sizes or null. */
export function checkAdaptiveSize(
  name: string,
  size: unknown,
): readonly [height: number | null, width: number | null] {
  const pair: readonly unknown[] = Array.isArray(size) ? size : [size, size]
  if (pair.length !== 2) {
    throw new ValueError(
      `${name}: expected one size, or those of height and width, got ${pair.length}`,
    )
  }
  return pair.map((n) => (n === null ? null : checkSize(name, 'size', n, 1))) as [number, number]
}

/** The means of `count` windows along a dim; null for as many as there are elements. */
function meansAlong(x: Tensor, dim: number, count: number | null): Tensor {
  const { shape } = x
  const length = shape[dim]!
  if (count === null || count === length) return x
  const parted = (each: number): number[] => [
    ...shape.slice(0, dim),
    count,
    each,
    ...shape.slice(dim + 1),
  ]
  if (length % count === 0) return x.reshape(parted(length / count)).mean(dim + 1)
  const starts = Array.from({ length: count }, (_, i) => Math.floor((i * length) / count))
  const sizes = starts.map((start, i) => Math.ceil(((i + 1) * length) / count) - start)
  // Windows differ in size by one at most: the shorter ones get an element that doesn't count.
  const longest = Math.max(...sizes)
  const places = starts.flatMap((start) =>
    Array.from({ length: longest }, (_, k) => Math.min(start + k, length - 1)),
  )
  const counted = sizes.map((size) => Array.from({ length: longest }, (_, k) => (k < size ? 1 : 0)))
  const behind = shape.slice(dim + 1).map(() => 1)
  const seen = x.indexSelect(dim, tensor(places, { dtype: 'int32' })).reshape(parted(longest))
  const mask = tensor(counted, { dtype: 'bool' }).reshape([count, longest, ...behind])
  const total = where(mask, seen, 0).sum(dim + 1)
  return total.div(tensor(sizes, { dtype: total.dtype as 'float32' }).reshape([count, ...behind]))
}
