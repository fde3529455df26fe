import { philox4x32 } from './philox.ts'

/**
 * Random arrays as functions of (seed, offset, index), elementwise: element i takes 64 bits, one half
 * of the Philox block with counter `offset + ⌊i / 2⌋`. So an array can be filled in pieces, in any
 * order, and in either float dtype: a float32 draw is the float64 one, shortened.
 *
 * In every `fill…`, `out[j]` becomes element `start + j`. Two fills share no bits when their ranges
 * of blocks are apart; `blocksFor(n)` says how many blocks n elements take.
 */

/** What is filled; a Float32Array rounds for itself. */
type NumberArray = Float64Array | Float32Array | Int32Array

const WORD = 2 ** 32
const words: Uint32Array = new Uint32Array(4)

/** The number of blocks (counters) that `length` elements take. */
export function blocksFor(length: number): number {
  return Math.ceil(length / 2)
}

function computeBlock(seed: number, block: number): void {
  philox4x32(words, block, Math.floor(block / WORD), 0, 0, seed, Math.floor(seed / WORD))
}

/** A double in [0, 1): the first 53 bits of half `half` (0 or 1) of the block in `words`. */
function unit(half: number): number {
  return (words[2 * half] * 2 ** 21 + (words[2 * half + 1] >>> 11)) / 2 ** 53
}

/** Calls `element(half, j)` for every j below `length`, with the block of element `start + j` in `words`. */
function forEachElement(
  length: number,
  seed: number,
  offset: number,
  start: number,
  element: (half: number, j: number) => void,
): void {
  let current = -1
  for (let j = 0; j < length; j++) {
    const index = start + j
    const block = offset + Math.floor(index / 2)
    if (block !== current) computeBlock(seed, block)
    current = block
    element(index % 2, j)
  }
}

/** Uniform on [0, 1): multiples of 2^−53 in float64, of 2^−24 in float32 (cut, so that 1 never occurs). */
export function fillUniform(
  out: Float64Array | Float32Array,
  seed: number,
  offset: number,
  start = 0,
): void {
  if (out instanceof Float32Array) {
    forEachElement(out.length, seed, offset, start, (half, j) => {
      out[j] = (words[2 * half] >>> 8) / 2 ** 24
    })
  } else {
    forEachElement(out.length, seed, offset, start, (half, j) => {
      out[j] = unit(half)
    })
  }
}

/**
 * Standard normal, by Box and Muller's transform of the block's two uniforms:
 * √(−2 ln(1 − u)) · (cos 2πv, sin 2πv). 1 − u is never 0; magnitudes reach 8.57.
 */
export function fillGaussian(
  out: Float64Array | Float32Array,
  seed: number,
  offset: number,
  start = 0,
): void {
  forEachElement(out.length, seed, offset, start, (half, j) => {
    const radius = Math.sqrt(-2 * Math.log(1 - unit(0)))
    const angle = 2 * Math.PI * unit(1)
    out[j] = radius * (half === 0 ? Math.cos(angle) : Math.sin(angle))
  })
}

/** Integers in [low, high): ⌊u · (high − low)⌋ of a 53-bit u, each off its share by 2^−21 of it at most. */
export function fillInteger(
  out: NumberArray,
  seed: number,
  offset: number,
  low: number,
  high: number,
  start = 0,
): void {
  // u · range stays below range: the largest u is one step of 2^−53 short of 1, and rounding takes less.
  forEachElement(out.length, seed, offset, start, (half, j) => {
    out[j] = low + Math.floor(unit(half) * (high - low))
  })
}

/** The integers 0 … out.length − 1 in random order (Fisher and Yates). */
export function fillPermutation(out: NumberArray, seed: number, offset: number): void {
  const length = out.length
  for (let i = 0; i < length; i++) out[i] = i
  forEachElement(length, seed, offset, 0, (half, j) => {
    const i = length - 1 - j
    const chosen = Math.floor(unit(half) * (i + 1))
    const kept = out[i]
    out[i] = out[chosen]
    out[chosen] = kept
  })
}
