import type { Backend, Operand } from '../backend.ts'
import { generated } from './generated.ts'
import { interpreted } from './interpreted.ts'

type Elementwise = Backend['elementwise']

/** Runs a kernel of many elements, if it can: says whether it did. What it can't do, it has `plain` do. */
export type RunInVectors = (...args: [...Parameters<Elementwise>, plain: Elementwise]) => boolean

let inVectors: RunInVectors | null = null

/** Offers kernels of many elements to `run` from now on. */
export function useVectors(run: RunInVectors | null): void {
  inVectors = run
}

/** Copies many elements, if it can: says whether it did. */
export type RunCopy = (x: Operand, outs: readonly Operand[]) => boolean

let copy: RunCopy | null = null

/** Offers copies of many elements to `run` from now on. */
export function useCopies(run: RunCopy | null): void {
  copy = run
}

/** For fewer elements it never pays to carry them to the memory of other kernels and back, */
const FEW = 32
/** nor, to lie in another order, for fewer than these. */
const MANY = 1024

/** Loops made for just one formula, or, where a page forbids making functions from text, none. */
const plain: Elementwise = mayGenerate() ? generated : interpreted

function mayGenerate(): boolean {
  try {
    return new Function('return true')() === true
  } catch {
    return false
  }
}

/** See {@link Backend.elementwise}: in vectors where it pays and can be done, else one by one. */
export const elementwise: Elementwise = (kernel, inputs, params, outs) => {
  const { kind, index } = kernel.formulas[0]!
  const { numel } = outs[0]!.layout
  const done =
    numel >= FEW &&
    (kind === 'input'
      ? numel >= MANY && copy?.(inputs[index]!, outs)
      : inVectors?.(kernel, inputs, params, outs, plain))
  if (!done) plain(kernel, inputs, params, outs)
}
