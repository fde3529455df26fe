import type { Tensor } from '@gradtape/core'
import type { Disagreement } from './report.ts'
import { flatten, placeOf, sizeOf } from './vectors.ts'

/** What hints are read from. */
export interface Evidence {
  readonly wrong: readonly Disagreement[]
  /** The elements of the inputs, by their place among all, with right and with wrong derivatives. */
  readonly rightAt: ReadonlySet<number>
  readonly wrongAt: ReadonlySet<number>
  readonly inputs: readonly Tensor[]
  readonly names: readonly string[]
  readonly outputs: readonly Tensor[]
}

/** What the wrong derivatives have in common, and what usually makes such. */
export function hintsOf(evidence: Evidence): string[] {
  return [value, place, sign].flatMap((look) => look(evidence) ?? [])
}

/** Factors nearer than this are the same. */
const SAME = 1e-4

/** How the values found relate to those expected. */
function value({ wrong, inputs, outputs }: Evidence): string | null {
  if (wrong.every(({ found }) => !Number.isFinite(found))) {
    return 'the tape gives no finite number; a factor like 1/x or log(x) at the edge of its domain, or 0 · ∞'
  }
  if (wrong.every(({ found }) => found === 0)) {
    return 'the tape knows of no dependence; something is detached, taken by .data or .item(), or computed under noGrad'
  }
  const ratios = wrong.map(({ found, expected }) => found / expected)
  const factor = ratios[0]!
  const constant = ratios.every((r) => Math.abs(r - factor) <= SAME * Math.abs(factor))
  if (Math.abs(factor + 1) < SAME && constant) return 'the sign is turned'
  if (!ratios.every((r) => Math.abs(r - 1) < 0.01))
    return constant ? times(factor, inputs, outputs) : null
  return 'nearly right: a small term is missing, or digits were lost, as by float32 within or by cancellation'
}

function times(factor: number, inputs: readonly Tensor[], outputs: readonly Tensor[]): string {
  const shown = Number(factor.toPrecision(6))
  const by = `the tape's derivatives are ${shown} times those expected`
  const sizes = new Set([...inputs, ...outputs].flatMap(({ shape, numel }) => [...shape, numel]))
  const size = [...sizes].find(
    (n) => n > 1 && [n, 1 / n].some((f) => Math.abs(f - factor) < SAME * f),
  )
  if (size === undefined || size === 2) return by
  return `${by}, and ${size} is a size of the tensors; a sum in place of a mean, or a dim that was broadcast and not reduced`
}

/** Whether it is one input, or one element, alone. */
function place({ wrongAt, rightAt, inputs, names, outputs }: Evidence): string | null {
  if (wrongAt.size === 1 && rightAt.size > 1) {
    const { tensor, index } = placeOf([...wrongAt][0]!, inputs)
    return `all is right but for one element, ${names[tensor]!} at [${index.join(', ')}]`
  }
  const which = (places: ReadonlySet<number>): Set<number> =>
    new Set([...places].map((at) => placeOf(at, inputs).tensor))
  const [wrong, right] = [which(wrongAt), which(rightAt)]
  const [only] = wrong
  if (wrong.size !== 1 || right.has(only!) || right.size === 0) return null
  const x = inputs[only!]!
  const wide = outputs.some(({ numel }) => numel > x.numel)
  const why = wide
    ? `; it is smaller than the output: where it is broadcast, its gradient must be summed over those dims`
    : ''
  return `only the gradient of ${names[only!]!} is wrong${why}`
}

/** Whether wrong derivatives keep to elements of one sign. */
function sign({ wrongAt, rightAt, inputs }: Evidence): string | null {
  if (sizeOf(inputs) < 2 || rightAt.size === 0) return null
  const values = flatten(inputs)
  const all = (places: ReadonlySet<number>, is: (x: number) => boolean): boolean =>
    [...places].every((at) => is(values[at]!))
  const found = (
    [
      ['negative', (x) => x < 0],
      ['positive', (x) => x > 0],
      ['0', (x) => x === 0],
    ] as [string, (x: number) => boolean][]
  ).find(([, is]) => all(wrongAt, is) && all(rightAt, (x) => !is(x)))
  return found === undefined ? null : `wrong only where the input is ${found[0]}`
}
