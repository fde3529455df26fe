import type { Operand } from '../backend.ts'
import { storageDTypes, type DType, type TypedArray } from '../dtype.ts'
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
const MOST = 10

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
  let inRows = outs.length + inputs.length > MOST
  for (let k = 0; k < outs.length; k++) {
    const { layout, storage } = outs[k]!
    const { dtype } = storage
    key = 32 * key + 4 * dtypeCode(dtype)
    inRows ||= !layout.isContiguous
    single ||= dtype === 'float32'
  }
  for (let k = 0; k < inputs.length; k++) {
    const { layout, storage } = inputs[k]!
    const { dtype } = storage
    const step = layout.isContiguous ? 0 : stepIn(layout.period)
    key = 32 * key + 4 * dtypeCode(dtype) + step
    inRows ||= step === 3
    single ||= dtype === 'float32'
  }
  const numbers = single && params.length > 0 ? params.map(Math.fround) : params
  if (inRows) {
    runRows(kernel, inputs, numbers, outs, shape)
    return
  }
  const loop = loopFor(kernel, key, inputs, outs)
  const out = outs[0]!
  const a = inputs[0]!
  const b = inputs[1]!
  // One or two inputs and an output are nearly all there is: called without a list of arguments.
  if (outs.length === 1 && inputs.length === 1) {
    loop(numel, numbers, out.storage.array, start(out), 1, a.storage.array, start(a), periodOf(a))
  } else if (outs.length === 1 && inputs.length === 2) {
    loop(
      numel, numbers, out.storage.array, start(out), 1,
      a.storage.array, start(a), periodOf(a), b.storage.array, start(b), periodOf(b),
    ) // prettier-ignore
  } else {
    const list: (TypedArray | number)[] = []
    for (const x of outs) list.push(x.storage.array, start(x), 1)
    for (const x of inputs) list.push(x.storage.array, start(x), periodOf(x))
    loop(numel, numbers, ...list)
  }
}

/** How loops step through operands, by their numbers in keys. */
const steps: readonly Step[] = ['next', 'still', 'repeat', 'stride']

/** How an operand of this period is stepped through as one run, if it can be. */
function stepIn(period: number): number {
  return period === 1 ? 1 : period > 1 ? 2 : 3
}

/** What a loop that repeats an operand has to know. */
function periodOf({ layout }: Operand): number {
  return layout.isContiguous ? 1 : layout.period
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
  let key: number | string = 0
  for (let k = 0; k < operands.length; k++) {
    const { array, dtype } = operands[k]!.storage
    const step = rows.steps[k]!
    list.push(array, 0, step)
    const digit = 4 * dtypeCode(dtype) + (step === 1 ? 0 : step === 0 ? 1 : 3)
    key = operands.length > MOST ? `${key},${digit}` : 32 * (key as number) + digit
  }
  const loop = loopFor(kernel, key, inputs, outs)
  rows.each((from) => {
    for (let k = 0; k < from.length; k++) list[3 * k + 1] = from[k]!
    loop(rows.length, params, ...list)
  })
}

/** The loop for the dtypes and steps that the digits of `key` name, outputs first. */
function loopFor(
  kernel: ScalarKernel,
  key: number | string,
  inputs: readonly Operand[],
  outs: readonly Operand[],
): Loop {
  // Apart from how one is made, as a function with closures in it makes a place for what they see each time.
  return (kernel.loops.get(key) as Loop | undefined) ?? makeLoop(kernel, key, inputs, outs)
}

function makeLoop(
  kernel: ScalarKernel,
  key: number | string,
  inputs: readonly Operand[],
  outs: readonly Operand[],
): Loop {
  const dtypes = [...outs, ...inputs].map(({ storage }) => storage.dtype)
  const last = dtypes.length - 1
  const digits =
    typeof key === 'string'
      ? key.split(',').slice(1).map(Number)
      : dtypes.map((_, k) => Math.floor(key / 32 ** (last - k)) % 32)
  const loop = generateLoop(kernel.formulas, kernel.params, {
    label: digits.join(),
    steps: digits.map((digit) => steps[digit % 4]!),
    dtypes,
    outputs: outs.length,
  })
  kernel.loops.set(key, loop)
  return loop
}
