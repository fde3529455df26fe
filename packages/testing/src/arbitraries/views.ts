import { slice, type Tensor } from '@gradtape/core'
import fc from 'fast-check'

/** How a tensor of some shape lies in memory: as a view, step by step, of a contiguous one. */
export interface View {
  /** The shape of the tensor to start from. */
  readonly base: readonly number[]
  readonly steps: readonly ViewStep[]
}

/** A method that yields a view. */
export interface ViewStep {
  readonly apply: (x: Tensor) => Tensor
  /** The call as JavaScript, `.transpose(0, 1)`. */
  readonly code: string
}

/** The view of `base`, which has its shape. */
export function viewThrough(base: Tensor, { steps }: View): Tensor {
  return steps.reduce((x, step) => step.apply(x), base)
}

/** A view may start from some more elements than it shows. */
const LARGEST_BASE = 36

/**
 * The layouts of tensors of `shape`: contiguous, transposed, narrowed (with elements left out before,
 * after and between), expanded (with stride 0), and up to two of these in a row.
 */
export function views(shape: readonly number[]): fc.Arbitrary<View> {
  return fc
    .array(fc.tuple(fc.constantFrom(...undo), fc.nat(2 ** 16 - 1)), { maxLength: 2, size: 'max' })
    .map((choices) => {
      // From the view back to its base, so that any shape can be reached.
      let view: View = { base: shape, steps: [] }
      for (const [undoStep, n] of choices) {
        const before = undoStep(view.base, n)
        if (before === null) continue
        const count = before.base.reduce((product, size) => product * size, 1)
        if (count > LARGEST_BASE) continue
        view = { base: before.base, steps: [before.step, ...view.steps] }
      }
      return view
    })
}

interface Before {
  readonly base: readonly number[]
  readonly step: ViewStep
}

/** A shape of which one step makes `shape`, and that step; null where there is none. */
type Undo = (shape: readonly number[], n: number) => Before | null

const transposed: Undo = (shape, n) => {
  const ndim = shape.length
  if (ndim < 2) return null
  const a = n % ndim
  const b = (a + 1 + (Math.floor(n / ndim) % (ndim - 1))) % ndim
  const base = shape.with(a, shape[b]!).with(b, shape[a]!)
  return { base, step: { apply: (x) => x.transpose(a, b), code: `.transpose(${a}, ${b})` } }
}

/** With elements left out before, after and, at a step of 2, between. */
const narrowed: Undo = (shape, n) => {
  if (shape.length === 0) return null
  const dim = n % shape.length
  const [start, after, step] = [(n >> 2) % 3, (n >> 4) % 2, 1 + ((n >> 6) % 2)]
  const size = shape[dim]!
  const stop = start + (size === 0 ? 0 : (size - 1) * step + 1)
  const whole = shape.slice(0, dim)
  const keys = [...whole.map(() => slice()), slice(start, stop, step)]
  const code = [...whole.map(() => 'slice()'), `slice(${start}, ${stop}, ${step})`].join(', ')
  return {
    base: shape.with(dim, stop + after),
    step: { apply: (x) => x.at(...keys), code: `.at(${code})` },
  }
}

/** From a size of 1, or without the first dim at all. */
const expanded: Undo = (shape, n) => {
  if (shape.length === 0) return null
  const dim = n % (shape.length + 1)
  return {
    base: dim === shape.length ? shape.slice(1) : shape.with(dim, 1),
    step: { apply: (x) => x.expand([...shape]), code: `.expand([${shape.join(', ')}])` },
  }
}

const undo: readonly Undo[] = [transposed, narrowed, expanded]
