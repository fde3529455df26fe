import fc from 'fast-check'

export interface ShapesConstraints {
  /** The least number of dims; 0 unless given. */
  readonly minDims?: number
  /** The largest number of dims; 3 unless given. */
  readonly maxDims?: number
  /** The least size of a dim; 0 unless given. */
  readonly minSize?: number
  /** The largest size of a dim; 4 unless given. */
  readonly maxSize?: number
  /** The largest number of elements; 24 unless given. */
  readonly maxElements?: number
}

/** Shapes of small tensors: 0-d and empty ones and sizes of 1 occur. */
export function shapes({
  minDims = 0,
  maxDims = Math.max(3, minDims),
  minSize = 0,
  maxSize = 4,
  maxElements = 24,
}: ShapesConstraints = {}): fc.Arbitrary<number[]> {
  const empty = { weight: 1, arbitrary: fc.constant(0) }
  const filled = fc.integer({ min: Math.max(1, minSize), max: maxSize })
  // A single size of 0 empties the whole tensor, so it is rare.
  const sizes = minSize > 0 ? filled : fc.oneof({ weight: 24, arbitrary: filled }, empty)
  return fc
    .array(sizes, { minLength: minDims, maxLength: maxDims, size: 'max' })
    .map((shape) => limited(shape, Math.max(1, minSize), maxElements))
}

/** The shape with its largest sizes made smaller until it has few enough elements. */
function limited(shape: readonly number[], least: number, maxElements: number): number[] {
  const out = shape.slice()
  while (out.reduce((product, size) => product * size, 1) > maxElements) {
    const largest = Math.max(...out)
    if (largest <= least) break
    out[out.indexOf(largest)] = largest - 1
  }
  return out
}
