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
import { runningMean, signOf, withPenalty } from './formulas.ts'
import { Optimizer, type CommonOptions, type Definition } from './optimizer.ts'
import { atLeastZero, flag, rates } from './options.ts'
import type { ParamGroup, Params } from './param-group.ts'

export interface AdamaxOptions extends CommonOptions {
  /** Decay rates of the running mean and of the running maximum; [0.9, 0.999] unless given. */
  readonly betas?: readonly [first: number, second: number]
  /** Keeps the denominator from 0; 1e-8 unless given. */
  readonly eps?: number
  /** Factor of an L2 penalty, at least 0; 0 unless given. */
  readonly weightDecay?: number
  /** Climbs instead of descending; false unless given. */
  readonly maximize?: boolean
}

export interface AdamaxState {
  step: number
  /** The running mean of the gradient. */
  readonly expAvg: Tensor
  /** The largest gradient so far, older ones counting less and less. */
  readonly expInf: Tensor
}

const definition: Definition<AdamaxOptions, AdamaxState> = {
  name: 'Adamax',
  options: {
    lr: atLeastZero(2e-3),
    betas: rates(0.9, 0.999),
    eps: atLeastZero(1e-8),
    weightDecay: atLeastZero(0),
    maximize: flag(false),
  },
  state: { step: 'count', expAvg: 'buffer', expInf: 'buffer' },
}

const descend = update({
  name: 'Adamax',
  targets: 3,
  sources: 1,
  build: (p, m, u, grad, sign, decay, beta1, rest1, beta2, eps, size): Expr[] => {
    const g = withPenalty(p!, s.mul(sign!, grad!), decay!)
    const mean = runningMean(m!, g, beta1!, rest1!)
    const largest = s.maximum(s.mul(u!, beta2!), s.add(s.abs(g), eps!))
    return [s.sub(p!, s.div(s.mul(size!, mean), largest)), mean, largest]
  },
})

const next = (step: number): number => step + 1

/**
 * Adamax: Adam with the largest gradient in place of the root of the mean square,
 * `p ← p − lr / (1 − β₁ᵗ) · m / u` at step t, where `m ← β₁m + (1 − β₁)g` and
 * `u ← max(β₂u, |g| + eps)`. `weightDecay · p` is added to g.
 *
 * `new Adamax(model.parameters(), { lr: 2e-3 })`. Options and defaults are PyTorch's.
 *
 * Source: Kingma, Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, section 7.1.
 */
export class Adamax extends Optimizer<AdamaxOptions, AdamaxState> {
  constructor(params: Params<AdamaxOptions>, options: AdamaxOptions = {}) {
    super(definition, params, options)
  }

  protected override update(group: ParamGroup<AdamaxOptions>): void {
    const lr = host(group, 'lr')
    const betas = host(group, 'betas')
    const beta1 = host(betas, 0)
    const beta2 = host(betas, 1)
    const eps = host(group, 'eps')
    const weightDecay = host(group, 'weightDecay')
    const sign = signOf(host(group, 'maximize'))
    for (const p of group.params) {
      const grad = gradientOf(p)
      if (grad === null) continue
      const state = this.#stateOf(p)
      const steps = next(hostUpdate(state, 'step', next))
      const size = lr / (1 - beta1 ** steps)
      const numbers = [sign, weightDecay, beta1, 1 - beta1, beta2, eps, size]
      descend([p, state.expAvg, state.expInf, grad], numbers)
    }
  }

  #stateOf(p: Tensor): AdamaxState {
    let state = this.state.get(p)
    if (state === undefined) {
      state = { step: 0, expAvg: zerosLike(p), expInf: zerosLike(p) }
      this.state.set(p, state)
    }
    return state
  }
}
