import { ValueError } from '@gradtape/core'
import { atLeastZero, whole } from '../options.ts'
import { EpochScheduler, type Moment } from './epoch-scheduler.ts'
import type { Scheduled, ScheduleRules } from './lr-scheduler.ts'

export interface CosineAnnealingWarmRestartsOptions {
  /** How many epochs there are before the first restart. */
  readonly t0: number
  /** How many times as many there are from one restart to the next; 1 unless given. */
  readonly tMult?: number
  /** The least learning rate; 0 unless given. */
  readonly etaMin?: number
}

const rules: ScheduleRules<CosineAnnealingWarmRestartsOptions> = {
  name: 'CosineAnnealingWarmRestarts',
  options: { t0: whole(1), tMult: whole(1, 1), etaMin: atLeastZero(0) },
}

/**
 * Lets the learning rate fall along half a cosine again and again:
 * `lr = etaMin + (lr(0) − etaMin) · (1 + cos(πt / T)) / 2`, where t epochs have passed since the last
 * restart and T lie between it and the next: `t0` at first, then `tMult` times as many each.
 *
 * `new CosineAnnealingWarmRestarts(optimizer, { t0: 10, tMult: 2 })`, then `step()` after each epoch.
 * As PyTorch's.
 *
 * Source: Loshchilov, Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017.
 */
export class CosineAnnealingWarmRestarts extends EpochScheduler<CosineAnnealingWarmRestartsOptions> {
  constructor(optimizer: Scheduled, options: CosineAnnealingWarmRestartsOptions) {
    super(rules, optimizer, options)
  }

  /**
   * Moves on by one epoch, or to the one given, which may be a fraction: in batch i of n,
   * `step(epoch + i / n)`.
   * @throws {ValueError} for an epoch that is negative or no number; nothing has changed then.
   */
  override step(epoch: number = this.lastEpoch + 1): void {
    if (!(Number.isFinite(epoch) && epoch >= 0)) {
      throw new ValueError(
        `CosineAnnealingWarmRestarts: step needs an epoch of at least 0, or none for the next, got ${String(epoch)}`,
      )
    }
    this.moveTo(epoch)
  }

  protected override lrAt({ epoch, baseLr }: Moment): number {
    const { t0, tMult, etaMin } = this.options
    let length = t0
    let t = tMult === 1 ? epoch % t0 : epoch
    while (t >= length) {
      t -= length
      length *= tMult
    }
    return etaMin + ((baseLr - etaMin) * (1 + Math.cos((Math.PI * t) / length))) / 2
  }
}
