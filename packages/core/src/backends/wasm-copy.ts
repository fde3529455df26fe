import type { Operand } from '../backend.ts'
import { assemble, f32x4, f64x2 } from '../wasm/assembler.ts'
import { apart, whole } from '../wasm/copying.ts'
import { instantiate, onDemand, reserve, scratchStart } from '../wasm/memory.ts'
import { viewOf } from '../wasm/vectors.ts'
import type { RunCopy } from './elementwise.ts'
import { walk } from './odometer.ts'
import { joinDims, rowsOf } from './rows.ts'

/** Runs of so many elements are copied by the platform's own function, without a detour. */
const LONG = 64
/** Bytes that are brought into the kernels' memory at most, as that never shrinks. */
const MOST = 1 << 25

const kernelsFor = onDemand((size: 4 | 8) =>
  instantiate(assemble([whole, apart(size === 4 ? f32x4 : f64x2)])),
)

/** Copies in WebAssembly, by way of the kernels' memory, what lies in another order; long runs as they are. */
export const copyInVectors: RunCopy = (x, outs) => {
  const { array, dtype } = x.storage
  const [out] = outs as [Operand]
  if (outs.length > 1 || dtype !== out.storage.dtype) return false
  const rows = rowsOf(out.layout.shape, [out, x])
  if (rows.length >= LONG && rows.steps.every((step) => step === 1)) {
    const target = out.storage.array as Float32Array
    rows.each(([to, from]) =>
      target.set(array.subarray(from, from! + rows.length) as Float32Array, to),
    )
    return true
  }
  if ((dtype !== 'float32' && dtype !== 'float64') || !out.layout.isContiguous) return false
  const { shape, numel } = out.layout
  const size = dtype === 'float32' ? 4 : 8
  const { sizes, strides } = joinDims(shape, [out, x])
  const [to, from] = strides as [number[], number[]]
  const span = 1 + sizes.reduce((sum, n, d) => sum + (n - 1) * from[d]!, 0)
  if (from.some((stride) => stride < 0) || span > 2 * numel || span * size > MOST) return false
  const own = kernelsFor(size)
  if (own === null) return false

  const source = scratchStart
  const target = source + Math.ceil((span * size) / 16) * 16
  reserve(target + numel * size)
  const view = viewOf(size)
  const start = x.storage.offset + x.layout.offset
  view.set(array.subarray(start, start + span) as Float32Array, source / size)
  // In a row what lies side by side, most of all; then the longest dimensions.
  const order = sizes.map((_, d) => d).sort((a, b) => sizes[b]! - sizes[a]!)
  const last = sizes.length - 1
  const inner = from[last] === 1 && sizes[last]! * size >= 16 ? last : order[0]!
  const [row, plane, ...outer] = order.filter((d) => d !== inner)
  const along = (d: number | undefined): readonly [number, number, number] =>
    d === undefined ? [1, 0, 0] : [sizes[d]!, from[d]! * size, to[d]! * size]
  const [elements, fromStep, toStep] = along(inner)
  const [count, fromRow, toRow] = along(row)
  const [planes, fromPlane, toPlane] = along(plane)
  const inVectors = fromStep === size && toStep === size && (elements * size) % 16 === 0
  const tracks = [from, to].map((steps, k) => ({
    strides: outer.map((d) => steps[d]! * size),
    offset: [source, target][k]!,
  }))
  walk(
    outer.map((d) => sizes[d]!),
    tracks,
    ([a, b]) => {
      if (inVectors) {
        own.whole!(
          a!,
          b!,
          planes,
          fromPlane,
          toPlane,
          count,
          fromRow,
          toRow,
          (elements * size) / 16,
        )
      } else {
        own.apart!(
          a!, b!, planes, fromPlane, toPlane, count, fromRow, toRow, elements, fromStep, toStep,
        ) // prettier-ignore
      }
    },
  )
  ;(out.storage.array as Float32Array).set(
    view.subarray(target / size, target / size + numel) as Float32Array,
    out.storage.offset + out.layout.offset,
  )
  return true
}
