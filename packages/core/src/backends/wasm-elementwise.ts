import type { Operand } from '../backend.ts'
import { Layout } from '../layout.ts'
import type { Expr } from '../scalar/expr.ts'
import { interpret } from '../scalar/interpret.ts'
import type { ScalarKernel } from '../scalar/kernel.ts'
import { Storage } from '../storage.ts'
import type { RunInVectors } from './elementwise.ts'
import { BLOCK, settledBefore, vectorLoop, type VectorLoop } from '../wasm/formulas.ts'
import { reserve, scratchStart } from '../wasm/memory.ts'
import { viewOf } from '../wasm/vectors.ts'
import { sourceOf } from './wasm-source.ts'

/** Bytes of each operand that are worked on at a time, so that all of them stay in a cache. */
const CHUNK = 1 << 16

/** Runs kernels in WebAssembly where all their primitives have a form for vectors of floats. */
export const inVectors: RunInVectors = (kernel, inputs, params, outs, plain) => {
  const { dtype } = outs[0]!.storage
  const single = dtype === 'float32'
  const mayRun =
    (single || dtype === 'float64') &&
    outs.every((x) => x.storage.dtype === dtype && x.layout.isContiguous) &&
    inputs.every((x) => x.storage.dtype === dtype || x.storage.dtype === 'bool')
  if (!mayRun) return false
  const numbers = single ? params.map(Math.fround) : params
  const uniform = inputs.map(({ layout }) => layout.isUniform)
  const loop = loopFor(kernel, uniform, numbers, single)
  if (loop === null) return false
  const sources = inputs.map((x, k) => (uniform[k] ? null : sourceOf(x)))
  if (sources.some((source, k) => source === null && !uniform[k])) return false

  const size = single ? 4 : 8
  const lanes = 16 / size
  const most = CHUNK / size
  // Whole periods, so that what is repeated is copied once.
  const period = sources.reduce((longest, source) => {
    const own = source?.period ?? 1
    return own <= most ? Math.max(longest, own) : longest
  }, 1)
  const chunk = most - (most % period)
  const { numel } = outs[0]!.layout
  // Parameters, inputs and outputs; not a power of 2 apart, as such places are one in a cache.
  const stride = most + 2 * BLOCK
  const first = scratchStart / size
  const places = [params, ...inputs, ...outs].map((_, k) => first + k * stride)
  const addresses = places.map((place) => place * size)
  reserve((places.at(-1)! + stride) * size)
  const view = viewOf(size)
  numbers.forEach((value, k) => view.fill(value, first + k * lanes, first + (k + 1) * lanes))
  inputs.forEach(({ storage, layout }, k) => {
    const place = places[1 + k]!
    if (uniform[k]) view.fill(storage.array[storage.offset + layout.offset]!, place, place + lanes)
  })
  for (let from = 0; from < numel; from += chunk) {
    const n = Math.min(chunk, numel - from)
    sources.forEach((source, k) => {
      if (source === null || (from > 0 && chunk % source.period === 0)) return
      const place = places[1 + k]!
      source.copy(from, n, view, place)
      // What fills up the last block must not count as rare.
      view.fill(1, place + n, place + n + BLOCK / size)
    })
    if (loop(n * size, ...addresses) !== 0) {
      again(from, n)
      continue
    }
    outs.forEach((out, k) => {
      const place = places[1 + inputs.length + k]!
      ;(out.storage.array as Float32Array).set(view.subarray(place, place + n), start(out) + from)
    })
  }
  return true

  /** What was copied is worked out in the plain way. */
  function again(from: number, n: number): void {
    const copied = inputs.map((_, k): Operand => {
      const storage = new Storage(dtype, view, places[1 + k]!, n)
      return { storage, layout: new Layout([n], [uniform[k] ? 0 : 1], 0) }
    })
    const results = outs.map(({ storage, layout }): Operand => {
      return { storage, layout: new Layout([n], [1], layout.offset + from) }
    })
    plain(kernel, copied, params, results)
  }
}

const start = ({ storage, layout }: Operand): number => storage.offset + layout.offset

function loopFor(
  kernel: ScalarKernel,
  uniform: readonly boolean[],
  params: readonly number[],
  single: boolean,
): VectorLoop | null {
  const { formulas, loops } = kernel
  let tests = loops.get('tests') as Expr[] | null | undefined
  if (tests === undefined) loops.set('tests', (tests = settledBefore(formulas)))
  if (tests === null) return null
  const settled = tests.map((test) => interpret(test, false)([], params) !== 0)
  const key = [single, uniform, settled].join()
  let loop = loops.get(key) as VectorLoop | null | undefined
  if (loop === undefined) {
    try {
      const decided = new Map(tests.map((test, k) => [test, settled[k]!]))
      loop = vectorLoop(kernel, uniform, decided, single)
    } catch {
      // No WebAssembly here, or none with vectors, or no room for more constants.
      loop = null
    }
    loops.set(key, loop)
  }
  return loop
}
