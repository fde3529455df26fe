import { AdaptiveMoments, formOf, type AdamOptions, type Form } from './adaptive-moments.ts'
import type { Params } from './param-group.ts'

const adamW: Form = formOf('AdamW', 1e-2, true)

/**
 * Adam with decoupled weight decay: before Adam's step, `p ← p − lr · weightDecay · p`, so that the
 * decay does not pass through the running means.
 *
 * `new AdamW(model.parameters(), { lr: 1e-3, weightDecay: 0.01 })`. Options and defaults are
 * PyTorch's.
 *
 * Source: Loshchilov, Hutter, "Decoupled Weight Decay Regularization", ICLR 2019.
 */
export class AdamW extends AdaptiveMoments {
  constructor(params: Params<AdamOptions>, options: AdamOptions = {}) {
    super(adamW, params, options)
  }
}
