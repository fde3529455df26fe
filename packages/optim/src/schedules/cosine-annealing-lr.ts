import { atLeastZero, whole } from '../options.ts'
import { EpochScheduler, type Moment } from './epoch-scheduler.ts'
import type { Scheduled, ScheduleRules } from './lr-scheduler.ts'

export interface CosineAnnealingLROptions {
  /** How many epochs it takes down to the least learning rate. */
  readonly tMax: number
  /** The least learning rate; 0 unless given. */
  readonly etaMin?: number
}

const rules: ScheduleRules<CosineAnnealingLROptions> = {
  name: 'CosineAnnealingLR',
  options: { tMax: whole(1), etaMin: atLeastZero(0) },
}

/**
 * Lets the learning rate fall along half a cosine,
 * `lr(t) = etaMin + (lr(0) − etaMin) · (1 + cos(πt / tMax)) / 2`, and rise again after `tMax` epochs.
 * Each epoch scales what lies above `etaMin`, so that a learning rate set in between is kept.
 *
 * `new CosineAnnealingLR(optimizer, { tMax: 100 })`, then `step()` after each epoch. As PyTorch's.
 *
 * Source: Loshchilov, Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017,
 * without the restarts.
 */
export class CosineAnnealingLR extends EpochScheduler<CosineAnnealingLROptions> {
  constructor(optimizer: Scheduled, options: CosineAnnealingLROptions) {
    super(rules, optimizer, options)
  }

  protected override lrAt({ epoch, lr, baseLr }: Moment): number {
    const { tMax, etaMin } = this.options
    if (epoch === 0) return lr
    // Out of the valley, where nothing is left to scale.
    if ((epoch - 1 - tMax) % (2 * tMax) === 0) {
      return lr + ((baseLr - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2
    }
    const height = (t: number): number => 1 + Math.cos((Math.PI * t) / tMax)
    return (height(epoch) / height(epoch - 1)) * (lr - etaMin) + etaMin
  }
}
