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

export interface RAdamOptions extends CommonOptions {
  /** Decay rates of the running means of the gradient and of its square; [0.9, 0.999] unless given. */
  readonly betas?: readonly [first: number, second: number]
  /** Keeps the denominator from 0; 1e-8 unless given. */
  readonly eps?: number
  /** How strongly parameters are pulled to 0, at least 0; 0 unless given. */
  readonly weightDecay?: number
  /** Shrinks the parameters themselves, as AdamW; false unless given. */
  readonly decoupledWeightDecay?: boolean
  /** Climbs instead of descending; false unless given. */
  readonly maximize?: boolean
}

export interface RAdamState {
  step: number
  /** The running mean of the gradient. */
  readonly expAvg: Tensor
  /** The running mean of its square. */
  readonly expAvgSq: Tensor
}

const definition: Definition<RAdamOptions, RAdamState> = {
  name: 'RAdam',
  options: {
    lr: atLeastZero(1e-3),
    betas: rates(0.9, 0.999),
    eps: atLeastZero(1e-8),
    weightDecay: atLeastZero(0),
    decoupledWeightDecay: flag(false),
    maximize: flag(false),
  },
  state: { step: 'count', expAvg: 'buffer', expAvgSq: 'buffer' },
}

const descend = update({
  name: 'RAdam',
  targets: 3,
  sources: 1,
  build: (
    param,
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
    rectified,
    scale,
    eps,
  ): Expr[] => {
    const p = s.mul(param!, shrink!)
    const g = withPenalty(p, s.mul(sign!, grad!), penalty!)
    const mean = runningMean(m!, g, beta1!, rest1!)
    const square = runningSquare(v!, g, beta2!, rest2!)
    const adapted = s.select(rectified!, s.div(scale!, s.add(s.sqrt(square), eps!)), 1)
    return [s.sub(p, s.mul(s.mul(size!, mean), adapted)), mean, square]
  },
})

const next = (step: number): number => step + 1

/**
 * RAdam: Adam that waits with its adaptive step lengths until their variance is known to be finite,
 * which makes a warm-up needless: `p ← p − lr · m̂ · r · √(1 − β₂ᵗ) / (√v + eps)` at step t where
 * `ρₜ > 5`, and `p ← p − lr · m̂` before, with m, v and m̂ as in Adam, `ρ∞ = 2 / (1 − β₂) − 1`,
 * `ρₜ = ρ∞ − 2t β₂ᵗ / (1 − β₂ᵗ)` and `r² = (ρₜ − 4)(ρₜ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρₜ)`.
 * `weightDecay · p` is added to g or, decoupled, `p ← p − lr · weightDecay · p` comes first.
 *
 * `new RAdam(model.parameters(), { lr: 1e-3 })`. Options and defaults are PyTorch's.
 *
 * Source: Liu, Jiang, He, Chen, Liu, Gao, Han, "On the Variance of the Adaptive Learning Rate and
 * Beyond", ICLR 2020; the bound on ρₜ, there 4, is PyTorch's.
 */
export class RAdam extends Optimizer<RAdamOptions, RAdamState> {
  constructor(params: Params<RAdamOptions>, options: RAdamOptions = {}) {
    super(definition, params, options)
  }

  protected override update(group: ParamGroup<RAdamOptions>): void {
    const lr = host(group, 'lr')
    const betas = host(group, 'betas')
    const beta1 = host(betas, 0)
    const beta2 = host(betas, 1)
    const eps = host(group, 'eps')
    const weightDecay = host(group, 'weightDecay')
    const [shrink, penalty] = decayOf(host(group, 'decoupledWeightDecay'), lr, weightDecay)
    const sign = signOf(host(group, 'maximize'))
    for (const p of group.params) {
      const grad = gradientOf(p)
      if (grad === null) continue
      const state = this.#stateOf(p)
      const steps = next(hostUpdate(state, 'step', next))
      const { rectified, scale } = rectification(beta2, steps)
      const means = [beta1, 1 - beta1, beta2, 1 - beta2]
      const size = lr / (1 - beta1 ** steps)
      const numbers = [sign, shrink, penalty, ...means, size, rectified, scale, eps]
      descend([p, state.expAvg, state.expAvgSq, grad], numbers)
    }
  }

  #stateOf(p: Tensor): RAdamState {
    let state = this.state.get(p)
    if (state === undefined) {
      state = { step: 0, expAvg: zerosLike(p), expAvgSq: zerosLike(p) }
      this.state.set(p, state)
    }
    return state
  }
}

/** Whether the step lengths adapt at step t, and `r · √(1 − β₂ᵗ)` there. */
function rectification(beta2: number, t: number): { rectified: number; scale: number } {
  const bias = 1 - beta2 ** t
  const longest = 2 / (1 - beta2) - 1
  const length = longest - (2 * t * beta2 ** t) / bias
  if (!(length > 5)) return { rectified: 0, scale: 1 }
  const share = ((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length)
  return { rectified: 1, scale: Math.sqrt(share) * Math.sqrt(bias) }
}
