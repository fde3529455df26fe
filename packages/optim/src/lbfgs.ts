import {
  cat,
  enableGrad,
  host,
  isTensor,
  update,
  ValueError,
  zerosLike,
  scalar as s,
  type Synchronous,
  type Tensor,
} from '@gradtape/core'
import {
  directionOf,
  learned,
  readLBFGS,
  saveLBFGS,
  type Curvature,
  type LBFGSState,
} from './lbfgs-memory.ts'
import { checkGradient, Optimizer, type CommonOptions, type Definition } from './optimizer.ts'
import { atLeastZero, oneOf, orNull, whole } from './options.ts'
import type { GroupOf, ParamGroup, Params } from './param-group.ts'
import type { OptimizerStateDict } from './state-dict.ts'
import { strongWolfe, type LinePoint } from './strong-wolfe.ts'

export interface LBFGSOptions extends CommonOptions {
  /** How many iterations a step makes at most; 20 unless given. */
  readonly maxIter?: number
  /** How often a step calls the closure before it makes no more iterations; 5/4 of maxIter unless given. */
  readonly maxEval?: number | null
  /** Ends a step when no element of the gradient is larger; 1e-7 unless given. */
  readonly toleranceGrad?: number
  /** Ends a step when neither the loss nor an element of the parameters changes by more; 1e-9 unless given. */
  readonly toleranceChange?: number
  /** How many changes of the gradient are remembered; 100 unless given. */
  readonly historySize?: number
  /** How far an iteration goes: by lr alone unless given, or by a search for the strong Wolfe conditions. */
  readonly lineSearchFn?: 'strong_wolfe' | null
}

const definition: Definition<LBFGSOptions, object> = {
  name: 'LBFGS',
  options: {
    lr: atLeastZero(1),
    maxIter: whole(1, 20),
    maxEval: orNull(whole(1)),
    toleranceGrad: atLeastZero(1e-7),
    toleranceChange: atLeastZero(1e-9),
    historySize: whole(1, 100),
    lineSearchFn: oneOf(null, 'strong_wolfe'),
  },
  // Kept for all parameters together, with the first one; this class saves and loads it itself.
  state: {},
}

const place = update({
  name: 'LBFGS',
  targets: 1,
  sources: 2,
  build: (_, origin, d, t) => [s.add(origin!, s.mul(t!, d!))],
})

/** A loss and its gradient, through all parameters. */
type Evaluated = Pick<LinePoint, 'loss' | 'grad'>

/**
 * Limited-memory BFGS: steps along `d = −H g`, where H approximates the inverse Hessian from the last
 * `historySize` changes of the gradient. For small problems whose loss is the same at each call, not
 * for batches that change. An iteration goes `lr` along d (at first `lr · min(1, 1 / ‖g‖₁)`), or as
 * far as a line search says.
 *
 * One step makes up to `maxIter` iterations, and calls the closure again and again:
 * `optimizer.step(() => { optimizer.zeroGrad(); const loss = …; loss.backward(); return loss })`.
 *
 * Options and defaults are PyTorch's. There is one parameter group only. In state dicts, lists of
 * vectors are one tensor with a row for each.
 *
 * Source: Liu, Nocedal, "On the Limited Memory BFGS Method for Large Scale Optimization",
 * Mathematical Programming 45, 1989.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { LBFGS } from '@gradtape/optim'
 *
 * // Rosenbrock's valley, whose floor is curved.
 * const w = tensor([-1.2, 1], { dtype: 'float64', requiresGrad: true })
 * const optimizer = new LBFGS([w], { lineSearchFn: 'strong_wolfe', maxIter: 50 })
 * optimizer.step(() => {
 *   optimizer.zeroGrad()
 *   const [x, y] = w.unbind()
 *   const loss = y.sub(x.square()).square().mul(100).add(x.sub(1).square())
 *   loss.backward()
 *   return loss
 * })
 * console.log(w.round()) // → tensor([1., 1.], dtype=float64, requiresGrad=true)
 * ```
 */
export class LBFGS extends Optimizer<LBFGSOptions, object> {
  #closure: (() => unknown) | null = null
  #loss = NaN

  /** @throws {ValueError | GradientError} as other optimizers, and for more than one group. */
  constructor(params: Params<LBFGSOptions>, options: LBFGSOptions = {}) {
    super(definition, params, options)
  }

  /**
   * Minimizes along several directions; calls the closure at least once, with gradients recorded.
   *
   * @returns what the closure returned first.
   * @throws {ValueError} without a closure, or when it returns no loss.
   * @throws {ShapeError | DTypeError} for gradients that don't fit their parameters. After an error,
   * also one of the closure, parameters and state are as before.
   */
  override step(): never
  override step<R>(closure: (() => R) & Synchronous<R>): R
  override step<R>(closure?: () => R): R {
    if (typeof closure !== 'function') {
      throw new ValueError(
        `LBFGS: step needs a function that clears the gradients, computes the loss, calls backward and returns the loss, got ${String(closure)}`,
      )
    }
    this.#closure = closure
    const first = (): R => {
      const loss = closure()
      this.#loss = numberOf(loss)
      return loss
    }
    try {
      return super.step(first as (() => R) & Synchronous<R>)
    } finally {
      this.#closure = null
    }
  }

  protected override update(group: ParamGroup<LBFGSOptions>): void {
    const { params } = group
    const before = params.map((p) => p.clone())
    try {
      this.#minimize(group)
    } catch (error) {
      params.forEach((p, i) => p.copy_(before[i]!))
      throw error
    }
  }

  #minimize(group: ParamGroup<LBFGSOptions>): void {
    const { params } = group
    const lr = host(group, 'lr')
    const maxIter = host(group, 'maxIter')
    const maxEval = host(group, 'maxEval') ?? Math.floor(maxIter * 1.25)
    const toleranceGrad = host(group, 'toleranceGrad')
    const toleranceChange = host(group, 'toleranceChange')
    const historySize = host(group, 'historySize')
    const searches = host(group, 'lineSearchFn') !== null

    const state = (this.state.get(params[0]!) as LBFGSState | undefined) ?? start
    let { funcEvals, nIter, memory } = state
    let now: Evaluated = { loss: this.#loss, grad: gradientOf(params) }
    let evaluations = 1
    let flat = largest(now.grad) <= toleranceGrad
    for (let i = 1; i <= maxIter && !flat; i++) {
      nIter++
      const curvature = memory === undefined ? none : learned(memory, now.grad, historySize)
      const d = directionOf(curvature, now.grad)
      let t = memory === undefined ? Math.min(1, 1 / now.grad.abs().sum().item()) * lr : lr
      const { loss: prevLoss, grad: prevFlatGrad } = now
      const slope = now.grad.dot(d).item()
      memory = { ...curvature, d, t, prevFlatGrad, prevLoss }
      if (slope > -toleranceChange) break
      if (searches) {
        const origins = params.map((p) => p.clone())
        const at = (trial: number): LinePoint => {
          move(params, origins, d, trial)
          const { loss, grad } = this.#evaluate(params)
          return { t: trial, loss, grad, slope: grad.dot(d).item() }
        }
        const found = strongWolfe(at, { ...now, t: 0, slope }, t, largest(d))
        now = found.point
        t = found.point.t
        evaluations += found.evaluations
        move(params, origins, d, t)
      } else {
        move(params, params, d, t)
        if (i < maxIter) {
          now = this.#evaluate(params)
          evaluations++
        }
      }
      memory = { ...memory, t }
      flat = largest(now.grad) <= toleranceGrad
      if (evaluations >= maxEval) break
      if (largest(d.mul(t)) <= toleranceChange) break
      if (Math.abs(now.loss - prevLoss) < toleranceChange) break
    }
    funcEvals += evaluations
    this.state.set(params[0]!, { funcEvals, nIter, memory })
  }

  #evaluate(params: readonly Tensor[]): Evaluated {
    const loss = numberOf(enableGrad(this.#closure! as () => never))
    for (const p of params) checkGradient('LBFGS', p)
    return { loss, grad: gradientOf(params) }
  }

  /** @throws {ValueError} for a second group: the parameters are one vector. */
  override addParamGroup(group: GroupOf<LBFGSOptions>): void {
    if (this.paramGroups.length > 0) {
      throw new ValueError(
        'LBFGS: there can be one parameter group only; put all parameters into one list',
      )
    }
    super.addParamGroup(group)
  }

  override stateDict(): OptimizerStateDict<LBFGSOptions> {
    const { paramGroups } = super.stateDict()
    const state = this.state.get(this.paramGroups[0]!.params[0]!) as LBFGSState | undefined
    return { paramGroups, state: state === undefined ? {} : { 0: saveLBFGS(state) } }
  }

  override loadStateDict(dict: OptimizerStateDict<LBFGSOptions>): void {
    const { params } = this.paramGroups[0]!
    const saved = dict?.state?.[0]
    const state =
      saved && readLBFGS('LBFGS.loadStateDict: state of parameter 0', saved, flattened(params))
    if (saved) {
      // Any other entry is a stranger, which the base names.
      const { 0: _own, ...others } = dict.state
      super.loadStateDict({ ...dict, state: others })
    } else {
      super.loadStateDict(dict)
    }
    if (state) this.state.set(params[0]!, state)
  }
}

const start: LBFGSState = { funcEvals: 0, nIter: 0 }
const none: Curvature = { oldDirs: [], oldStps: [], ro: [], hDiag: 1 }

/** Parameters become `origin + t · d`. */
function move(params: readonly Tensor[], origins: readonly Tensor[], d: Tensor, t: number): void {
  const parts = d.split(params.map((p) => p.numel))
  params.forEach((p, i) => place([p, origins[i]!, parts[i]!.reshape(p.shape)], [t]))
}

function gradientOf(params: readonly Tensor[]): Tensor {
  return flattened(params.map((p) => p.grad ?? zerosLike(p)))
}

function flattened(tensors: readonly Tensor[]): Tensor {
  return cat(tensors.map((x) => x.detach().reshape([-1])))
}

const largest = (x: Tensor): number => (x.numel === 0 ? 0 : x.abs().amax().item())

/** The number that a closure returned. */
function numberOf(loss: unknown): number {
  if (typeof loss === 'number') return loss
  if (isTensor(loss) && loss.numel === 1) return loss.item()
  const seen = isTensor(loss)
    ? `a tensor of shape [${loss.shape.join(', ')}]`
    : loss instanceof Promise
      ? 'a promise'
      : String(loss)
  throw new ValueError(
    `LBFGS: the closure must return the loss, a number or a tensor of one element, got ${seen}; end it with: return loss`,
  )
}
