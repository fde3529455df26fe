import type { Foreign } from './foreign.ts'
import { AS_IT_LIES, ROW_MAJOR, TRANSPOSED, type Cblas } from './cblas.ts'

const [m, n, k] = [3, 4, 5]
/** Elements between the rows that belong to no matrix, and after the result. */
const PADDING = 2

/**
 * Multiplies small matrices, as they lie and transposed, in both dtypes. All numbers are small
 * integers, so that the result is exact, but for an infinity that meets a zero; the result's memory holds
 * NaN before.
 * @returns what came out other than it should, or null when all is well.
 */
export function wrongProduct(
  blas: Pick<Cblas, 'sgemm' | 'dgemm'>,
  foreign: Foreign,
): string | null {
  for (const [name, gemm, Floats] of [
    ['cblas_sgemm', blas.sgemm, Float32Array],
    ['cblas_dgemm', blas.dgemm, Float64Array],
  ] as const) {
    for (const [transA, transB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const a = laidOut(Floats, m, k, transA, left)
      const b = laidOut(Floats, k, n, transB, right)
      const out = new Floats(m * n + PADDING).fill(NaN)
      const [atA, atB, atOut] = [a.array, b.array, out].map((x) => Number(foreign.address(x)))
      const flags = [transA, transB].map((flag) => (flag ? TRANSPOSED : AS_IT_LIES))
      gemm(ROW_MAJOR, ...flags, m, n, k, 1, atA!, a.lead, atB!, b.lead, 0, atOut!, n)
      for (let i = 0; i < out.length; i++) {
        const expected = i < m * n ? entry(Math.floor(i / n), i % n) : NaN
        if (Object.is(out[i], expected)) continue
        return `${name}${transA ? ', a transposed' : ''}${transB ? ', b transposed' : ''}, gave ${out[i]} for ${expected}`
      }
    }
  }
  return null
}

/** Elements of the two matrices. Infinity in a's first row meets the zero in b's first column. */
const left = (i: number, l: number): number => (i === 0 && l === 1 ? Infinity : 2 * i - l + 1)
const right = (l: number, j: number): number => (l === 1 && j === 0 ? 0 : l * j - 3 * j + l + 1)

function entry(i: number, j: number): number {
  let sum = 0
  for (let l = 0; l < k; l++) sum += left(i, l) * right(l, j)
  return sum
}

function laidOut(
  Floats: Float32ArrayConstructor | Float64ArrayConstructor,
  rows: number,
  columns: number,
  transposed: boolean,
  element: (i: number, j: number) => number,
): { array: Float32Array | Float64Array; lead: number } {
  const [high, wide] = transposed ? [columns, rows] : [rows, columns]
  const lead = wide + PADDING
  const array = new Floats(high * lead).fill(NaN)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      array[transposed ? j * lead + i : i * lead + j] = element(i, j)
    }
  }
  return { array, lead }
}
