import type { Operand } from '../backend.ts'
import { codes, type TypedArray } from '../dtype.ts'
import { generateLoop, type Loop, type Step } from '../scalar/generate.ts'
import type { ScalarKernel } from '../scalar/kernel.ts'
import { rowsOf } from './rows.ts'

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
  const out = outs[0]!
  const { shape, numel } = out.layout
  if (numel === 0) return
  const loop = (
    outs.length === 1 && areAlike(out, inputs)
      ? (kernel.alike[out.storage.dtype] ??= loopOf(kernel, inputs, outs))
      : loopOf(kernel, inputs, outs)
  ) as Loop | null
  if (loop === null) return runRows(kernel, inputs, params, outs, shape)
  const a = inputs[0]!
  const b = inputs[1]!
  // One or two inputs and an output are nearly all there is: called without a list of arguments.
  if (outs.length === 1 && inputs.length === 1) {
    loop(numel, params, out.storage.array, start(out), 1, a.storage.array, start(a), periodOf(a))
  } else if (outs.length === 1 && inputs.length === 2) {
    loop(
      numel, params, out.storage.array, start(out), 1,
      a.storage.array, start(a), periodOf(a), b.storage.array, start(b), periodOf(b),
    ) // prettier-ignore
  } else {
    const list: (TypedArray | number)[] = []
    for (const x of [...outs, ...inputs]) list.push(x.storage.array, start(x), periodOf(x))
    loop(numel, params, ...list)
  }
}

/** Whether all are contiguous and of one dtype, as they nearly always are: the loop for these is found at once. */
function areAlike(out: Operand, inputs: readonly Operand[]): boolean {
  const { dtype } = out.storage
  let alike = out.layout.isContiguous
  for (let k = 0; k < inputs.length; k++) {
    const { layout, storage } = inputs[k]!
    alike &&= layout.isContiguous && storage.dtype === dtype
  }
  return alike
}

/** The loop for these operands; null where they can't be gone through in one. */
function loopOf(
  kernel: ScalarKernel,
  inputs: readonly Operand[],
  outs: readonly Operand[],
): Loop | null {
  if (outs.length + inputs.length > MOST) return null
  let key = 0
  for (const x of outs) {
    if (!x.layout.isContiguous) return null
    key = 32 * key + digitOf(x)
  }
  for (const x of inputs) {
    const digit = digitOf(x)
    if (digit % 4 === STRIDE) return null
    key = 32 * key + digit
  }
  return (kernel.loops.get(key) ??
    makeLoop(kernel, key, inputs, outs, [...outs, ...inputs].map(digitOf))) as Loop
}

/** How loops step through operands, by their numbers in keys. */
const steps: readonly Step[] = ['next', 'still', 'repeat', 'stride']
const STRIDE = 3

/** What a key says of an operand that is gone through in one run, if it can be. */
function digitOf({ layout, storage }: Operand): number {
  return 4 * codes[storage.dtype] + (layout.isContiguous ? 0 : stepIn(layout.period))
}

function stepIn(period: number): number {
  return period === 1 ? 1 : period > 1 ? 2 : STRIDE
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
  const digits = operands.map(({ storage: { array, dtype } }, k) => {
    const step = rows.steps[k]!
    list.push(array, 0, step)
    return 4 * codes[dtype] + (step === 1 ? 0 : step === 0 ? 1 : STRIDE)
  })
  const key = digits.join()
  const loop = (kernel.loops.get(key) ?? makeLoop(kernel, key, inputs, outs, digits)) as Loop
  rows.each((from) => {
    for (let k = 0; k < from.length; k++) list[3 * k + 1] = from[k]!
    loop(rows.length, params, ...list)
  })
}

/** A loop for the dtypes and steps that the digits of `key` name, outputs first. */
function makeLoop(
  kernel: ScalarKernel,
  key: number | string,
  inputs: readonly Operand[],
  outs: readonly Operand[],
  digits: readonly number[],
): Loop {
  const loop = generateLoop(kernel.formulas, kernel.params, {
    label: digits.join(),
    steps: digits.map((digit) => steps[digit % 4]!),
    dtypes: [...outs, ...inputs].map(({ storage }) => storage.dtype),
    outputs: outs.length,
  })
  kernel.loops.set(key, loop)
  return loop
}
