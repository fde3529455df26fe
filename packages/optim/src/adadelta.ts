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
import { runningSquare, signOf, withPenalty } from './formulas.ts'
import { Optimizer, type CommonOptions, type Definition } from './optimizer.ts'
import { atLeastZero, flag, within } from './options.ts'
import type { ParamGroup, Params } from './param-group.ts'

export interface AdadeltaOptions extends CommonOptions {
  /** Decay rate of both running means, from 0 to 1; 0.9 unless given. */
  readonly rho?: number
  /** Keeps the denominator from 0, and the first steps, too; 1e-6 unless given. */
  readonly eps?: number
  /** Factor of an L2 penalty, at least 0; 0 unless given. */
  readonly weightDecay?: number
  /** Climbs instead of descending; false unless given. */
  readonly maximize?: boolean
}

export interface AdadeltaState {
  step: number
  /** The running mean of the gradient's square. */
  readonly squareAvg: Tensor
  /** The running mean of the square of the steps, before the learning rate. */
  readonly accDelta: Tensor
}

const definition: Definition<AdadeltaOptions, AdadeltaState> = {
  name: 'Adadelta',
  options: {
    lr: atLeastZero(1),
    rho: within(0, 1, 0.9),
    eps: atLeastZero(1e-6),
    weightDecay: atLeastZero(0),
    maximize: flag(false),
  },
  state: { step: 'count', squareAvg: 'buffer', accDelta: 'buffer' },
}

const descend = update({
  name: 'Adadelta',
  targets: 3,
  sources: 1,
  build: (p, v, a, grad, sign, decay, rho, rest, eps, lr): Expr[] => {
    const g = withPenalty(p!, s.mul(sign!, grad!), decay!)
    const square = runningSquare(v!, g, rho!, rest!)
    const ratio = s.div(s.sqrt(s.add(a!, eps!)), s.sqrt(s.add(square, eps!)))
    const delta = s.mul(ratio, g)
    return [s.sub(p!, s.mul(lr!, delta)), square, runningSquare(a!, delta, rho!, rest!)]
  },
})

const next = (step: number): number => step + 1

/**
 * Adadelta: steps in the parameter's own units, `p ← p − lr · Δ` with
 * `Δ = √(a + eps) / √(v + eps) · g`, where `v ← rho · v + (1 − rho) · g²` before and
 * `a ← rho · a + (1 − rho) · Δ²` after. `weightDecay · p` is added to g.
 *
 * `new Adadelta(model.parameters(), { rho: 0.9 })`. Options and defaults are PyTorch's; lr is 1
 * unless given.
 *
 * Source: Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012.
 */
export class Adadelta extends Optimizer<AdadeltaOptions, AdadeltaState> {
  constructor(params: Params<AdadeltaOptions>, options: AdadeltaOptions = {}) {
    super(definition, params, options)
  }

  protected override update(group: ParamGroup<AdadeltaOptions>): void {
    const rho = host(group, 'rho')
    const numbers = [
      signOf(host(group, 'maximize')),
      host(group, 'weightDecay'),
      rho,
      1 - rho,
      host(group, 'eps'),
      host(group, 'lr'),
    ]
    for (const p of group.params) {
      const grad = gradientOf(p)
      if (grad === null) continue
      const state = this.#stateOf(p)
      hostUpdate(state, 'step', next)
      descend([p, state.squareAvg, state.accDelta, grad], numbers)
    }
  }

  #stateOf(p: Tensor): AdadeltaState {
    let state = this.state.get(p)
    if (state === undefined) {
      state = { step: 0, squareAvg: zerosLike(p), accDelta: zerosLike(p) }
      this.state.set(p, state)
    }
    return state
  }
}
