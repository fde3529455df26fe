import { share, whole, within } from '../options.ts'
import { EpochScheduler, type Moment } from './epoch-scheduler.ts'
import type { Scheduled, ScheduleRules } from './lr-scheduler.ts'

export interface LinearLROptions {
  /** What the learning rate is multiplied by at first, above 0 and at most 1; 1/3 unless given. */
  readonly startFactor?: number
  /** What it is multiplied by in the end, from 0 to 1; 1 unless given. */
  readonly endFactor?: number
  /** How many epochs it takes from one to the other; 5 unless given. */
  readonly totalIters?: number
}

const rules: ScheduleRules<LinearLROptions> = {
  name: 'LinearLR',
  options: { startFactor: share(1 / 3), endFactor: within(0, 1, 1), totalIters: whole(1, 5) },
}

/**
 * Multiplies the learning rate by a factor that goes from `startFactor` to `endFactor` in equal
 * steps, `totalIters` of them, and stays there: a warm-up, with the defaults. Each epoch multiplies
 * by what the factor changes by, so that a learning rate set in between is kept.
 *
 * `new LinearLR(optimizer, { startFactor: 0.1 })`, then `step()` after each epoch. As PyTorch's.
 */
export class LinearLR extends EpochScheduler<LinearLROptions> {
  constructor(optimizer: Scheduled, options: LinearLROptions = {}) {
    super(rules, optimizer, options)
  }

  protected override lrAt({ epoch, lr }: Moment): number {
    const { startFactor, endFactor, totalIters } = this.options
    if (epoch === 0) return lr * startFactor
    if (epoch > totalIters) return lr
    const rise = endFactor - startFactor
    return lr * (1 + rise / (totalIters * startFactor + (epoch - 1) * rise))
  }
}
