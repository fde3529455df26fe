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

export interface NAdamOptions extends CommonOptions {
  /** Decay rates of the running means of the gradient and of its square; [0.9, 0.999] unless given. */
  readonly betas?: readonly [first: number, second: number]
  /** Keeps the denominator from 0; 1e-8 unless given. */
  readonly eps?: number
  /** How strongly parameters are pulled to 0, at least 0; 0 unless given. */
  readonly weightDecay?: number
  /** How fast the momentum grows from half of the first beta to all of it; 4e-3 unless given. */
  readonly momentumDecay?: number
  /** Shrinks the parameters themselves, as AdamW; false unless given. */
  readonly decoupledWeightDecay?: boolean
  /** Climbs instead of descending; false unless given. */
  readonly maximize?: boolean
}

export interface NAdamState {
  step: number
  /** The product of the momenta of all steps. */
  muProduct: number
  /** The running mean of the gradient. */
  readonly expAvg: Tensor
  /** The running mean of its square. */
  readonly expAvgSq: Tensor
}

const definition: Definition<NAdamOptions, NAdamState> = {
  name: 'NAdam',
  options: {
    lr: atLeastZero(2e-3),
    betas: rates(0.9, 0.999),
    eps: atLeastZero(1e-8),
    weightDecay: atLeastZero(0),
    momentumDecay: atLeastZero(4e-3),
    decoupledWeightDecay: flag(false),
    maximize: flag(false),
  },
  state: { step: 'count', muProduct: 'number', expAvg: 'buffer', expAvgSq: 'buffer' },
}

const descend = update({
  name: 'NAdam',
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
    ahead,
    along,
    bias,
    eps,
  ): Expr[] => {
    const p = s.mul(param!, shrink!)
    const g = withPenalty(p, s.mul(sign!, grad!), penalty!)
    const mean = runningMean(m!, g, beta1!, rest1!)
    const square = runningSquare(v!, g, beta2!, rest2!)
    const denominator = s.add(s.sqrt(s.div(square, bias!)), eps!)
    const looked = s.sub(p, s.div(s.mul(ahead!, g), denominator))
    return [s.sub(looked, s.div(s.mul(along!, mean), denominator)), mean, square]
  },
})

const next = (step: number): number => step + 1

/**
 * NAdam: Adam that looks ahead along its momentum, as Nesterov's form of SGD does,
 * `p ← p − lr · (μₜ₊₁ m / (1 − Πₜ₊₁) + (1 − μₜ) g / (1 − Πₜ)) / (√v̂ + eps)` at step t, with m, v
 * and v̂ as in Adam, `μₜ = β₁ (1 − ½ · 0.96^(t · momentumDecay))` and `Πₜ = μ₁ ⋯ μₜ`.
 * `weightDecay · p` is added to g or, decoupled, `p ← p − lr · weightDecay · p` comes first.
 *
 * `new NAdam(model.parameters(), { lr: 2e-3 })`. Options and defaults are PyTorch's. Π is kept in
 * double precision, whatever the parameters' dtype.
 *
 * Source: Dozat, "Incorporating Nesterov Momentum into Adam", ICLR Workshop 2016.
 */
export class NAdam extends Optimizer<NAdamOptions, NAdamState> {
  constructor(params: Params<NAdamOptions>, options: NAdamOptions = {}) {
    super(definition, params, options)
  }

  protected override update(group: ParamGroup<NAdamOptions>): void {
    const lr = host(group, 'lr')
    const betas = host(group, 'betas')
    const beta1 = host(betas, 0)
    const beta2 = host(betas, 1)
    const eps = host(group, 'eps')
    const momentumDecay = host(group, 'momentumDecay')
    const weightDecay = host(group, 'weightDecay')
    const [shrink, penalty] = decayOf(host(group, 'decoupledWeightDecay'), lr, weightDecay)
    const sign = signOf(host(group, 'maximize'))
    const muAt = (step: number): number => beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay))
    for (const p of group.params) {
      const grad = gradientOf(p)
      if (grad === null) continue
      const state = this.#stateOf(p)
      const steps = next(hostUpdate(state, 'step', next))
      const mu = muAt(steps)
      const muNext = muAt(steps + 1)
      hostUpdate(state, 'muProduct', (product) => product * mu)
      const { muProduct } = state
      const ahead = (lr * (1 - mu)) / (1 - muProduct)
      const along = (lr * muNext) / (1 - muProduct * muNext)
      const means = [beta1, 1 - beta1, beta2, 1 - beta2]
      const numbers = [sign, shrink, penalty, ...means, ahead, along, 1 - beta2 ** steps, eps]
      descend([p, state.expAvg, state.expAvgSq, grad], numbers)
    }
  }

  #stateOf(p: Tensor): NAdamState {
    let state = this.state.get(p)
    if (state === undefined) {
      state = { step: 0, muProduct: 1, expAvg: zerosLike(p), expAvgSq: zerosLike(p) }
      this.state.set(p, state)
    }
    return state
  }
}
