import { isFloat } from '../dtype.ts'
import { DTypeError, ShapeError, ValueError } from '../errors.ts'
import { checkInteger, showShape, showValue, type Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { checkOptions, checkTensor } from './entry.ts'
import type { Grid } from './windows.ts'

// What functions over windows of spatial dims demand of their arguments. All dims behind the channels
// are spatial: one of a signal, two of an image.

export type Rank = 1 | 2

/** One number for all spatial dims, or a list with one for each. */
export type PerDim<R extends Rank> =
  number | (R extends 1 ? readonly [number] : readonly [number, number])

/** @throws {ValueError} unless `options` is an object of no other names. */
export function checkNames<O extends object>(
  where: string,
  options: O,
  names: readonly string[],
): O {
  const unknown = Object.keys(checkOptions(where, options)).find((key) => !names.includes(key))
  if (unknown !== undefined) {
    throw new ValueError(
      `${where}: there is no option ${showValue(unknown)}; it takes ${names.join(', ')}`,
    )
  }
  return options
}

/** @throws {ValueError} unless `value` is an integer of at least `least`, or a list of one per dim. */
export function perDim(
  where: string,
  what: string,
  value: unknown,
  rank: Rank,
  least: number,
): number[] {
  const list: unknown[] = Array.isArray(value) ? value : Array.from({ length: rank }, () => value)
  if (list.length !== rank) {
    throw new ValueError(
      `${where}: ${what} must be one number, or ${rank}, one for each spatial dim, got ${showShape(list as number[])}`,
    )
  }
  return list.map((n) => checkInteger(where, what, n, least))
}

const forms = { 1: '[N, C, L] or [C, L]', 2: '[N, C, H, W] or [C, H, W]' }

/**
 * The spatial sizes of a float tensor with channels, and maybe examples, in front.
 * @throws {DTypeError | ShapeError} when it is no such tensor.
 */
export function spatialSizes(where: string, x: Tensor, rank: Rank): Shape {
  const { shape, ndim } = checkFloats(where, x)
  if (ndim !== rank + 1 && ndim !== rank + 2) {
    throw new ShapeError(
      `${where}: expected x of shape ${forms[rank]}, got ${showShape(shape)}; ` +
        (ndim === rank ? 'unsqueeze(0) adds a dim of one channel' : 'reshape it first'),
    )
  }
  const sizes = shape.slice(-rank)
  if (sizes.includes(0)) {
    throw new ShapeError(
      `${where}: x of shape ${showShape(shape)} has no elements to slide over: its last ${rank === 1 ? 'dim' : 'two dims'} must be at least 1`,
    )
  }
  return sizes
}

/** @throws {DTypeError} unless x is a float tensor. */
export function checkFloats(where: string, x: Tensor): Tensor {
  if (!isFloat(checkTensor(where, x).dtype)) {
    throw new DTypeError(
      `${where}: expected a float tensor, got ${x.dtype}; convert with .to('float32') first`,
    )
  }
  return x
}

/** How windows lie: everything of a grid but how many there are. */
type Arrangement = Omit<Grid, 'output'>

/**
 * The grid of as many windows as fit when `behind` is added at the end of each dim. With `ceil`, the
 * last ones may reach beyond that, but start within x or what is in front of it.
 * @throws {ShapeError} when none fits.
 */
export function gridOf(
  where: string,
  windows: Arrangement,
  behind: Shape,
  { ceil = false }: { readonly ceil?: boolean } = {},
): Grid {
  const { input, kernel, stride, padding, dilation } = windows
  const output = input.map((size, d) => {
    const step = stride[d]!
    const free = size + padding[d]! + behind[d]! - (kernel[d]! - 1) * dilation[d]! - 1
    const count = Math.floor((free + (ceil ? step - 1 : 0)) / step) + 1
    return ceil && (count - 1) * step >= size + padding[d]! ? count - 1 : count
  })
  if (output.some((count) => count < 1)) {
    const padded = input.map((size, d) => size + padding[d]! + behind[d]!)
    const reach = kernel.map((size, d) => (size - 1) * dilation[d]! + 1)
    throw new ShapeError(
      `${where}: a kernel of ${showShape(kernel)}` +
        (dilation.some((n) => n > 1) ? `, dilated to ${showShape(reach)},` : '') +
        ` is larger than the input of ${showShape(padded)}` +
        (String(padded) === String(input) ? '' : ` (${showShape(input)}, padded)`) +
        '; use a smaller one, or more padding',
    )
  }
  return { ...windows, output }
}
