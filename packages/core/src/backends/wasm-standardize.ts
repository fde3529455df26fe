import { onDemand, reserve, scratchStart } from '../wasm/memory.ts'
import { standardizers } from '../wasm/standardize.ts'
import { viewOf } from '../wasm/vectors.ts'
import type { RunStandardize } from './standardize.ts'

/** Bytes of rows that are worked on at a time, and how many a row has at most. */
const CHUNK = 1 << 16

const kernelsFor = onDemand(standardizers)

/** Runs rows of whole vectors in WebAssembly; all is computed in float64 and rounded once. */
export const standardizeInVectors: RunStandardize = ({ storage, layout }, eps, inverse, out) => {
  const { dtype } = storage
  const size = dtype === 'float32' ? 4 : 8
  const length = layout.shape.at(-1)!
  const bytes = length * size
  if (bytes % 16 !== 0 || bytes > CHUNK || (size === 8 && dtype !== 'float64')) return false
  const kernels = kernelsFor(size === 4)
  if (kernels === null) return false
  const place = scratchStart + 32
  reserve(place + CHUNK)
  const [view, doubles] = [viewOf(size), viewOf(8)]
  const numbers = scratchStart / 8
  doubles.fill(length, numbers, numbers + 2)
  doubles.fill(eps, numbers + 2, numbers + 4)
  const [first, target] = [place / size, out.storage.array as Float32Array]
  const most = Math.floor(CHUNK / bytes)
  const rows = layout.numel / length
  const start = storage.offset + layout.offset
  const to = out.storage.offset + out.layout.offset
  for (let done = 0; done < rows; done += most) {
    const n = Math.min(most, rows - done)
    const from = start + done * length
    view.set((storage.array as Float32Array).subarray(from, from + n * length), first)
    if (inverse) {
      kernels.inverse(place, scratchStart, n, bytes / 16)
      for (let i = 0; i < n; i++) target[to + done + i] = doubles[(place + i * bytes) / 8]!
    } else {
      kernels.standardize(place, scratchStart, n, bytes / 16)
      target.set(view.subarray(first, first + n * length), to + done * length)
    }
  }
  return true
}
