import type { Operand } from '../backend.ts'
import type { TypedArray } from '../dtype.ts'
import { gemms, type Gemm, type Matrix } from './gemm.ts'
import { walk, type Track } from './odometer.ts'
import { specialized } from './specialize.ts'

/** Below this many multiplications, packing costs more than it saves. */
const SMALL = 2048

/**
 * `out = a · b` for one pair of matrices with any strides, straight from memory, four results of a row
 * at a time. Products of 32-bit integers (`ints`) wrap around, which sums of float64 would lose.
 */
function smallProduct(
  a: TypedArray,
  a0: number,
  aRow: number,
  aCol: number,
  b: TypedArray,
  b0: number,
  bRow: number,
  bCol: number,
  out: TypedArray,
  out0: number,
  outRow: number,
  outCol: number,
  m: number,
  n: number,
  k: number,
  ints: boolean,
): void {
  const single = ints ? n : n % 4
  for (let i = 0; i < m; i++) {
    const aStart = a0 + i * aRow
    let bStart = b0
    let to = out0 + i * outRow
    let left = n
    for (; left > single; left -= 4, bStart += 4 * bCol, to += 4 * outCol) {
      let c0 = 0
      let c1 = 0
      let c2 = 0
      let c3 = 0
      let p = aStart
      let q = bStart
      for (let l = 0; l < k; l++, p += aCol, q += bRow) {
        const x = a[p]!
        c0 += x * b[q]!
        c1 += x * b[q + bCol]!
        c2 += x * b[q + 2 * bCol]!
        c3 += x * b[q + 3 * bCol]!
      }
      out[to] = c0
      out[to + outCol] = c1
      out[to + 2 * outCol] = c2
      out[to + 3 * outCol] = c3
    }
    for (; left > 0; left--, bStart += bCol, to += outCol) {
      let sum = 0
      let p = aStart
      let q = bStart
      if (ints) {
        for (let l = 0; l < k; l++, p += aCol, q += bRow) sum = (sum + Math.imul(a[p]!, b[q]!)) | 0
      } else {
        for (let l = 0; l < k; l++, p += aCol, q += bRow) sum += a[p]! * b[q]!
      }
      out[to] = sum
    }
  }
}

/** Panels of four rows, interleaved, so that the inner loop reads memory in order; zeros fill the last. */
function pack(
  x: TypedArray,
  start: number,
  along: number,
  across: number,
  rows: number,
  k: number,
  panels: Float64Array,
): void {
  let to = 0
  for (let i = 0; i < rows; i += 4) {
    let from = start + i * across
    if (i + 4 <= rows) {
      for (let l = 0; l < k; l++, to += 4, from += along) {
        panels[to] = x[from]!
        panels[to + 1] = x[from + across]!
        panels[to + 2] = x[from + 2 * across]!
        panels[to + 3] = x[from + 3 * across]!
      }
    } else {
      for (let l = 0; l < k; l++, to += 4, from += along) {
        for (let r = 0; r < 4; r++) panels[to + r] = i + r < rows ? x[from + r * across]! : 0
      }
    }
  }
}

/** Products of packed panels, a block of 4 × 2 in registers; sums run over rising k in float64. */
function packedProduct(
  pa: Float64Array,
  pb: Float64Array,
  out: TypedArray,
  out0: number,
  m: number,
  n: number,
  k: number,
): void {
  for (let j = 0; j < n; j += 4) {
    for (let half = 0; half < 4 && j + half < n; half += 2) {
      for (let i = 0; i < m; i += 4) {
        let c00 = 0,
          c10 = 0,
          c20 = 0,
          c30 = 0
        let c01 = 0,
          c11 = 0,
          c21 = 0,
          c31 = 0
        let p = i * k
        let q = j * k + half
        for (let l = 0; l < k; l++, p += 4, q += 4) {
          const b0 = pb[q]!
          const b1 = pb[q + 1]!
          const a0 = pa[p]!
          c00 += a0 * b0
          c01 += a0 * b1
          const a1 = pa[p + 1]!
          c10 += a1 * b0
          c11 += a1 * b1
          const a2 = pa[p + 2]!
          c20 += a2 * b0
          c21 += a2 * b1
          const a3 = pa[p + 3]!
          c30 += a3 * b0
          c31 += a3 * b1
        }
        const to = out0 + i * n + j + half
        const rows = m - i
        const both = j + half + 1 < n
        out[to] = c00
        if (both) out[to + 1] = c01
        if (rows > 1) {
          out[to + n] = c10
          if (both) out[to + n + 1] = c11
        }
        if (rows > 2) {
          out[to + 2 * n] = c20
          if (both) out[to + 2 * n + 1] = c21
        }
        if (rows > 3) {
          out[to + 3 * n] = c30
          if (both) out[to + 3 * n + 1] = c31
        }
      }
    }
  }
}

const small = specialized(smallProduct)
const packers = specialized(pack)
const products = specialized(packedProduct)

/** Room for panels, kept from call to call. */
let panelsA = new Float64Array(0)
let panelsB = new Float64Array(0)

/** See {@link Backend.matmul}. */
export function matmul(a: Operand, b: Operand, out: Operand): void {
  const { shape } = out.layout
  const batch = shape.length - 2
  const a0 = a.storage.offset + a.layout.offset
  const b0 = b.storage.offset + b.layout.offset
  const out0 = out.storage.offset + out.layout.offset
  if (batch === 0) {
    product(a, a0, b, b0, out, out0)
    return
  }
  const tracks: Track[] = [
    { strides: a.layout.strides.slice(0, batch), offset: a0 },
    { strides: b.layout.strides.slice(0, batch), offset: b0 },
    { strides: out.layout.strides.slice(0, batch), offset: out0 },
  ]
  const starts: number[] = []
  walk(shape.slice(0, batch), tracks, ([x, y, z]) => starts.push(x!, y!, z!))
  if (batched(a, b, out, starts)) return
  for (let i = 0; i < starts.length; i += 3) {
    product(a, starts[i]!, b, starts[i + 1]!, out, starts[i + 2]!)
  }
}

/** Whether the first way to multiply such matrices takes them all at once. */
function batched(a: Operand, b: Operand, out: Operand, starts: readonly number[]): boolean {
  if (out.storage.dtype === 'int32' || starts.length === 0) return false
  const [m, n] = out.layout.shape.slice(-2) as [number, number]
  const k = a.layout.shape.at(-1)!
  const gemm = gemms.find((one) => worth(one, m * n * k))
  const [left, right] = [matrixAt(a, starts[0]!), matrixAt(b, starts[1]!)]
  return !!gemm?.multiplyBatch?.(m, n, k, left, right, matrixAt(out, starts[2]!), starts)
}

const worth = (gemm: Gemm, work: number): boolean => work >= (gemm.atLeast ?? SMALL + 1)

function matrixAt({ storage, layout }: Operand, start: number): Matrix {
  const { strides } = layout
  const last = strides.length - 1
  return { array: storage.array, start, row: strides[last - 1]!, column: strides[last]! }
}

/** One pair of matrices: the last two dimensions, from the positions given. */
function product(a: Operand, a0: number, b: Operand, b0: number, out: Operand, out0: number): void {
  const row = out.layout.shape.length - 2
  const m = out.layout.shape[row]!
  const n = out.layout.shape[row + 1]!
  const k = a.layout.shape[row + 1]!
  const { array, dtype } = out.storage
  const ints = dtype === 'int32'
  const work = m * n * k
  if (!ints) {
    for (const gemm of gemms) {
      if (!worth(gemm, work)) continue
      const result = matrixAt(out, out0)
      if (gemm.multiply(m, n, k, matrixAt(a, a0), matrixAt(b, b0), result)) return
    }
  }
  const aRow = a.layout.strides[row]!
  const aCol = a.layout.strides[row + 1]!
  const bRow = b.layout.strides[row]!
  const bCol = b.layout.strides[row + 1]!
  const [x, y] = [a.storage.array, b.storage.array]
  if (ints || work <= SMALL) {
    // Narrow ones as their transposes, whose rows are longer.
    if (n >= 4) small(dtype)(x, a0, aRow, aCol, y, b0, bRow, bCol, array, out0, n, 1, m, n, k, ints)
    else small(dtype)(y, b0, bCol, bRow, x, a0, aCol, aRow, array, out0, 1, n, n, m, k, ints)
    return
  }
  if (panelsA.length < (m + 3) * k) panelsA = new Float64Array((m + 3) * k)
  if (panelsB.length < (n + 3) * k) panelsB = new Float64Array((n + 3) * k)
  packers(dtype)(x, a0, aCol, aRow, m, k, panelsA)
  packers(dtype)(y, b0, bRow, bCol, n, k, panelsB)
  products(dtype)(panelsA, panelsB, array, out0, m, n, k)
}
