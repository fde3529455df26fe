import { ShapeError, ValueError } from './errors.ts'

/** Sizes of the dimensions, outermost first. */
export type Shape = readonly number[]

export function numelOf(shape: Shape): number {
  let count = 1
  for (let i = 0; i < shape.length; i++) count *= shape[i]!
  return count
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** `[2, 3]`, as messages print it. */
export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}

/** Any value, as messages name it. */
export function showValue(x: unknown): string {
  if (Array.isArray(x)) return 'an array'
  if (typeof x === 'object' && x !== null) return 'an object'
  if (typeof x === 'function') return 'a function'
  return typeof x === 'string' ? `'${x}'` : String(x)
}

/** @throws {ShapeError} naming `where` unless `shape` is an array of sizes 0, 1, 2, … */
export function checkShape(where: string, shape: unknown): Shape {
  if (!Array.isArray(shape) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new ShapeError(
      `${where}: expected a shape, an array of sizes such as [2, 3], got ${Array.isArray(shape) ? `[${shape.map(showValue).join(', ')}]; sizes are 0, 1, 2, …` : showValue(shape)}`,
    )
  }
  return shape as Shape
}

/**
 * The shape that `a` and `b` broadcast to: aligned at the last dimension, sizes equal or 1.
 * @throws {ShapeError} naming `where` when they can't.
 */
export function broadcastShapes(where: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a
  const ndim = Math.max(a.length, b.length)
  const out = new Array<number>(ndim)
  for (let i = 1; i <= ndim; i++) {
    const m = i <= a.length ? a[a.length - i]! : 1
    const n = i <= b.length ? b[b.length - i]! : 1
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        `${where}: cannot broadcast ${showShape(a)} with ${showShape(b)}: sizes ${m} and ${n} meet at dimension ${-i}; ` +
          'they must be equal, or one of them 1',
      )
    }
    out[ndim - i] = m === 1 ? n : m
  }
  return out
}

/** `dim` counted from the front. @throws {ShapeError} naming `where` when there is no such dimension. */
export function normalizeDim(where: string, dim: number, ndim: number): number {
  const span = Math.max(ndim, 1)
  if (!Number.isInteger(dim)) {
    throw new ShapeError(
      `${where}: expected a dim, an integer from ${-span} to ${span - 1}, got ${showValue(dim)}`,
    )
  }
  if (dim < -span || dim >= span) {
    throw new ShapeError(
      `${where}: dim ${dim} is out of range for a tensor of ${ndim} dimensions; expected ${-span} to ${span - 1}`,
    )
  }
  return dim < 0 ? dim + span : dim
}

/** All dims of tensors with few, made once. */
const firstDims: readonly (readonly number[])[] = [[], [0], [0, 1], [0, 1, 2], [0, 1, 2, 3]]

/** Rising, distinct dims; all of them when none are given. */
export function normalizeDims(
  where: string,
  dims: number | readonly number[] | undefined,
  ndim: number,
): readonly number[] {
  if (dims === undefined) return firstDims[ndim] ?? Array.from({ length: ndim }, (_, i) => i)
  if (typeof dims === 'number') {
    const dim = normalizeDim(where, dims, ndim)
    return ndim === 0 ? [] : [dim]
  }
  if (!Array.isArray(dims)) {
    throw new ShapeError(`${where}: expected a dim or an array of dims, got ${showValue(dims)}`)
  }
  const list = dims.map((dim) => normalizeDim(where, dim, ndim)).sort((a, b) => a - b)
  for (let i = 1; i < list.length; i++) {
    if (list[i] === list[i - 1]) {
      throw new ShapeError(
        `${where}: dimension ${list[i]} appears twice in dims [${dims.join(', ')}]`,
      )
    }
  }
  return ndim === 0 ? [] : list
}

/** The shape left when `dims` (rising) are reduced. */
export function reducedShape(shape: Shape, dims: readonly number[], keepdim: boolean): Shape {
  if (keepdim) return shape.map((size, i) => (dims.includes(i) ? 1 : size))
  if (dims.length === shape.length) return firstDims[0]!
  return shape.filter((_, i) => !dims.includes(i))
}

/**
 * `shape` with its one -1 replaced by what `numel` leaves.
 * @throws {ShapeError} naming `where` when the sizes don't multiply to `numel`.
 */
export function inferShape(where: string, from: Shape, shape: Shape): Shape {
  const numel = numelOf(from)
  const unknown = shape.indexOf(-1)
  const fail = (reason: string): never => {
    throw new ShapeError(
      `${where}: cannot give ${showShape(from)} (${numel} elements) the shape ${showShape(shape)}: ${reason}`,
    )
  }
  if (shape.some((n) => !Number.isSafeInteger(n) || n < -1)) {
    fail('sizes are 0, 1, 2, …, and one may be -1')
  }
  if (unknown < 0) {
    if (numelOf(shape) !== numel) fail(`it has ${numelOf(shape)} elements`)
    return shape
  }
  if (shape.indexOf(-1, unknown + 1) >= 0) fail('only one size may be -1')
  const known = shape.reduce((product, n) => (n === -1 ? product : product * n), 1)
  if (known === 0) fail('-1 is ambiguous beside a size of 0')
  if (numel % known !== 0) fail(`${numel} is not a multiple of ${known}`)
  return shape.map((n) => (n === -1 ? numel / known : n))
}

/** @throws {ValueError} naming `where` unless `value` is a number. */
export function checkNumber(where: string, what: string, value: unknown): number {
  if (typeof value !== 'number') {
    throw new ValueError(`${where}: ${what} must be a number, got ${showValue(value)}`)
  }
  return value
}

/** @throws {ValueError} naming `where` unless `value` is an integer (and at least `least`, if given). */
export function checkInteger(where: string, what: string, value: unknown, least?: number): number {
  if (!Number.isSafeInteger(value) || (least !== undefined && (value as number) < least)) {
    throw new ValueError(
      `${where}: ${what} must be an integer${least === undefined ? '' : ` of at least ${least}`}, got ${showValue(value)}`,
    )
  }
  return value as number
}
