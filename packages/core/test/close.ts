import type { Tensor } from '../src/index.ts'

/** A number as the fixtures write it: JSON has neither NaN nor infinities. */
export type Encoded = number | boolean | 'nan' | 'inf' | '-inf'

/** What a tensor should be: its elements in row-major order, with shape and dtype. */
export interface Described {
  shape: number[]
  dtype: string
  values: Encoded[]
}

const NON_FINITE: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity }

export function decode(value: Encoded): number {
  return typeof value === 'string' ? NON_FINITE[value] : Number(value)
}

/** float32 is rounded inside of ops; everything that is not a float is exact. */
const TOLERANCE: Record<string, number> = { float64: 1e-12, float32: 1e-6 }

/**
 * How `actual` differs from the expected shape, dtype and elements, in words; empty where it doesn't.
 * The tolerance is relative to the whole array: |a − b| ≤ tolerance · max|b| over the finite b.
 * NaN matches NaN, an infinity itself.
 */
export function differences(
  actual: Tensor,
  expected: Described,
  what: string,
  tolerance: number = TOLERANCE[expected.dtype] ?? 0,
): string[] {
  const seen = `${actual.dtype} [${actual.shape.join(', ')}]`
  const wanted = `${expected.dtype} [${expected.shape.join(', ')}]`
  if (seen !== wanted) return [`${what} is ${seen}, expected ${wanted}`]
  const worst = farthest(
    Array.from(actual.data as ArrayLike<number | boolean>, Number),
    expected.values.map(decode),
    tolerance,
  )
  return worst === undefined ? [] : [`${what}: ${worst}`]
}

/** What is wrong with the worst element, or undefined where all are close. */
export function farthest(a: number[], b: number[], tolerance: number): string | undefined {
  if (a.length !== b.length) return `${a.length} elements, expected ${b.length}`
  const allowed = tolerance * Math.max(0, ...b.filter(Number.isFinite).map(Math.abs))
  let worst = -1
  let distance = allowed
  for (const [i, expected] of b.entries()) {
    const off = distanceOf(a[i], expected)
    if (off > distance) {
      worst = i
      distance = off
    }
  }
  if (worst < 0) return undefined
  return `element ${worst} is ${a[worst]}, expected ${b[worst]}; off by ${distance}, allowed ${allowed}`
}

function distanceOf(a: number, b: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0
  const distance = Math.abs(a - b)
  return Number.isNaN(distance) ? Infinity : distance
}
