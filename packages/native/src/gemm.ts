import type { Gemm, Matrix, TypedArray } from '@gradtape/core'
import { AS_IT_LIES, ROW_MAJOR, TRANSPOSED, type Cblas } from './cblas.ts'
import type { Foreign } from './foreign.ts'

/**
 * Products of fewer multiplications stay in JavaScript, where they cost less than a call to BLAS. On
 * Node 20 with OpenBLAS, a matmul of 6 × 6 × 6 took 1.0 µs so and 0.7 in JavaScript, one of 8 × 8 × 8
 * 1.0 and 1.2 (float64: 1.2 and 1.3), one of 12 × 12 × 12 1.4 and 3.7.
 */
const LEAST = 512

/** What an `int` of C holds. */
const LARGEST = 2 ** 31 - 1

type Floats = Float32Array | Float64Array

/** How BLAS reads a matrix where it lies: rows (or columns, if transposed) `lead` elements apart. */
interface Reading {
  readonly transposed: boolean
  readonly lead: number
}

/**
 * How BLAS reads a matrix, or null when it can't: neither rows nor columns are dense, or they overlap.
 */
export function readingOf(
  rows: number,
  columns: number,
  row: number,
  column: number,
): Reading | null {
  if ((columns === 1 || column === 1) && (rows === 1 || row >= columns)) {
    return { transposed: false, lead: rows === 1 ? columns : row }
  }
  if ((rows === 1 || row === 1) && (columns === 1 || column >= rows)) {
    return { transposed: true, lead: columns === 1 ? rows : column }
  }
  return null
}

/** The arrays of the call that is under way, as their addresses are good only while they are held. */
const held: { a: TypedArray | null; b: TypedArray | null; out: TypedArray | null } = {
  a: null,
  b: null,
  out: null,
}

/** Room for packed matrices, kept from call to call; one for each side and dtype. */
const rooms = new Map<string, Floats>()

/** Products by a BLAS. Matrices are read where they lie; what BLAS can't read so is packed by a copy. */
export class BlasGemm implements Gemm {
  readonly name: string
  readonly atLeast: number = LEAST
  readonly #blas: Cblas
  readonly #foreign: Foreign

  constructor(blas: Cblas, foreign: Foreign) {
    this.name = blas.maker.name
    this.#blas = blas
    this.#foreign = foreign
  }

  multiply(m: number, n: number, k: number, a: Matrix, b: Matrix, out: Matrix): boolean {
    return this.multiplyBatch(m, n, k, a, b, out, [a.start, b.start, out.start])
  }

  multiplyBatch(
    m: number,
    n: number,
    k: number,
    a: Matrix,
    b: Matrix,
    out: Matrix,
    starts: readonly number[],
  ): boolean {
    const { array } = out
    const single = array instanceof Float32Array
    if (!single && !(array instanceof Float64Array)) return false
    const readA = readingOf(m, k, a.row, a.column)
    const readB = readingOf(k, n, b.row, b.column)
    const left = readA ?? packedRows(k)
    const right = readB ?? packedRows(n)
    if (Math.min(m, n, k) < 1 || Math.max(m, n, k, left.lead, right.lead) > LARGEST) return false
    if (readA && !within(a, starts, 0, m, k)) return false
    if (readB && !within(b, starts, 1, k, n)) return false
    if (!within(out, starts, 2, m, n)) return false
    held.a = readA ? a.array : roomFor('a', array, m * k)
    held.b = readB ? b.array : roomFor('b', array, k * n)
    held.out = array
    const atA = Number(this.#foreign.address(held.a))
    const atB = Number(this.#foreign.address(held.b))
    const atOut = Number(this.#foreign.address(array))
    const gemm = single ? this.#blas.sgemm : this.#blas.dgemm
    const transA = left.transposed ? TRANSPOSED : AS_IT_LIES
    const transB = right.transposed ? TRANSPOSED : AS_IT_LIES
    const size = array.BYTES_PER_ELEMENT
    for (let i = 0; i < starts.length; i += 3) {
      const startA = starts[i]!
      const startB = starts[i + 1]!
      if (readA === null && startA !== starts[i - 3]) pack(a, startA, m, k, held.a)
      if (readB === null && startB !== starts[i - 2]) pack(b, startB, k, n, held.b)
      const placeA = atA + (readA ? startA * size : 0)
      const placeB = atB + (readB ? startB * size : 0)
      const placeOut = atOut + starts[i + 2]! * size
      // prettier-ignore
      gemm(
        ROW_MAJOR, transA, transB, m, n, k,
        1, placeA, left.lead, placeB, right.lead,
        0, placeOut, n,
      )
    }
    held.a = held.b = held.out = null
    return true
  }
}

/** Whether all matrices lie in their array: one that was detached, say, has no elements. */
function within(
  { array, row, column }: Matrix,
  starts: readonly number[],
  first: number,
  rows: number,
  columns: number,
): boolean {
  const beyond = array.length - (rows - 1) * row - (columns - 1) * column
  for (let i = first; i < starts.length; i += 3) if (starts[i]! >= beyond) return false
  return true
}

const packedRows = (columns: number): Reading => ({ transposed: false, lead: columns })

function roomFor(name: string, { BYTES_PER_ELEMENT }: Floats, length: number): Floats {
  const key = `${name}${BYTES_PER_ELEMENT}`
  let room = rooms.get(key)
  if (room === undefined || room.length < length) {
    room = BYTES_PER_ELEMENT === 4 ? new Float32Array(length) : new Float64Array(length)
    rooms.set(key, room)
  }
  return room
}

/** Copies a matrix to the start of an array, row by row. */
function pack(from: Matrix, start: number, rows: number, columns: number, to: TypedArray): void {
  const { array, row, column } = from
  let at = 0
  for (let i = 0; i < rows; i++) {
    let p = start + i * row
    for (let j = 0; j < columns; j++, p += column) to[at++] = array[p]!
  }
}
