import type { Operand } from '../../../core/src/backend.ts'
import { track } from '../../../core/src/backends/interpreted.ts'
import { walk } from '../../../core/src/backends/odometer.ts'
import { Layout } from '../../../core/src/layout.ts'
import { Storage } from '../../../core/src/storage.ts'

/** Contiguous zeros in float64. */
export function zeros(shape: readonly number[]): Operand {
  const layout = Layout.contiguous(shape)
  return { storage: Storage.allocate('float64', layout.numel), layout }
}

/** A contiguous copy in float64. */
export function dense(x: Operand, change = (value: number): number => value): Operand {
  const copy = zeros(x.layout.shape)
  let at = 0
  walk(x.layout.shape, [track(x)], ([from]) => {
    copy.storage.array[at++] = change(x.storage.array[from])
  })
  return copy
}

/** All memory of an operand, in float64: elements may be written beyond its sizes. */
export function copyOf({ storage, layout }: Operand, change: (value: number) => number): Operand {
  const { array, offset, length } = storage
  const copy = Storage.allocate('float64', Math.max(1, length))
  for (let i = 0; i < length; i++) copy.array[i] = change(array[offset + i])
  return { storage: copy, layout }
}

export const magnitudes = (x: Operand): Operand => dense(x, Math.abs)

/** The sum of contiguous operands. */
export function combine([first, ...others]: readonly Operand[]): Operand {
  for (const { storage } of others) {
    storage.array.forEach((value, i) => (first.storage.array[i] += value))
  }
  return first
}

/** The product of two contiguous operands; 0 times anything is 0. */
export function product(a: Operand, b: Operand): Operand {
  a.storage.array.forEach((value, i) => {
    const other = b.storage.array[i]
    a.storage.array[i] = other === 0 ? 0 : value * other
  })
  return a
}

/** Writes what is contiguous into any layout. */
export function write(from: Operand, to: Operand): void {
  let at = 0
  walk(to.layout.shape, [track(to)], ([place]) => {
    to.storage.array[place] = from.storage.array[at++]
  })
}

/** What came before each element along `dim`, or comes behind it, and 0 before the first. */
export function shifted(x: Operand, dim: number, behind: boolean): Operand {
  const from = dense(x)
  const { shape } = x.layout
  const inner = shape.slice(dim + 1).reduce((all, size) => all * size, 1)
  const out = zeros(shape)
  const size = shape[dim]
  out.storage.array.forEach((_, i) => {
    const place = Math.floor(i / inner) % size
    const other = behind ? place + 1 : place - 1
    if (other < 0 || other >= size) return
    out.storage.array[i] = from.storage.array[i + (other - place) * inner]
  })
  return out
}
