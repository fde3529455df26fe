import { atLeastZero, whole } from '../options.ts'
import { EpochScheduler, type Moment } from './epoch-scheduler.ts'
import type { Scheduled, ScheduleRules } from './lr-scheduler.ts'

export interface PolynomialLROptions {
  /** The epoch at which the learning rate is 0; 5 unless given. */
  readonly totalIters?: number
  /** The polynomial's degree, at least 0; 1 unless given. */
  readonly power?: number
}

const rules: ScheduleRules<PolynomialLROptions> = {
  name: 'PolynomialLR',
  options: { totalIters: whole(1, 5), power: atLeastZero(1) },
}

/**
 * Lets the learning rate fall to 0 along a polynomial: `lr(t) = lr(0) · (1 − t / totalIters)^power`
 * until `totalIters`, from one epoch to the next, so that a learning rate set in between is kept.
 *
 * `new PolynomialLR(optimizer, { totalIters: 100, power: 2 })`, then `step()` after each epoch. As
 * PyTorch's.
 */
export class PolynomialLR extends EpochScheduler<PolynomialLROptions> {
  constructor(optimizer: Scheduled, options: PolynomialLROptions = {}) {
    super(rules, optimizer, options)
  }

  protected override lrAt({ epoch, lr }: Moment): number {
    const { totalIters, power } = this.options
    if (epoch === 0 || epoch > totalIters) return lr
    return lr * ((1 - epoch / totalIters) / (1 - (epoch - 1) / totalIters)) ** power
  }
}
