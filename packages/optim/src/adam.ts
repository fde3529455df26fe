import { AdaptiveMoments, formOf, type AdamOptions, type Form } from './adaptive-moments.ts'
import type { Params } from './param-group.ts'

const adam: Form = formOf('Adam', 0, false)

/**
 * Adam: each parameter moves by about `lr`, along the running mean of its gradient over the root of
 * the running mean of its square: `p ← p − lr · m̂ / (√v̂ + eps)`, where
 * `m ← β₁m + (1 − β₁)g`, `v ← β₂v + (1 − β₂)g²`, and m̂, v̂ are m, v over `1 − βᵗ` at step t.
 * `weightDecay · p` is added to g or, decoupled, `p ← p − lr · weightDecay · p` comes first: that is
 * AdamW. With amsgrad the largest v so far stands in for v.
 *
 * `new Adam(model.parameters(), { lr: 1e-3 })`. Options and defaults are PyTorch's.
 *
 * Source: Kingma, Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015; Reddi, Kale, Kumar,
 * "On the Convergence of Adam and Beyond", ICLR 2018 (amsgrad).
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { Adam } from '@gradtape/optim'
 *
 * const w = tensor([3, -2], { requiresGrad: true })
 * const optimizer = new Adam([w], { lr: 0.1 })
 * for (let step = 0; step < 200; step++) {
 *   optimizer.zeroGrad()
 *   w.sub(1).square().sum().backward()
 *   optimizer.step()
 * }
 * console.log(w.round()) // → tensor([1., 1.], requiresGrad=true)
 * ```
 */
export class Adam extends AdaptiveMoments {
  constructor(params: Params<AdamOptions>, options: AdamOptions = {}) {
    super(adam, params, options)
  }
}
