import type { Operand } from '../backend.ts'
import { Layout } from '../layout.ts'
import { rowsOf } from './rows.ts'

/** `x` over the shape of `index`, standing still along `dim`, where the index says how far to go. */
function anchored({ storage, layout }: Operand, dim: number, index: Operand): Operand {
  const strides = layout.strides.slice()
  strides[dim] = 0
  return { storage, layout: new Layout(index.layout.shape, strides, layout.offset) }
}

/** See {@link Backend.gather}. */
export function gather(x: Operand, dim: number, index: Operand, out: Operand): void {
  const source = x.storage.array
  const indices = index.storage.array
  const target = out.storage.array
  const stride = x.layout.strides[dim]!
  const rows = rowsOf(index.layout.shape, [anchored(x, dim, index), index, out])
  const [fromStep, atStep, toStep] = rows.steps
  rows.each((starts) => {
    let [from, at, to] = starts as [number, number, number]
    for (let i = 0; i < rows.length; i++) {
      target[to] = source[from + indices[at]! * stride]!
      from += fromStep!
      at += atStep!
      to += toStep!
    }
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
  const source = x.storage.array
  const indices = index.storage.array
  const target = out.storage.array
  const stride = out.layout.strides[dim]!
  const rows = rowsOf(index.layout.shape, [x, index, anchored(out, dim, index)])
  const [fromStep, atStep, toStep] = rows.steps
  rows.each((starts) => {
    let [from, at, to] = starts as [number, number, number]
    for (let i = 0; i < rows.length; i++) {
      const place = to + indices[at]! * stride
      target[place] = adds ? target[place]! + source[from]! : source[from]!
      from += fromStep!
      at += atStep!
      to += toStep!
    }
  })
}
