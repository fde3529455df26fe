export type Float = 'float32' | 'float64'

/** Numbers and the shape that they are meant for. */
export interface Spread {
  readonly values: Float32Array | Float64Array
  readonly shape: number[]
}

const GOLDEN_RATIO = 0.6180339887498949

/**
 * Numbers over [-scale, scale) that look random, from the fractions of multiples of squares: the same in
 * every language with IEEE doubles. Each seed gives others.
 */
export function spread(
  shape: readonly number[],
  seed: number,
  { scale = 1, dtype = 'float32' }: { scale?: number; dtype?: Float } = {},
): Spread {
  const size = shape.reduce((product, length) => product * length, 1)
  const values = dtype === 'float32' ? new Float32Array(size) : new Float64Array(size)
  const factor = (GOLDEN_RATIO * (seed + 1)) % 1
  for (let i = 0; i < size; i++) values[i] = (((i * i * factor) % 1) * 2 - 1) * scale
  return { values, shape: [...shape] }
}

export function zeros(shape: readonly number[]): Spread {
  return spread(shape, 0, { scale: 0 })
}

/** The rows of nested lists, flat. */
export function rows(lists: readonly (readonly number[])[]): Spread {
  return { values: Float64Array.from(lists.flat()), shape: [lists.length, lists[0].length] }
}
