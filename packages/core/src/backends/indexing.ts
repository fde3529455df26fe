import type { Operand } from '../backend.ts'
import { Layout } from '../layout.ts'
import type { TypedArray } from '../dtype.ts'
import { rowsOf } from './rows.ts'
import { specialized } from './specialize.ts'

/** `x` over the shape of `index`, standing still along `dim`, where the index says how far to go. */
function anchored({ storage, layout }: Operand, dim: number, index: Operand): Operand {
  const strides = layout.strides.slice()
  strides[dim] = 0
  return { storage, layout: new Layout(index.layout.shape, strides, layout.offset) }
}

/** One row: `out[i] = x[index[i]]`. */
function pick(
  x: TypedArray,
  from: number,
  fromStep: number,
  stride: number,
  index: TypedArray,
  at: number,
  atStep: number,
  out: TypedArray,
  to: number,
  toStep: number,
  n: number,
): void {
  for (; n > 0; n--, from += fromStep, at += atStep, to += toStep) {
    out[to] = x[from + index[at]! * stride]!
  }
}

/** One row: `out[index[i]] = x[i]`. */
function put(
  x: TypedArray,
  from: number,
  fromStep: number,
  index: TypedArray,
  at: number,
  atStep: number,
  out: TypedArray,
  to: number,
  toStep: number,
  stride: number,
  n: number,
): void {
  for (; n > 0; n--, from += fromStep, at += atStep, to += toStep) {
    out[to + index[at]! * stride] = x[from]!
  }
}

/** One row: `out[index[i]] += x[i]`. A flag in one loop for both would double its time. */
function addTo(
  x: TypedArray,
  from: number,
  fromStep: number,
  index: TypedArray,
  at: number,
  atStep: number,
  out: TypedArray,
  to: number,
  toStep: number,
  stride: number,
  n: number,
): void {
  for (; n > 0; n--, from += fromStep, at += atStep, to += toStep) {
    out[to + index[at]! * stride]! += x[from]!
  }
}

const pickers = specialized(pick)
const putters = specialized(put)
const adders = specialized(addTo)

/** See {@link Backend.gather}. */
export function gather(x: Operand, dim: number, index: Operand, out: Operand): void {
  const [source, indices, target] = [x, index, out].map(({ storage }) => storage.array)
  const stride = x.layout.strides[dim]!
  const rows = rowsOf(index.layout.shape, [anchored(x, dim, index), index, out])
  const [a, b, c] = rows.steps as [number, number, number]
  const run = pickers(x.storage.dtype)
  rows.each(([from, at, to]) => {
    run(source!, from!, a, stride, indices!, at!, b, target!, to!, c, rows.length)
  })
}

/** See {@link Backend.scatterAdd}. */
export function scatterAdd(x: Operand, dim: number, index: Operand, out: Operand): void {
  write(x, dim, index, out, true)
}

/** See {@link Backend.scatter}. */
export function scatter(x: Operand, dim: number, index: Operand, out: Operand): void {
  write(x, dim, index, out, false)
}

function write(x: Operand, dim: number, index: Operand, out: Operand, adds: boolean): void {
  const [source, indices, target] = [x, index, out].map(({ storage }) => storage.array)
  const stride = out.layout.strides[dim]!
  const rows = rowsOf(index.layout.shape, [x, index, anchored(out, dim, index)], true)
  const [a, b, c] = rows.steps as [number, number, number]
  const run = (adds ? adders : putters)(out.storage.dtype)
  rows.each(([from, at, to]) => {
    run(source!, from!, a, indices!, at!, b, target!, to!, c, stride, rows.length)
  })
}
