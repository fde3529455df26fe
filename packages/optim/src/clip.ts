import {
  GradientError,
  gradientOf,
  isTensor,
  noGrad,
  scalar as s,
  stack,
  tensor,
  update,
  ValueError,
  type Tensor,
} from '@gradtape/core'
import { checkGradient } from './optimizer.ts'

export interface ClipGradNormOptions {
  /** Which norm, above 0, infinity included; 2 unless given. */
  readonly normType?: number
  /** Whether a norm that is infinite or NaN is an error; false unless given. */
  readonly errorIfNonfinite?: boolean
}

/** What keeps the quotient finite; a norm just above the bound is scaled a little too far by it. */
const MARGIN = 1e-6

const scaled = update({
  name: 'clipGradNorm',
  targets: 1,
  sources: 1,
  build: (g, factor) => [s.mul(g!, factor!)],
})

const bounded = update({
  name: 'clipGradValue',
  targets: 1,
  sources: 0,
  // NaN is neither below nor above, and stays.
  build: (g, bound) => {
    const least = s.neg(bound!)
    return [s.select(s.gt(g!, bound!), bound!, s.select(s.lt(g!, least), least, g!))]
  },
})

/**
 * Scales the gradients, all by the same factor, so that their norm is at most `maxNorm`:
 * `g ← g · min(1, maxNorm / (‖g‖ + 1e-6))`, where ‖g‖ is the norm of the gradients of all parameters
 * as one vector. Call it after `backward` and before `step`. In place; parameters without a gradient
 * count nothing. As PyTorch's `clip_grad_norm_`.
 *
 * An infinite norm makes the gradients 0 or NaN, one that is NaN makes them NaN: `errorIfNonfinite`
 * throws then.
 *
 * Source: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks", ICML
 * 2013.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { clipGradNorm } from '@gradtape/optim'
 *
 * const w = tensor([3, 4], { requiresGrad: true })
 * w.square().sum().div(2).backward()
 * console.log(clipGradNorm([w], 1)) // → tensor(5.)
 * console.log(w.grad) // → tensor([0.6000, 0.8000])
 * ```
 *
 * @returns the norm before.
 * @throws {ValueError} for what are no parameters, options out of range, or a negative maxNorm.
 * @throws {GradientError} for a norm that isn't finite, if asked. After an error nothing has changed.
 */
export function clipGradNorm(
  parameters: Tensor | readonly Tensor[],
  maxNorm: number,
  options: ClipGradNormOptions = {},
): Tensor {
  const { normType = 2, errorIfNonfinite = false, ...unknown } = checkObject(options)
  const [stranger] = Object.keys(unknown)
  if (stranger !== undefined) {
    throw new ValueError(
      `clipGradNorm: there is no option '${stranger}'; its options are normType, errorIfNonfinite`,
    )
  }
  if (!(typeof normType === 'number' && normType > 0)) {
    throw new ValueError(
      `clipGradNorm: normType must be a number above 0, or Infinity, got ${String(normType)}`,
    )
  }
  if (typeof errorIfNonfinite !== 'boolean') {
    throw new ValueError(
      `clipGradNorm: errorIfNonfinite must be true or false, got ${String(errorIfNonfinite)}`,
    )
  }
  checkBound('clipGradNorm', 'maxNorm', maxNorm)
  const gradients = gradientsOf('clipGradNorm', parameters)
  if (gradients.length === 0) return tensor(0)
  return noGrad(() => {
    const total = stack(gradients.map((g) => normOf(g, normType))).norm(normType)
    if (errorIfNonfinite && !Number.isFinite(total.item())) {
      throw new GradientError(
        `clipGradNorm: the norm of the gradients is ${total.item()}; look for what overflows, or scale without looking at it: errorIfNonfinite: false`,
      )
    }
    const factor = total.add(MARGIN).reciprocal().mul(maxNorm).minimum(1)
    for (const g of gradients) scaled([g, factor])
    return total
  })
}

/**
 * Bounds each element of the gradients: `g ← min(max(g, −clipValue), clipValue)`. In place; NaN stays
 * NaN. As PyTorch's `clip_grad_value_`.
 *
 * @throws {ValueError} for what are no parameters, or a negative clipValue; nothing has changed then.
 */
export function clipGradValue(parameters: Tensor | readonly Tensor[], clipValue: number): void {
  checkBound('clipGradValue', 'clipValue', clipValue)
  const gradients = gradientsOf('clipGradValue', parameters)
  noGrad(() => {
    for (const g of gradients) bounded([g], [clipValue])
  })
}

/** The gradients that are there, in memory that can be written. */
function gradientsOf(name: string, parameters: Tensor | readonly Tensor[]): Tensor[] {
  const list: readonly unknown[] = isTensor(parameters) ? [parameters] : parameters
  if (!Array.isArray(list)) {
    throw new ValueError(
      `${name}: expected an array of parameters, got ${typeof list === 'function' ? 'a function; call it: model.parameters()' : String(list)}`,
    )
  }
  list.forEach((p: unknown, i) => {
    if (!isTensor(p)) {
      throw new ValueError(
        `${name}: parameter ${i} is no tensor; pass model.parameters() or tensors made with { requiresGrad: true }`,
      )
    }
    checkGradient(name, p)
  })
  return (list as Tensor[]).flatMap((p) => {
    const grad = gradientOf(p)
    if (grad === null) return []
    // One that was expanded shares memory between its elements.
    const own = noGrad(() => grad.contiguous())
    if (own !== grad) p.grad = own
    return [own]
  })
}

/** The norm of all elements; of none it is 0. */
function normOf(g: Tensor, p: number): Tensor {
  return g.numel === 0 ? g.sum() : g.norm(p)
}

function checkBound(name: string, what: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0) return
  throw new ValueError(`${name}: ${what} must be a number of at least 0, got ${String(value)}`)
}

function checkObject(options: ClipGradNormOptions): ClipGradNormOptions {
  if (typeof options === 'object' && options !== null) return options
  throw new ValueError(
    `clipGradNorm: expected options such as { normType: Infinity }, got ${String(options)}`,
  )
}
