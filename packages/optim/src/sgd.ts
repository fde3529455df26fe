import { gradientOf, host, scalar as s, update, zerosLike, type Tensor } from '@gradtape/core'
import { signOf, withPenalty } from './formulas.ts'
import { Optimizer, type CommonOptions, type Definition } from './optimizer.ts'
import { atLeastZero, flag, real } from './options.ts'
import type { ParamGroup, Params } from './param-group.ts'

export interface SGDOptions extends CommonOptions {
  /** How much of the last step is kept, at least 0; 0 unless given. */
  readonly momentum?: number
  /** How much less than the whole gradient enters the momentum; 0 unless given. */
  readonly dampening?: number
  /** Factor of an L2 penalty, at least 0; 0 unless given. */
  readonly weightDecay?: number
  /** Looks ahead along the momentum (needs momentum and no dampening); false unless given. */
  readonly nesterov?: boolean
  /** Climbs instead of descending; false unless given. */
  readonly maximize?: boolean
}

export interface SGDState {
  /** The last step before the learning rate. */
  readonly momentumBuffer: Tensor
}

const definition: Definition<SGDOptions, SGDState> = {
  name: 'SGD',
  options: {
    lr: atLeastZero(1e-3),
    momentum: atLeastZero(0),
    dampening: real(0),
    weightDecay: atLeastZero(0),
    nesterov: flag(false),
    maximize: flag(false),
  },
  state: { momentumBuffer: 'buffer' },
  conflict: ({ nesterov, momentum, dampening }) =>
    nesterov && (momentum === 0 || dampening !== 0)
      ? `nesterov needs a momentum above 0 and a dampening of 0, got momentum ${momentum} and dampening ${dampening}`
      : null,
}

const descend = update({
  name: 'SGD',
  targets: 1,
  sources: 1,
  build: (p, grad, sign, weightDecay, lr) => {
    const g = withPenalty(p!, s.mul(sign!, grad!), weightDecay!)
    return [s.sub(p!, s.mul(lr!, g))]
  },
})

const descendWithMomentum = update({
  name: 'SGD',
  targets: 2,
  sources: 1,
  build: (p, buffer, grad, sign, weightDecay, lr, momentum, share, nesterov, first) => {
    const g = withPenalty(p!, s.mul(sign!, grad!), weightDecay!)
    const kept = s.add(s.mul(buffer!, momentum!), s.mul(share!, g))
    const v = s.select(first!, g, kept)
    const direction = s.select(nesterov!, s.add(g, s.mul(momentum!, v)), v)
    return [s.sub(p!, s.mul(lr!, direction)), v]
  },
})

/**
 * Stochastic gradient descent: `p ← p − lr · v`, where v is the gradient g (with `weightDecay · p`
 * added) or, with momentum, `v ← momentum · v + (1 − dampening) · g`, g itself at first. Nesterov's
 * form steps along `g + momentum · v`.
 *
 * `new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 })`. Options and defaults are PyTorch's; lr
 * is 1e-3 unless given.
 *
 * Source: Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in
 * deep learning", ICML 2013, in PyTorch's form, whose v does not hold the learning rate.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { SGD } from '@gradtape/optim'
 *
 * const w = tensor([3, -2], { requiresGrad: true })
 * const optimizer = new SGD([w], { lr: 0.1, momentum: 0.9 })
 * for (let step = 0; step < 200; step++) {
 *   optimizer.zeroGrad()
 *   w.sub(1).square().sum().backward()
 *   optimizer.step()
 * }
 * console.log(w.round()) // → tensor([1., 1.], requiresGrad=true)
 * ```
 */
export class SGD extends Optimizer<SGDOptions, SGDState> {
  constructor(params: Params<SGDOptions>, options: SGDOptions = {}) {
    super(definition, params, options)
  }

  protected override update(group: ParamGroup<SGDOptions>): void {
    const lr = host(group, 'lr')
    const momentum = host(group, 'momentum')
    const weightDecay = host(group, 'weightDecay')
    const sign = signOf(host(group, 'maximize'))
    const share = 1 - host(group, 'dampening')
    const nesterov = host(group, 'nesterov') ? 1 : 0
    for (const p of group.params) {
      const grad = gradientOf(p)
      if (grad === null) continue
      if (momentum === 0) {
        descend([p, grad], [sign, weightDecay, lr])
        continue
      }
      let state = this.state.get(p)
      const first = state === undefined ? 1 : 0
      if (state === undefined) this.state.set(p, (state = { momentumBuffer: zerosLike(p) }))
      const numbers = [sign, weightDecay, lr, momentum, share, nesterov, first]
      descendWithMomentum([p, state.momentumBuffer, grad], numbers)
    }
  }
}
