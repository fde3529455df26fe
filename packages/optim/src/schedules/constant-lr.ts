import { share, whole } from '../options.ts'
import { EpochScheduler, type Moment } from './epoch-scheduler.ts'
import type { Scheduled, ScheduleRules } from './lr-scheduler.ts'

export interface ConstantLROptions {
  /** What the learning rate is multiplied by at first, above 0 and at most 1; 1/3 unless given. */
  readonly factor?: number
  /** The epoch at which it is whole again; 5 unless given. */
  readonly totalIters?: number
}

const rules: ScheduleRules<ConstantLROptions> = {
  name: 'ConstantLR',
  options: { factor: share(1 / 3), totalIters: whole(1, 5) },
}

/**
 * Multiplies the learning rate by `factor` until epoch `totalIters`, and divides by it then; what
 * other schedules do to it in between stays.
 *
 * `new ConstantLR(optimizer, { factor: 0.1, totalIters: 10 })`, then `step()` after each epoch. As
 * PyTorch's.
 */
export class ConstantLR extends EpochScheduler<ConstantLROptions> {
  constructor(optimizer: Scheduled, options: ConstantLROptions = {}) {
    super(rules, optimizer, options)
  }

  protected override lrAt({ epoch, lr }: Moment): number {
    const { factor, totalIters } = this.options
    if (epoch === 0) return lr * factor
    return epoch === totalIters ? lr * (1 / factor) : lr
  }
}
