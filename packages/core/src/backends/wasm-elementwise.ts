import type { Operand } from '../backend.ts'
import { Layout } from '../layout.ts'
import { interpret } from '../scalar/interpret.ts'
import type { ScalarKernel } from '../scalar/kernel.ts'
import { Storage } from '../storage.ts'
import type { RunInVectors } from './elementwise.ts'
import { BLOCK, CHUNK, placeOf, vectorForm, type VectorForm } from '../wasm/formulas.ts'
import { reserve } from '../wasm/memory.ts'
import { viewOf } from '../wasm/vectors.ts'
import { sourceOf, type Source } from './wasm-source.ts'

/** From so many elements on it pays to carry them to the memory of the kernels and back, */
const MANY = 512
/** and where a function takes long from so many. */
const LONG = 32

/** Runs kernels in WebAssembly where that is faster. */
export const whereItPays: RunInVectors = (kernel, inputs, params, outs, plain) =>
  outs[0]!.layout.numel >= (formOf(kernel)?.isLong ? LONG : MANY) &&
  inVectors(kernel, inputs, params, outs, plain)

/** Runs kernels in WebAssembly where all their primitives have a form for vectors of floats. */
export const inVectors: RunInVectors = (kernel, inputs, params, outs, plain) => {
  const { dtype } = outs[0]!.storage
  const single = dtype === 'float32'
  if (!single && dtype !== 'float64') return false
  const form = formOf(kernel)
  if (form === null) return false
  for (const { storage, layout } of outs) {
    if (storage.dtype !== dtype || !layout.isContiguous) return false
  }
  const size = single ? 4 : 8
  const most = CHUNK / size
  const sources: (Source | null)[] = []
  let key = single ? 1 : 0
  // Whole periods are worked on at a time, so that what is repeated is copied once.
  let longest = 1
  for (let k = 0; k < inputs.length; k++) {
    const x = inputs[k]!
    if (x.storage.dtype !== dtype && x.storage.dtype !== 'bool') return false
    const isUniform = x.layout.period === 1
    const source = isUniform ? null : sourceOf(x, form.isLong)
    sources.push(source)
    if (source !== null) {
      if (source.period <= most) longest = Math.max(longest, source.period)
    } else if (isUniform) key |= 2 << k
    else return false
  }
  const numbers = single ? params.map(Math.fround) : params
  form.tests.forEach((test, k) => {
    if (interpret(test, false)([], numbers) !== 0) key |= 2 << (inputs.length + k)
  })
  const loop = form.loopFor(key)
  if (loop === null) return false

  const { numel } = outs[0]!.layout
  const chunk = most - (most % longest)
  const lanes = 16 / size
  reserve(placeOf(1 + inputs.length + outs.length))
  const view = viewOf(size)
  const put = (place: number, value: number, n: number): void => {
    for (let i = 0; i < n; i++) view[place + i] = value
  }
  for (let k = 0; k < numbers.length; k++) put(placeOf(0) / size + k * lanes, numbers[k]!, lanes)
  for (let k = 0; k < inputs.length; k++) {
    const { storage, layout } = inputs[k]!
    if (sources[k] === null) {
      put(placeOf(1 + k) / size, storage.array[storage.offset + layout.offset]!, lanes)
    }
  }
  for (let from = 0; from < numel; from += chunk) {
    const n = Math.min(chunk, numel - from)
    for (let k = 0; k < inputs.length; k++) {
      const source = sources[k]!
      if (source === null || (from > 0 && chunk % source.period === 0)) continue
      const place = placeOf(1 + k) / size
      source.copy(from, n, view, place)
      // What fills up the last block must not count as rare.
      put(place + n, 1, -n & (BLOCK / size - 1))
    }
    if (loop(n * size) !== 0) {
      again(from, n)
      continue
    }
    for (let k = 0; k < outs.length; k++) {
      const { storage, layout } = outs[k]!
      const place = placeOf(1 + inputs.length + k) / size
      const to = storage.offset + layout.offset + from
      ;(storage.array as Float32Array).set(view.subarray(place, place + n), to)
    }
  }
  return true

  /** What was copied is worked out in the plain way. */
  function again(from: number, n: number): void {
    const copied = inputs.map((_, k): Operand => {
      const storage = new Storage(dtype, view, placeOf(1 + k) / size, n)
      return { storage, layout: new Layout([n], [sources[k] ? 1 : 0], 0) }
    })
    const results = outs.map(({ storage, layout }): Operand => {
      return { storage, layout: new Layout([n], [1], layout.offset + from) }
    })
    plain(kernel, copied, params, results)
  }
}

function formOf(kernel: ScalarKernel): VectorForm | null {
  let form = kernel.loops.get('') as VectorForm | null | undefined
  if (form === undefined) kernel.loops.set('', (form = vectorForm(kernel)))
  return form
}
