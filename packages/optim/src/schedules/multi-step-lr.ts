import { atLeastZero, type Option } from '../options.ts'
import { EpochScheduler, type Moment } from './epoch-scheduler.ts'
import type { Scheduled, ScheduleRules } from './lr-scheduler.ts'

export interface MultiStepLROptions {
  /** At which epochs, of at least 1, in rising order; one given twice counts twice. */
  readonly milestones: readonly number[]
  /** What the learning rate is multiplied by; 0.1 unless given. */
  readonly gamma?: number
}

const rising: Option<readonly number[]> = {
  initial: undefined as never,
  range: 'a list of whole numbers of at least 1, in rising order',
  accepts: (value) =>
    Array.isArray(value) &&
    value.every((at, i) => Number.isSafeInteger(at) && at >= (i === 0 ? 1 : value[i - 1])),
}

const rules: ScheduleRules<MultiStepLROptions> = {
  name: 'MultiStepLR',
  options: { milestones: rising, gamma: atLeastZero(0.1) },
}

/**
 * Multiplies the learning rate by `gamma` at each of the `milestones`, from one epoch to the next, so
 * that a learning rate set in between is kept.
 *
 * `new MultiStepLR(optimizer, { milestones: [30, 80] })`, then `step()` after each epoch. As
 * PyTorch's.
 */
export class MultiStepLR extends EpochScheduler<MultiStepLROptions> {
  constructor(optimizer: Scheduled, options: MultiStepLROptions) {
    super(rules, optimizer, options)
  }

  protected override lrAt({ epoch, lr }: Moment): number {
    const { milestones, gamma } = this.options
    return lr * gamma ** milestones.filter((at) => at === epoch).length
  }
}
