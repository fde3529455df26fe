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

/** `'each'` element is compared on its own; where `'signed'`, zeros are by their sign, too. */
export type Comparison = 'each' | 'signed'

/**
 * How `actual` differs from the expected shape, dtype and elements, in words; empty where it doesn't.
 * Unless `compare` says otherwise the tolerance is relative to the whole array:
 * |a − b| ≤ tolerance · max|b| over the finite b. NaN matches NaN, an infinity itself.
 */
export function differences(
  actual: Tensor,
  expected: Described,
  what: string,
  compare?: Comparison,
): string[] {
  const seen = `${actual.dtype} [${actual.shape.join(', ')}]`
  const wanted = `${expected.dtype} [${expected.shape.join(', ')}]`
  if (seen !== wanted) return [`${what} is ${seen}, expected ${wanted}`]
  const worst = farthest(
    Array.from(actual.data as ArrayLike<number | boolean>, Number),
    expected.values.map(decode).map(expected.dtype === 'float32' ? Math.fround : Number),
    TOLERANCE[expected.dtype] ?? 0,
    compare,
  )
  return worst === undefined ? [] : [`${what}: ${worst}`]
}

/** What is wrong with the worst element, or undefined where all are close. */
export function farthest(
  a: number[],
  b: number[],
  tolerance: number,
  compare?: Comparison,
): string | undefined {
  if (a.length !== b.length) return `${a.length} elements, expected ${b.length}`
  const largest = Math.max(0, ...b.filter(Number.isFinite).map(Math.abs))
  let worst: string | undefined
  let excess = 0
  for (const [i, expected] of b.entries()) {
    const allowed =
      tolerance * (compare && Number.isFinite(expected) ? Math.abs(expected) : largest)
    const off = distanceOf(a[i], expected, compare === 'signed')
    if (off - allowed > excess) {
      excess = off - allowed
      worst = `element ${i} is ${show(a[i])}, expected ${show(expected)}; off by ${off}, allowed ${allowed}`
    }
  }
  return worst
}

const show = (x: number): string => (Object.is(x, -0) ? '-0' : `${x}`)

function distanceOf(a: number, b: number, signed: boolean): number {
  if (Object.is(a, b) || (a === b && !signed)) return 0
  if (a === b) return Infinity
  const distance = Math.abs(a - b)
  return Number.isNaN(distance) ? Infinity : distance
}
