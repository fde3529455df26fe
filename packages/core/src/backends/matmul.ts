import type { Operand } from '../backend.ts'
import type { TypedArray } from '../dtype.ts'
import { gemms, type Gemm, type Matrix } from './gemm.ts'
import { walk, type Track } from './odometer.ts'
import { specialized } from './specialize.ts'

/** Up to so many multiplications, nothing that packs matrices is faster. */
const SMALL = 2048

/**
 * `out = a · b` for one pair of matrices with any strides, straight from memory, two rows of four results
 * at a time. Products of 32-bit integers (`ints`) wrap around, which sums of float64 would lose.
 */
function stridedProduct(
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
  for (let i = 0; i < m; i += 2) {
    // Where there is no second row, the first one is worked out twice.
    const aNext = i + 1 < m ? aRow : 0
    const outNext = i + 1 < m ? outRow : 0
    const aStart = a0 + i * aRow
    let bStart = b0
    let to = out0 + i * outRow
    let left = n
    for (; left > single; left -= 4, bStart += 4 * bCol, to += 4 * outCol) {
      let c0 = 0
      let c1 = 0
      let c2 = 0
      let c3 = 0
      let d0 = 0
      let d1 = 0
      let d2 = 0
      let d3 = 0
      let p = aStart
      let q = bStart
      for (let l = 0; l < k; l++, p += aCol, q += bRow) {
        const x = a[p]!
        const y = a[p + aNext]!
        const z0 = b[q]!
        c0 += x * z0
        d0 += y * z0
        const z1 = b[q + bCol]!
        c1 += x * z1
        d1 += y * z1
        const z2 = b[q + 2 * bCol]!
        c2 += x * z2
        d2 += y * z2
        const z3 = b[q + 3 * bCol]!
        c3 += x * z3
        d3 += y * z3
      }
      const below = to + outNext
      out[below] = d0
      out[below + outCol] = d1
      out[below + 2 * outCol] = d2
      out[below + 3 * outCol] = d3
      out[to] = c0
      out[to + outCol] = c1
      out[to + 2 * outCol] = c2
      out[to + 3 * outCol] = c3
    }
    for (; left > 0; left--, bStart += bCol, to += outCol) {
      let c = 0
      let d = 0
      let p = aStart
      let q = bStart
      for (let l = 0; l < k; l++, p += aCol, q += bRow) {
        const x = b[q]!
        c = ints ? (c + Math.imul(a[p]!, x)) | 0 : c + a[p]! * x
        d = ints ? (d + Math.imul(a[p + aNext]!, x)) | 0 : d + a[p + aNext]! * x
      }
      out[to + outNext] = d
      out[to] = c
    }
  }
}

const strided = specialized(stridedProduct)

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
  const { shape } = out.layout
  const m = shape[shape.length - 2]!
  const n = shape[shape.length - 1]!
  const k = a.layout.shape[shape.length - 1]!
  const { dtype } = out.storage
  const ints = dtype === 'int32'
  for (const gemm of gemms) {
    if (ints || !worth(gemm, m * n * k)) continue
    if (gemm.multiply(m, n, k, matrixAt(a, a0), matrixAt(b, b0), matrixAt(out, out0))) return
  }
  const x = matrixAt(a, a0)
  const y = matrixAt(b, b0)
  const z = matrixAt(out, out0)
  const run = strided(dtype)
  // Narrow ones as their transposes, whose rows are longer.
  if (n >= 4) {
    run(
      x.array, x.start, x.row, x.column, y.array, y.start, y.row, y.column,
      z.array, z.start, n, 1, m, n, k, ints,
    ) // prettier-ignore
  } else {
    run(
      y.array, y.start, y.column, y.row, x.array, x.start, x.column, x.row,
      z.array, z.start, 1, n, n, m, k, ints,
    ) // prettier-ignore
  }
}
