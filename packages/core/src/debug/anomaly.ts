import { isReal } from '../dtype.ts'
import { ValueError } from '../errors.ts'
import { copyInto, copyOf } from '../kinds/cast.ts'
import { apply, checkFunction, refusePromise, withHandler, type Handler, type Op } from '../op.ts'
import { notingCalls } from '../record.ts'
import { showShape } from '../shape.ts'
import { visitedNode } from '../tape.ts'
import { elements, type Tensor } from '../tensor.ts'
import type { Synchronous } from '../transforms/modes.ts'
import { captureCall, showSite, siteOf, type Trace } from './call-site.ts'
import { innermost } from './innermost.ts'

/** What of the numbers that are none a tensor holds. */
interface Odd {
  readonly nan: number
  readonly infinite: number
}

const neither: Odd = { nan: 0, infinite: 0 }

function oddIn(x: Tensor): Odd {
  if (!isReal(x.dtype)) return neither
  let nan = 0
  let infinite = 0
  for (const value of elements(innermost(x))) {
    if (value !== value) nan++
    else if (value === Infinity || value === -Infinity) infinite++
  }
  return nan + infinite === 0 ? neither : { nan, infinite }
}

/** Looks at every result, and remembers who called the ops that are recorded. */
class Detector implements Handler {
  readonly #made = new WeakMap<object, { name: string; call: Trace }>()

  handle<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
    const call = captureCall()
    const before = inputs.map(oddIn)
    const targets = inputs.slice(0, op.writes ?? 0)
    const undone = targets.map((x) => copyOf(innermost(x)))
    const changed = targets.length > 0 ? inputs.map(showRange) : null
    const out = apply(op, inputs, attributes)
    if (out.node !== null) this.#made.set(out.node, { name: op.name, call })
    const found = (targets.length > 0 ? targets : [out]).map(oddIn)
    const fresh = found.find((odd) => isNew(odd, before, attributes))
    if (fresh === undefined || op.kind === 'creation' || op.kind === 'random') return out
    targets.forEach((x, i) => copyInto(undone[i]!, innermost(x)))
    throw this.#anomaly(op.name, fresh, out, changed ?? inputs.map(showRange), call)
  }

  #anomaly(
    name: string,
    { nan, infinite }: Odd,
    out: Tensor,
    ranges: readonly string[],
    call: Trace,
  ): ValueError {
    const what = [
      ...(nan > 0 ? [`${nan} NaN`] : []),
      ...(infinite > 0 ? [`${infinite} infinite`] : []),
    ].join(' and ')
    const node = visitedNode()
    const origin = node === null ? undefined : this.#made.get(node)
    const where =
      node === null
        ? ''
        : `, in the backward pass${origin ? ` of ${origin.name}${at(', which was called', origin.call)}` : ''}`
    return new ValueError(
      `detectAnomaly: ${name} made ${what} of ${out.numel} elements of a tensor of shape ${showShape(out.shape)}` +
        `${at(', called', call)}${where}; its operands: ${ranges.join('; ') || 'none'}`,
    )
  }
}

function at(what: string, call: Trace): string {
  const site = siteOf(call)
  return site === null ? '' : `${what} at ${showSite(site)}`
}

/** What wasn't there before: a NaN, or an infinity where neither operands nor numbers held one. */
function isNew(odd: Odd, before: readonly Odd[], attributes: unknown): boolean {
  if (odd.nan > 0 && before.every(({ nan }) => nan === 0)) return true
  const given = Array.isArray(attributes) ? attributes : Object.values((attributes ?? {}) as object)
  return (
    odd.infinite > 0 &&
    before.every(({ nan, infinite }) => nan + infinite === 0) &&
    !given.some((value) => typeof value === 'number' && !Number.isFinite(value))
  )
}

/** `float32 [2, 3] from -1 to 4`, of the elements that are numbers. */
function showRange(x: Tensor): string {
  let low = Infinity
  let high = -Infinity
  for (const value of elements(innermost(x))) {
    if (value < low) low = value
    if (value > high) high = value
  }
  const range =
    low > high ? '' : ` from ${Number(low.toPrecision(6))} to ${Number(high.toPrecision(6))}`
  return `${x.dtype} ${showShape(x.shape)}${range}`
}

/**
 * Runs `f` and stops at the first operation, forward or backward, that makes a NaN, or an infinity of
 * finite operands: the error names it, the ranges of its operands, the line that called it and, in a
 * backward pass, the operation that it belongs to. What an operation is given, such as a mask of -∞,
 * is no anomaly. Every result is looked at, so it is slow: for finding a mistake, not for training.
 *
 * @returns what `f` returns.
 * @throws {ValueError} at the first anomaly; no gradient has been accumulated by that backward pass,
 * and what was to be changed in place is as it was.
 * @throws {GradientError} when `f` returns a promise.
 *
 * @example
 * ```ts
 * import { detectAnomaly, tensor } from '@gradtape/core'
 *
 * const x = tensor([0, 1], { requiresGrad: true })
 * detectAnomaly(() => x.sqrt().sum().backward())
 * // throws ValueError: detectAnomaly: sqrtBackward made 1 infinite of 2 elements …
 * ```
 */
export function detectAnomaly<R>(f: (() => R) & Synchronous<R>): R {
  checkFunction('detectAnomaly', f)
  const run = (): R => refusePromise('detectAnomaly', withHandler(new Detector(), f))
  return notingCalls(() => {
    const call = captureCall()
    return () => `the backward pass${at(' that was called', call)}`
  }, run)
}
