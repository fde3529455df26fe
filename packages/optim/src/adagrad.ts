import {
  fullLike,
  gradientOf,
  host,
  hostUpdate,
  scalar as s,
  update,
  type Expr,
  type Tensor,
} from '@gradtape/core'
import { signOf, withPenalty } from './formulas.ts'
import { Optimizer, type CommonOptions, type Definition } from './optimizer.ts'
import { atLeastZero, flag } from './options.ts'
import type { ParamGroup, Params } from './param-group.ts'

export interface AdagradOptions extends CommonOptions {
  /** How fast the learning rate falls: it is divided by 1 + (t − 1) · lrDecay at step t; 0 unless given. */
  readonly lrDecay?: number
  /** Factor of an L2 penalty, at least 0; 0 unless given. */
  readonly weightDecay?: number
  /** Where the sum of squares starts, at least 0; 0 unless given. Read at a parameter's first step. */
  readonly initialAccumulatorValue?: number
  /** Keeps the denominator from 0; 1e-10 unless given. */
  readonly eps?: number
  /** Climbs instead of descending; false unless given. */
  readonly maximize?: boolean
}

export interface AdagradState {
  step: number
  /** The sum of the squares of all gradients. */
  readonly sum: Tensor
}

const definition: Definition<AdagradOptions, AdagradState> = {
  name: 'Adagrad',
  options: {
    lr: atLeastZero(1e-2),
    lrDecay: atLeastZero(0),
    weightDecay: atLeastZero(0),
    initialAccumulatorValue: atLeastZero(0),
    eps: atLeastZero(1e-10),
    maximize: flag(false),
  },
  state: { step: 'count', sum: 'buffer' },
}

const descend = update({
  name: 'Adagrad',
  targets: 2,
  sources: 1,
  build: (p, sum, grad, sign, decay, size, eps): Expr[] => {
    const g = withPenalty(p!, s.mul(sign!, grad!), decay!)
    const total = s.add(sum!, s.mul(g, g))
    return [s.sub(p!, s.div(s.mul(size!, g), s.add(s.sqrt(total), eps!))), total]
  },
})

const next = (step: number): number => step + 1

/**
 * Adagrad: the gradient over the root of the sum of all its squares, so that what changes rarely
 * takes long steps: `p ← p − lr / (1 + (t − 1) · lrDecay) · g / (√sum + eps)` at step t, where
 * `sum ← sum + g²`, from `initialAccumulatorValue` on. `weightDecay · p` is added to g.
 *
 * `new Adagrad(model.parameters(), { lr: 1e-2 })`. Options and defaults are PyTorch's.
 *
 * Source: Duchi, Hazan, Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
 * Optimization", JMLR 2011.
 */
export class Adagrad extends Optimizer<AdagradOptions, AdagradState> {
  constructor(params: Params<AdagradOptions>, options: AdagradOptions = {}) {
    super(definition, params, options)
  }

  protected override update(group: ParamGroup<AdagradOptions>): void {
    const lr = host(group, 'lr')
    const lrDecay = host(group, 'lrDecay')
    const weightDecay = host(group, 'weightDecay')
    const start = host(group, 'initialAccumulatorValue')
    const eps = host(group, 'eps')
    const sign = signOf(host(group, 'maximize'))
    for (const p of group.params) {
      const grad = gradientOf(p)
      if (grad === null) continue
      let state = this.state.get(p)
      if (state === undefined) this.state.set(p, (state = { step: 0, sum: fullLike(p, start) }))
      const before = hostUpdate(state, 'step', next)
      descend([p, state.sum, grad], [sign, weightDecay, lr / (1 + before * lrDecay), eps])
    }
  }
}
