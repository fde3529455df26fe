import type { Backend } from '../backend.ts'
import type { TypedArray } from '../dtype.ts'
import { walk } from './odometer.ts'
import { specialized } from './specialize.ts'

type Softmax = Backend['softmax']

/** Runs many elements, if it can: says whether it did. */
export type RunRows = (...args: Parameters<Softmax>) => boolean

let inVectors: RunRows | null = null

/** Offers the softmax of many rows to `run` from now on. */
export function useSoftmax(run: RunRows | null): void {
  inVectors = run
}

/** From so many elements on it pays to carry them to the memory of other kernels and back. */
const MANY = 64

const runs = specialized(function softmaxRun(
  x: TypedArray,
  start: number,
  n: number,
  stride: number,
  logarithm: boolean,
  y: TypedArray,
  to: number,
  step: number,
): void {
  let top = -Infinity
  for (let i = 0; i < n; i++) top = Math.max(top, x[start + i * stride]!)
  // In parts, so that what is rounded off grows with their number and length only.
  let [total, part] = [0, 0]
  for (let i = 0; i < n; i++) {
    const share = Math.exp(x[start + i * stride]! - top)
    part += share
    if (i % 128 === 127) {
      total += part
      part = 0
    }
    if (!logarithm) y[to + i * step] = share
  }
  total += part
  // Not added to `top`, where digits of it would be lost.
  const rest = Math.log(total)
  for (let i = 0; i < n; i++) {
    const at = to + i * step
    y[at] = logarithm ? x[start + i * stride]! - top - rest : y[at]! / total
  }
})

/** See {@link Backend.softmax}. */
export const softmax: Softmax = (x, dim, logarithm, out) => {
  const { shape, strides, numel } = x.layout
  if (numel === 0) return
  if (numel >= MANY && inVectors?.(x, dim, logarithm, out)) return
  const n = shape[dim]!
  const run = runs(x.storage.dtype)
  const tracks = [x, out].map(({ storage, layout }) => ({
    strides: layout.strides.toSpliced(dim, 1),
    offset: storage.offset + layout.offset,
  }))
  const [stride, step] = [strides[dim]!, out.layout.strides[dim]!]
  walk(shape.toSpliced(dim, 1), tracks, ([from, to]) =>
    run(x.storage.array, from!, n, stride, logarithm, out.storage.array, to!, step),
  )
}
