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
import { runningMean, runningSquare, signOf, withPenalty } from './formulas.ts'
import { Optimizer, type CommonOptions, type Definition } from './optimizer.ts'
import { atLeastZero, flag } from './options.ts'
import type { ParamGroup, Params } from './param-group.ts'

export interface RMSpropOptions extends CommonOptions {
  /** Decay rate of the running mean of squares, at least 0; 0.99 unless given. */
  readonly alpha?: number
  /** Keeps the denominator from 0; 1e-8 unless given. */
  readonly eps?: number
  /** Factor of an L2 penalty, at least 0; 0 unless given. */
  readonly weightDecay?: number
  /** How much of the last step is kept, at least 0; 0 unless given. */
  readonly momentum?: number
  /** Divides by the standard deviation instead of the root of the mean square; false unless given. */
  readonly centered?: boolean
  /** Climbs instead of descending; false unless given. */
  readonly maximize?: boolean
}

export interface RMSpropState {
  step: number
  /** The running mean of the gradient's square. */
  readonly squareAvg: Tensor
  /** The running mean of the gradient; only when centered. */
  gradAvg?: Tensor
  /** The last step before the learning rate; only with momentum. */
  momentumBuffer?: Tensor
}

const definition: Definition<RMSpropOptions, RMSpropState> = {
  name: 'RMSprop',
  options: {
    lr: atLeastZero(1e-2),
    alpha: atLeastZero(0.99),
    eps: atLeastZero(1e-8),
    weightDecay: atLeastZero(0),
    momentum: atLeastZero(0),
    centered: flag(false),
    maximize: flag(false),
  },
  state: {
    step: 'count',
    squareAvg: 'buffer',
    gradAvg: 'optional buffer',
    momentumBuffer: 'optional buffer',
  },
}

const define = (targets: number, build: Parameters<typeof update>[0]['build']) =>
  update({ name: 'RMSprop', targets, sources: 1, build })

const plain = define(2, (p, v, grad, sign, decay, alpha, rest, eps, lr) => {
  const g = withPenalty(p!, s.mul(sign!, grad!), decay!)
  const square = runningSquare(v!, g, alpha!, rest!)
  return [straight(p!, g, s.add(s.sqrt(square), eps!), lr!), square]
})

const centered = define(3, (p, v, m, grad, sign, decay, alpha, rest, eps, lr) => {
  const g = withPenalty(p!, s.mul(sign!, grad!), decay!)
  const square = runningSquare(v!, g, alpha!, rest!)
  const mean = runningMean(m!, g, alpha!, rest!)
  return [straight(p!, g, s.add(deviation(square, mean), eps!), lr!), square, mean]
})

const withMomentum = define(3, (p, v, b, grad, sign, decay, alpha, rest, eps, lr, momentum) => {
  const g = withPenalty(p!, s.mul(sign!, grad!), decay!)
  const square = runningSquare(v!, g, alpha!, rest!)
  const buffer = rolled(b!, g, s.add(s.sqrt(square), eps!), momentum!)
  return [s.sub(p!, s.mul(lr!, buffer)), square, buffer]
})

const centeredWithMomentum = define(
  4,
  (p, v, m, b, grad, sign, decay, alpha, rest, eps, lr, momentum) => {
    const g = withPenalty(p!, s.mul(sign!, grad!), decay!)
    const square = runningSquare(v!, g, alpha!, rest!)
    const mean = runningMean(m!, g, alpha!, rest!)
    const buffer = rolled(b!, g, s.add(deviation(square, mean), eps!), momentum!)
    return [s.sub(p!, s.mul(lr!, buffer)), square, mean, buffer]
  },
)

const straight = (p: Expr, g: Expr, scale: Expr, lr: Expr): Expr =>
  s.sub(p, s.div(s.mul(lr, g), scale))
const rolled = (buffer: Expr, g: Expr, scale: Expr, momentum: Expr): Expr =>
  s.add(s.mul(buffer, momentum), s.div(g, scale))
const deviation = (square: Expr, mean: Expr): Expr => s.sqrt(s.sub(square, s.mul(mean, mean)))

const next = (step: number): number => step + 1

/**
 * RMSprop: the gradient over the root of the running mean of its square,
 * `p ← p − lr · g / (√v + eps)` with `v ← alpha · v + (1 − alpha) · g²`. When centered, `v − m²`
 * stands in for v, where m is the running mean of g. With momentum the quotient enters
 * `b ← momentum · b + g / (√v + eps)`, and `p ← p − lr · b`. `weightDecay · p` is added to g.
 *
 * `new RMSprop(model.parameters(), { lr: 1e-2 })`. Options and defaults are PyTorch's.
 *
 * Source: Tieleman, Hinton, "Lecture 6.5: rmsprop", Coursera 2012; Graves, "Generating Sequences
 * With Recurrent Neural Networks", 2013 (the centered form).
 */
export class RMSprop extends Optimizer<RMSpropOptions, RMSpropState> {
  constructor(params: Params<RMSpropOptions>, options: RMSpropOptions = {}) {
    super(definition, params, options)
  }

  protected override update(group: ParamGroup<RMSpropOptions>): void {
    const alpha = host(group, 'alpha')
    const momentum = host(group, 'momentum')
    const isCentered = host(group, 'centered')
    const numbers = [
      signOf(host(group, 'maximize')),
      host(group, 'weightDecay'),
      alpha,
      1 - alpha,
      host(group, 'eps'),
      host(group, 'lr'),
      momentum,
    ]
    for (const p of group.params) {
      const grad = gradientOf(p)
      if (grad === null) continue
      const state = this.#stateOf(p)
      hostUpdate(state, 'step', next)
      const { squareAvg } = state
      if (isCentered) state.gradAvg ??= zerosLike(p)
      if (momentum !== 0) state.momentumBuffer ??= zerosLike(p)
      const m = state.gradAvg!
      const b = state.momentumBuffer!
      if (isCentered && momentum !== 0) centeredWithMomentum([p, squareAvg, m, b, grad], numbers)
      else if (isCentered) centered([p, squareAvg, m, grad], numbers)
      else if (momentum !== 0) withMomentum([p, squareAvg, b, grad], numbers)
      else plain([p, squareAvg, grad], numbers)
    }
  }

  #stateOf(p: Tensor): RMSpropState {
    let state = this.state.get(p)
    if (state === undefined) this.state.set(p, (state = { step: 0, squareAvg: zerosLike(p) }))
    return state
  }
}
