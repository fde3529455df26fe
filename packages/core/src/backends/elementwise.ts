import type { Operand } from '../backend.ts'
import type { DType, TypedArray } from '../dtype.ts'
import { generateLoop, type Loop, type Step } from '../scalar/generate.ts'
import type { ScalarKernel } from '../scalar/kernel.ts'
import { rowsOf } from './rows.ts'

const dtypeCode: Record<DType, number> = { float64: 0, float32: 1, int32: 2, bool: 3 }

/**
 * Runs a kernel with a loop generated for just these dtypes and steps. Throws what `new Function`
 * throws where the page's policy forbids it.
 */
export function elementwise(
  kernel: ScalarKernel,
  inputs: readonly Operand[],
  params: readonly number[],
  outs: readonly Operand[],
): void {
  const operands =
    outs.length === 1 && inputs.length === 1 ? [outs[0]!, inputs[0]!] : [...outs, ...inputs]
  const count = operands.length
  const { shape, numel } = outs[0]!.layout
  if (numel === 0) return
  const arrays = new Array<TypedArray>(count)
  const starts = new Array<number>(count)
  let flat = true
  let single = false
  for (let k = 0; k < count; k++) {
    const { storage, layout } = operands[k]!
    arrays[k] = storage.array
    starts[k] = storage.offset + layout.offset
    flat &&= layout.isContiguous
    single ||= storage.dtype === 'float32'
  }
  const numbers = single && params.length > 0 ? params.map(Math.fround) : params
  if (flat) {
    const steps = new Array<number>(count).fill(1)
    loopFor(kernel, operands, steps, outs.length)(numel, numbers, arrays, starts, steps)
    return
  }
  const rows = rowsOf(shape, operands)
  const loop = loopFor(kernel, operands, rows.steps, outs.length)
  rows.each((from) => loop(rows.length, numbers, arrays, from, rows.steps))
}

function loopFor(
  kernel: ScalarKernel,
  operands: readonly Operand[],
  steps: readonly number[],
  outputs: number,
): Loop {
  let key = 0
  for (let k = 0; k < operands.length; k++) {
    const step = steps[k]!
    key =
      key * 12 + dtypeCode[operands[k]!.storage.dtype] * 3 + (step === 1 ? 0 : step === 0 ? 1 : 2)
  }
  let loop = kernel.loops.get(key) as Loop | undefined
  if (loop === undefined) {
    const dtype = operands[0]!.storage.dtype
    loop = generateLoop(kernel.formulas, kernel.params, {
      label: operands.map(({ storage }) => storage.dtype).join(),
      steps: steps.map((step): Step => (step === 1 ? 'next' : step === 0 ? 'still' : 'stride')),
      outputs,
      ints: dtype === 'int32',
      bools: dtype === 'bool',
    })
    kernel.loops.set(key, loop)
  }
  return loop
}
