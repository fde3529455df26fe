import type { TypedArray } from '../dtype.ts'

/** Where a matrix lies in memory, in elements. */
export interface Matrix {
  readonly array: TypedArray
  readonly start: number
  readonly row: number
  readonly column: number
}

/**
 * A faster way to multiply matrices: `out = a · b` of `[m, k]` and `[k, n]`, where `out` is row-major
 * and overlaps neither. All three hold float32, or all float64. Says whether it did.
 */
export interface Gemm {
  readonly name: string
  /** Products of fewer multiplications are not offered; left out, some 2,000. */
  readonly atLeast?: number
  multiply(m: number, n: number, k: number, a: Matrix, b: Matrix, out: Matrix): boolean
  /**
   * The same for a batch, which is offered here first. `starts` says where a, b and out of each product
   * begin, one after the other; strides are the same for all.
   */
  multiplyBatch?(
    m: number,
    n: number,
    k: number,
    a: Matrix,
    b: Matrix,
    out: Matrix,
    starts: readonly number[],
  ): boolean
}

const faster: Gemm[] = []

/** Puts a way to multiply matrices before all others that are there; what it declines, they do. */
export function useGemm(gemm: Gemm): void {
  faster.unshift(gemm)
}

/** Takes it away again. */
export function dropGemm(gemm: Gemm): void {
  const at = faster.indexOf(gemm)
  if (at >= 0) faster.splice(at, 1)
}

/** The ways to multiply that are tried before plain loops, in their order. */
export const gemms: readonly Gemm[] = faster
