import type { Operand } from '../backend.ts'
import type { Expr } from '../scalar/expr.ts'
import { interpret } from '../scalar/interpret.ts'
import type { ScalarKernel } from '../scalar/kernel.ts'
import type { RunInVectors } from './elementwise.ts'
import { BLOCK, settledBefore, vectorLoop, type VectorLoop } from '../wasm/formulas.ts'
import { reserve, scratchStart } from '../wasm/memory.ts'
import { viewOf } from '../wasm/vectors.ts'

/** Bytes of each operand that are worked on at a time, so that all of them stay in a cache. */
const CHUNK = 1 << 16

/** Runs kernels in WebAssembly where all their primitives have a form for vectors of floats. */
export const inVectors: RunInVectors = (kernel, inputs, params, outs, again) => {
  const { dtype } = outs[0]!.storage
  const single = dtype === 'float32'
  const mayRun =
    (single || dtype === 'float64') &&
    outs.every((x) => x.storage.dtype === dtype) &&
    inputs.every((x) => x.storage.dtype === dtype || x.storage.dtype === 'bool')
  const loop = mayRun ? loopFor(kernel, inputs, params, single) : null
  if (loop === null) return false

  const size = single ? 4 : 8
  const lanes = 16 / size
  const chunk = CHUNK / size
  const { numel } = outs[0]!.layout
  // Parameters, inputs and outputs; not a power of 2 apart, as such places are one in a cache.
  const stride = chunk + 2 * BLOCK
  const first = scratchStart / size
  const places = [params, ...inputs, ...outs].map((_, k) => first + k * stride)
  const addresses = places.map((place) => place * size)
  reserve((first + places.length * stride) * size)
  const view = viewOf(size)
  params.forEach((value, k) => view.fill(value, first + k * lanes, first + (k + 1) * lanes))
  for (let from = 0; from < numel; from += chunk) {
    const n = Math.min(chunk, numel - from)
    inputs.forEach((x, k) => {
      const place = places[1 + k]!
      const array = x.storage.array as Float32Array
      const at = start(x)
      if (x.layout.isContiguous) {
        view.set(array.subarray(at + from, at + from + n), place)
        // What fills up the last block must not count as rare.
        view.fill(1, place + n, place + n + BLOCK / size)
      } else {
        view.fill(array[at]!, place, place + lanes)
      }
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
}

const start = ({ storage, layout }: Operand): number => storage.offset + layout.offset

function loopFor(
  kernel: ScalarKernel,
  inputs: readonly Operand[],
  params: readonly number[],
  single: boolean,
): VectorLoop | null {
  const { formulas, loops } = kernel
  let tests = loops.get('tests') as Expr[] | null | undefined
  if (tests === undefined) loops.set('tests', (tests = settledBefore(formulas)))
  if (tests === null) return null
  const uniform = inputs.map(({ layout }) => !layout.isContiguous)
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
