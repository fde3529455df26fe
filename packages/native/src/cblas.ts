import type { ForeignFunction, Library } from './foreign.ts'
import type { Maker } from './libraries.ts'

/** The C interface's names for row-major storage, and for a matrix as it lies or transposed. */
export const ROW_MAJOR = 101
export const AS_IT_LIES = 111
export const TRANSPOSED = 112

/** A BLAS that has been tried. */
export interface Cblas {
  /** The name that it was opened by. */
  readonly file: string
  readonly maker: Maker
  readonly library: Library
  /**
   * `gemm(order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)`; a, b and c are
   * addresses.
   */
  readonly sgemm: ForeignFunction
  readonly dgemm: ForeignFunction
}
