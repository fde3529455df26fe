import type { DType } from './dtype.ts'

/** How elements stand in memory, where that is not as their number. */
export interface Encoding {
  read(stored: any): number
  write(value: number): any
}

const single = new Float32Array(1)
const bits = new Uint32Array(single.buffer)

/** By dtype. Halves round to the nearest float32 first, then to the nearest half, ties to even. */
export const encodings: Readonly<Partial<Record<DType, Encoding>>> = {
  int64: {
    read: Number,
    // Too large ones wrap, and what is no number is 0, as in the arrays of smaller integers.
    write: (value) => (Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n),
  },
  float16: {
    read(half: number): number {
      // The exponents are biased by 15 and 127: a float32 of the same bits is 2^112 times smaller.
      bits[0] = (half & 0x7fff) << 13
      const size = single[0]! * 2 ** 112
      return (half < 0x8000 ? 1 : -1) * (size < 65536 ? size : size > 65536 ? NaN : Infinity)
    },
    write(value): number {
      single[0] = value
      const sign = (bits[0]! >>> 16) & 0x8000
      const size = Math.abs(single[0]!)
      if (value !== value) return 0x7e00
      if (size >= 65520) return sign | 0x7c00
      if (size < 2 ** -14) {
        // Added to a half, where a float32 counts in steps of 2^-24 as subnormals do.
        single[0] = size + 0.5
        return sign | (bits[0]! - 0x3f000000)
      }
      return sign | (nearest(bits[0]! & 0x7fffffff, 13) - (112 << 10))
    },
  },
  bfloat16: {
    read(half: number): number {
      bits[0] = half << 16
      return single[0]!
    },
    write(value): number {
      single[0] = value
      return value !== value ? 0x7fc0 : nearest(bits[0]!, 16)
    },
  },
}

/** Drops the last `count` bits, rounding to the nearest, of two to the even one. */
function nearest(x: number, count: number): number {
  return (x + 2 ** (count - 1) - 1 + ((x >>> count) & 1)) >>> count
}
