import {
  gradientOf,
  host,
  hostUpdate,
  scalar as s,
  update,
  zerosLike,
  type Expr,
  type Tensor,
} from '@gradtape/core'
import { decayOf, runningMean, runningSquare, signOf, withPenalty } from './formulas.ts'
import { Optimizer, type CommonOptions, type Definition } from './optimizer.ts'
import { atLeastZero, flag, rates } from './options.ts'
import type { ParamGroup, Params } from './param-group.ts'

/** The options of Adam and AdamW. */
export interface AdamOptions extends CommonOptions {
  /** Decay rates of the running means of the gradient and of its square; [0.9, 0.999] unless given. */
  readonly betas?: readonly [first: number, second: number]
  /** Keeps the denominator from 0; 1e-8 unless given. */
  readonly eps?: number
  /** How strongly parameters are pulled to 0, at least 0; 0 for Adam and 0.01 for AdamW unless given. */
  readonly weightDecay?: number
  /** Divides by the largest running mean so far; false unless given. */
  readonly amsgrad?: boolean
  /** Shrinks parameters themselves instead of adding a penalty's gradient; true for AdamW unless given. */
  readonly decoupledWeightDecay?: boolean
  /** Climbs instead of descending; false unless given. */
  readonly maximize?: boolean
}

export interface AdamState {
  step: number
  /** The running mean of the gradient. */
  readonly expAvg: Tensor
  /** The running mean of its square. */
  readonly expAvgSq: Tensor
  /** The largest of these so far; only with amsgrad. */
  maxExpAvgSq?: Tensor
}

type Step = ReturnType<typeof update>

/** A form of Adam: what it says of itself, and its updates. */
export interface Form {
  readonly definition: Definition<AdamOptions, AdamState>
  readonly step: Step
  readonly amsgradStep: Step
}

/** Adam under a name and with the defaults of its weight decay. */
export function formOf(name: string, weightDecay: number, decoupled: boolean): Form {
  return {
    definition: {
      name,
      options: {
        lr: atLeastZero(1e-3),
        betas: rates(0.9, 0.999),
        eps: atLeastZero(1e-8),
        weightDecay: atLeastZero(weightDecay),
        amsgrad: flag(false),
        decoupledWeightDecay: flag(decoupled),
        maximize: flag(false),
      },
      state: {
        step: 'count',
        expAvg: 'buffer',
        expAvgSq: 'buffer',
        maxExpAvgSq: 'optional buffer',
      },
    },
    step: update({
      name,
      targets: 3,
      sources: 1,
      build: (
        p,
        m,
        v,
        grad,
        sign,
        shrink,
        penalty,
        beta1,
        rest1,
        beta2,
        rest2,
        size,
        root,
        eps,
      ) => {
        p = s.mul(p!, shrink!)
        const g = withPenalty(p, s.mul(sign!, grad!), penalty!)
        const mean = runningMean(m!, g, beta1!, rest1!)
        const square = runningSquare(v!, g, beta2!, rest2!)
        return [moved(p, mean, square, size!, root!, eps!), mean, square]
      },
    }),
    amsgradStep: update({
      name,
      targets: 4,
      sources: 1,
      build: (
        p,
        m,
        v,
        top,
        grad,
        sign,
        shrink,
        penalty,
        beta1,
        rest1,
        beta2,
        rest2,
        size,
        root,
        eps,
      ) => {
        p = s.mul(p!, shrink!)
        const g = withPenalty(p, s.mul(sign!, grad!), penalty!)
        const mean = runningMean(m!, g, beta1!, rest1!)
        const square = runningSquare(v!, g, beta2!, rest2!)
        const largest = s.maximum(top!, square)
        return [moved(p, mean, largest, size!, root!, eps!), mean, square, largest]
      },
    }),
  }
}

/** `p − size · mean / (√square / root + eps)`. */
function moved(p: Expr, mean: Expr, square: Expr, size: Expr, root: Expr, eps: Expr): Expr {
  const denominator = s.add(s.div(s.sqrt(square), root), eps)
  return s.sub(p, s.div(s.mul(size, mean), denominator))
}

const next = (step: number): number => step + 1

/** What Adam and AdamW share: all but defaults. */
export abstract class AdaptiveMoments extends Optimizer<AdamOptions, AdamState> {
  readonly #form: Form

  constructor(form: Form, params: Params<AdamOptions>, options: AdamOptions) {
    super(form.definition, params, options)
    this.#form = form
  }

  protected override update(group: ParamGroup<AdamOptions>): void {
    const { step, amsgradStep } = this.#form
    const lr = host(group, 'lr')
    const betas = host(group, 'betas')
    const beta1 = host(betas, 0)
    const beta2 = host(betas, 1)
    const eps = host(group, 'eps')
    const weightDecay = host(group, 'weightDecay')
    const amsgrad = host(group, 'amsgrad')
    const sign = signOf(host(group, 'maximize'))
    const [shrink, penalty] = decayOf(host(group, 'decoupledWeightDecay'), lr, weightDecay)
    for (const p of group.params) {
      const grad = gradientOf(p)
      if (grad === null) continue
      const state = this.#stateOf(p)
      const steps = next(hostUpdate(state, 'step', next))
      // The running means start at 0; these undo their bias towards it.
      const size = lr / (1 - beta1 ** steps)
      const root = Math.sqrt(1 - beta2 ** steps)
      const numbers = [sign, shrink, penalty, beta1, 1 - beta1, beta2, 1 - beta2, size, root, eps]
      if (amsgrad) {
        state.maxExpAvgSq ??= zerosLike(p)
        amsgradStep([p, state.expAvg, state.expAvgSq, state.maxExpAvgSq, grad], numbers)
      } else {
        step([p, state.expAvg, state.expAvgSq, grad], numbers)
      }
    }
  }

  #stateOf(p: Tensor): AdamState {
    let state = this.state.get(p)
    if (state === undefined) {
      state = { step: 0, expAvg: zerosLike(p), expAvgSq: zerosLike(p) }
      this.state.set(p, state)
    }
    return state
  }
}
