import type { Operand } from '../backend.ts'
import { walk } from './odometer.ts'

/** See {@link Backend.recurrence}. */
export function recurrence(
  a: Operand,
  b: Operand,
  dim: number,
  reverse: boolean,
  out: Operand,
): void {
  const { shape } = out.layout
  const n = shape[dim]!
  const ints = out.storage.dtype === 'int32'
  const operands = [a, b, out]
  const steps = operands.map(({ layout }) => (reverse ? -1 : 1) * layout.strides[dim]!)
  const [aStep, bStep, outStep] = steps as [number, number, number]
  const tracks = operands.map(({ storage, layout }, k) => ({
    strides: layout.strides.toSpliced(dim, 1),
    offset: storage.offset + layout.offset - (reverse ? (n - 1) * steps[k]! : 0),
  }))
  const factors = a.storage.array
  const terms = b.storage.array
  const target = out.storage.array
  if (n === 0) return
  walk(shape.toSpliced(dim, 1), tracks, ([p, q, r]) => {
    let value = terms[q!]!
    target[r!] = value
    // The factor between two places stands at the later one, whichever way we go.
    let at = reverse ? p! : p! + aStep
    let from = q! + bStep
    let to = r! + outStep
    for (let i = 1; i < n; i++) {
      const factor = factors[at]!
      value = ints ? (Math.imul(factor, value) + terms[from]!) | 0 : factor * value + terms[from]!
      target[to] = value
      at += aStep
      from += bStep
      to += outStep
    }
  })
}
