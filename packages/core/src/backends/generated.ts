import type { Operand } from '../backend.ts'
import { storageDTypes, type DType, type TypedArray } from '../dtype.ts'
import type { Layout } from '../layout.ts'
import { generateLoop, type Loop, type Step } from '../scalar/generate.ts'
import type { ScalarKernel } from '../scalar/kernel.ts'
import { rowsOf } from './rows.ts'

function dtypeCode(dtype: DType): number {
  return dtype === 'float64'
    ? 0
    : dtype === 'float32'
      ? 1
      : dtype === 'int32'
        ? 2
        : otherCode(dtype)
}

function otherCode(dtype: DType): number {
  return dtype === 'bool' ? 3 : 4 + storageDTypes.indexOf(dtype)
}

/** Keys of loops for more operands than this would not be exact. */
const MOST = 11

/**
 * Runs a kernel with a loop generated for just these dtypes and steps. Throws what `new Function`
 * throws where the page's policy forbids it.
 */
export function generated(
  kernel: ScalarKernel,
  inputs: readonly Operand[],
  params: readonly number[],
  outs: readonly Operand[],
): void {
  const { shape, numel } = outs[0]!.layout
  if (numel === 0) return
  let key = 0
  let single = false
  for (let k = 0; k < outs.length; k++) {
    const step = flatStep(outs[k]!.layout)
    const { dtype } = outs[k]!.storage
    key = step < 0 ? NaN : key * 24 + dtypeCode(dtype) * 3 + step
    single ||= dtype === 'float32'
  }
  for (let k = 0; k < inputs.length; k++) {
    const step = flatStep(inputs[k]!.layout)
    const { dtype } = inputs[k]!.storage
    key = step < 0 ? NaN : key * 24 + dtypeCode(dtype) * 3 + step
    single ||= dtype === 'float32'
  }
  const numbers = single && params.length > 0 ? params.map(Math.fround) : params
  if (key !== key || outs.length + inputs.length > MOST) {
    runRows(kernel, inputs, numbers, outs, shape)
    return
  }
  const loop = loopFor(kernel, key, inputs, outs)
  const out = outs[0]!
  const a = inputs[0]!
  const b = inputs[1]!
  // One or two inputs and an output are nearly all there is: called without a list of arguments.
  if (outs.length === 1 && inputs.length === 1) {
    loop(numel, numbers, out.storage.array, start(out), 1, a.storage.array, start(a), 1)
  } else if (outs.length === 1 && inputs.length === 2) {
    loop(
      numel, numbers, out.storage.array, start(out), 1,
      a.storage.array, start(a), 1, b.storage.array, start(b), 1,
    ) // prettier-ignore
  } else {
    const list: (TypedArray | number)[] = []
    for (const x of outs) list.push(x.storage.array, start(x), 1)
    for (const x of inputs) list.push(x.storage.array, start(x), 1)
    loop(numel, numbers, ...list)
  }
}

/** How an operand is stepped through as one run: 0 by one, 1 not at all, -1 when it is no such run. */
function flatStep(layout: Layout): number {
  return layout.isContiguous ? 0 : layout.isUniform ? 1 : -1
}

function start({ storage, layout }: Operand): number {
  return storage.offset + layout.offset
}

function runRows(
  kernel: ScalarKernel,
  inputs: readonly Operand[],
  params: readonly number[],
  outs: readonly Operand[],
  shape: readonly number[],
): void {
  const operands = [...outs, ...inputs]
  const rows = rowsOf(shape, operands)
  const list: (TypedArray | number)[] = []
  const digits = operands.map(({ storage }, k) => {
    const step = rows.steps[k]!
    list.push(storage.array, 0, step)
    return dtypeCode(storage.dtype) * 3 + (step === 1 ? 0 : step === 0 ? 1 : 2)
  })
  const loop = loopFor(kernel, digits.join(), inputs, outs)
  rows.each((from) => {
    for (let k = 0; k < from.length; k++) list[3 * k + 1] = from[k]!
    loop(rows.length, params, ...list)
  })
}

const kinds: readonly Step[] = ['next', 'still', 'stride']

/** The loop for the dtypes and steps that the digits of `key` name, outputs first. */
function loopFor(
  kernel: ScalarKernel,
  key: number | string,
  inputs: readonly Operand[],
  outs: readonly Operand[],
): Loop {
  let loop = kernel.loops.get(key) as Loop | undefined
  if (loop === undefined) {
    const dtypes = [...outs, ...inputs].map(({ storage }) => storage.dtype)
    const last = dtypes.length - 1
    const digits =
      typeof key === 'string'
        ? key.split(',').map(Number)
        : dtypes.map((_, k) => Math.floor(key / 24 ** (last - k)) % 24)
    loop = generateLoop(kernel.formulas, kernel.params, {
      label: digits.join(),
      steps: digits.map((digit) => kinds[digit % 3]!),
      dtypes,
      outputs: outs.length,
    })
    kernel.loops.set(key, loop)
  }
  return loop
}
