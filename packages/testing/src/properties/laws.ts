import { isTensor, noGrad, treeLeaves, type Tensor } from '@gradtape/core'
import fc from 'fast-check'
import { gradcheck, gradgradcheck } from '../gradcheck.ts'
import type { GradcheckOptions } from '../gradcheck/options.ts'
import { opFunction, valuesAndGradients, withTensors } from './op-function.ts'
import type { Case } from './op-property.ts'
import type { TableEntry } from './table.ts'

/** What must hold of each case of an op. @throws {Error} saying what doesn't. */
export type Law = (fn: TableEntry) => (sample: Case) => void

/** How near a kink a case may come: some steps of the differences. */
const NEAR = 0.01

/** Discards cases near a kink; where a tensor meets itself it stays on one side. */
export function awayFromKinks({ entry: { kinks } }: TableEntry, { args, drawn }: Case): void {
  if (kinks === undefined || drawn.repeats) return
  const at = noGrad(() => kinks(...(args as never)))
  fc.pre(at.data.every((value) => Math.abs(value) > NEAR))
}

/** Nothing at all may have no mean; all else in an op's domain has a finite value. */
export function atFiniteValues({ args, call }: Case): void {
  const finite = treeLeaves(noGrad(call as () => object)).every((y) =>
    y.data.every(Number.isFinite),
  )
  if (finite) return
  fc.pre(treeLeaves(args).every((x) => x.numel > 0))
  throw new Error('finite arguments gave a result that is not')
}

/** Kinks are the table's to declare, and forward mode has a law of its own. */
const OPTIONS: GradcheckOptions = { maxKinks: 0, checkForwardAd: false }

/** The gradient is that of the differences. */
export const firstOrder: Law = (fn) => (sample) => {
  awayFromKinks(fn, sample)
  atFiniteValues(sample)
  gradcheck(() => differentiable(sample.call()), sample.drawn.leaves, OPTIONS)
}

/** And so is the gradient of the gradient, by inputs and cotangents; entries are too many to compare each. */
export const secondOrder: Law = (fn) => (sample) => {
  awayFromKinks(fn, sample)
  atFiniteValues(sample)
  gradgradcheck(() => differentiable(sample.call()), sample.drawn.leaves, {
    ...OPTIONS,
    fastMode: true,
  })
}

/** Without derivatives, results are constants. */
export const constant: Law =
  () =>
  ({ call }) => {
    for (const y of treeLeaves(call())) {
      if (y.requiresGrad) throw new Error(`an output of dtype ${y.dtype} requires gradients`)
    }
  }

/** The results and gradients for views are those for their contiguous copies, but for the order of sums. */
export const viewEqualsCopy: Law =
  (fn) =>
  ({ args, call }) => {
    const copies = withTensors(args, (x) => x.detach().clone())
    const [ofViews, ofCopies] = ['of views', 'of contiguous copies']
    expectEqual(call(), fn(...(copies as never[])), ofViews, ofCopies, 1e-14)
    if (!fn.entry.differentiable) return
    const { gradients } = valuesAndGradients(opFunction(fn, args))
    const expected = valuesAndGradients(opFunction(fn, copies)).gradients
    expectEqual(gradients, expected, `${ofViews}, back,`, ofCopies, 1e-14, 1e-13)
  }

/** The method is the function with its first argument before the dot. */
export const methodEqualsFunction: Law =
  (fn) =>
  ({ args, call }) => {
    const { name, method } = fn.entry
    const at = method?.receiver ?? 0
    const receiver = args[at]
    fc.pre(isTensor(receiver))
    const methods = receiver as unknown as Record<string, (...args: unknown[]) => unknown>
    const found = methods[method?.name ?? name]!(...args.toSpliced(at, 1))
    expectEqual(found, call(), 'of the method', 'of the function', 0)
  }

/** The largest absolute value in all. */
export function largestOf(tensors: readonly Tensor[]): number {
  return tensors.reduce(
    (most, { data }) => data.reduce((m, value) => Math.max(m, Math.abs(value)), most),
    0,
  )
}

function differentiable(result: unknown): object {
  return treeLeaves(result).filter(({ dtype }) => dtype === 'float64')
}

/** @throws {Error} unless the tensors of both are equal, up to `atol` and `rtol` of the largest element. */
export function expectEqual(
  a: unknown,
  b: unknown,
  ofA: string,
  ofB: string,
  rtol: number,
  atol = 0,
): void {
  const [left, right] = [treeLeaves(a), treeLeaves(b)]
  const form = (list: readonly Tensor[]): string =>
    list.map(({ dtype, shape }) => `${dtype} [${shape.join(', ')}]`).join(', ')
  if (form(left) !== form(right)) {
    throw new Error(`the result ${ofA} is ${form(left)}, ${ofB} ${form(right)}`)
  }
  left.forEach((x, k) => {
    const y = right[k]!
    const largest = Math.max(0, ...Array.from(y.data, Math.abs).filter(Number.isFinite))
    x.data.forEach((value, i) => {
      const other = y.data[i]!
      if (Object.is(value, other) || Math.abs(value - other) <= atol + rtol * largest) return
      throw new Error(`element ${i} of result ${k} ${ofA} is ${value}, ${ofB} ${other}`)
    })
  })
}
