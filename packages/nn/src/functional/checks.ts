import { DTypeError, isTensor, ShapeError, type Shape, type Tensor } from '@gradtape/core'
import { showShape } from '../show-shape.ts'

const floats = ['float32', 'float64', 'float16', 'bfloat16']

/** @throws {DTypeError} naming `where` unless `x`, the `what` of it, is a float tensor. */
export function checkFloat(where: string, what: string, x: unknown): Tensor {
  if (!isTensor(x)) {
    throw new DTypeError(`${where}: expected a tensor as the ${what}, got ${kindOf(x)}`)
  }
  if (!floats.includes(x.dtype)) {
    throw new DTypeError(
      `${where}: expected a float tensor as the ${what}, got dtype ${x.dtype}; convert it with .to('float32')`,
    )
  }
  return x
}

/** Whether elements are integers, as labels are. */
export function isInteger({ dtype }: Tensor): boolean {
  return dtype === 'int32' || dtype === 'int64' || dtype === 'uint8'
}

function kindOf(x: unknown): string {
  return Array.isArray(x) ? 'an array' : x === null ? 'null' : typeof x
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, d) => size === b[d])
}

/**
 * @throws {DTypeError | ShapeError} unless both are float tensors of one shape: a target that
 * broadcasts is nearly always a mistake, and trains something else.
 */
export function checkPair(where: string, input: unknown, target: unknown): void {
  const a = checkFloat(where, 'input', input)
  const b = checkFloat(where, 'target', target)
  if (!sameShape(a.shape, b.shape)) {
    throw new ShapeError(
      `${where}: the target has shape ${showShape(b.shape)}, the input ${showShape(a.shape)}; they must be equal: ` +
        'reshape, squeeze or unsqueeze one of them',
    )
  }
}

/** @throws {DTypeError | ShapeError} unless `x` is a float tensor that broadcasts to `shape`. */
export function checkBroadcasts(where: string, what: string, x: unknown, shape: Shape): void {
  const own = checkFloat(where, what, x).shape
  const added = shape.length - own.length
  if (added < 0 || own.some((size, d) => size !== 1 && size !== shape[d + added])) {
    throw new ShapeError(
      `${where}: the ${what} of shape ${showShape(own)} does not broadcast to the input's ${showShape(shape)}`,
    )
  }
}
