import { atLeastZero } from '../options.ts'
import { EpochScheduler, type Moment } from './epoch-scheduler.ts'
import type { Scheduled, ScheduleRules } from './lr-scheduler.ts'

export interface ExponentialLROptions {
  /** What the learning rate is multiplied by in each epoch. */
  readonly gamma: number
}

const rules: ScheduleRules<ExponentialLROptions> = {
  name: 'ExponentialLR',
  options: { gamma: atLeastZero() },
}

/**
 * Multiplies the learning rate by `gamma` in each epoch: `lr(t) = lr(0) · gammaᵗ`, from one epoch to
 * the next, so that a learning rate set in between is kept.
 *
 * `new ExponentialLR(optimizer, { gamma: 0.95 })`, then `step()` after each epoch. As PyTorch's.
 */
export class ExponentialLR extends EpochScheduler<ExponentialLROptions> {
  constructor(optimizer: Scheduled, options: ExponentialLROptions) {
    super(rules, optimizer, options)
  }

  protected override lrAt({ epoch, lr }: Moment): number {
    return epoch === 0 ? lr : lr * this.options.gamma
  }
}
