import { atLeastZero, whole } from '../options.ts'
import { EpochScheduler, type Moment } from './epoch-scheduler.ts'
import type { Scheduled, ScheduleRules } from './lr-scheduler.ts'

export interface StepLROptions {
  /** After how many epochs each. */
  readonly stepSize: number
  /** What the learning rate is multiplied by; 0.1 unless given. */
  readonly gamma?: number
}

const rules: ScheduleRules<StepLROptions> = {
  name: 'StepLR',
  options: { stepSize: whole(1), gamma: atLeastZero(0.1) },
}

/**
 * Multiplies the learning rate by `gamma` every `stepSize` epochs:
 * `lr(t) = lr(0) · gamma^⌊t / stepSize⌋`, from one epoch to the next, so that a learning rate set
 * in between is kept.
 *
 * `new StepLR(optimizer, { stepSize: 30 })`, then `step()` after each epoch. As PyTorch's.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { SGD, StepLR } from '@gradtape/optim'
 *
 * const w = tensor([3, -2], { requiresGrad: true })
 * const optimizer = new SGD([w], { lr: 0.5 })
 * const schedule = new StepLR(optimizer, { stepSize: 2, gamma: 0.5 })
 * const rates: number[] = []
 * for (let epoch = 0; epoch < 5; epoch++) {
 *   // … the steps of the epoch: optimizer.step()
 *   rates.push(optimizer.paramGroups[0]!.lr)
 *   schedule.step()
 * }
 * console.log(rates) // → [ 0.5, 0.5, 0.25, 0.25, 0.125 ]
 * ```
 */
export class StepLR extends EpochScheduler<StepLROptions> {
  constructor(optimizer: Scheduled, options: StepLROptions) {
    super(rules, optimizer, options)
  }

  protected override lrAt({ epoch, lr }: Moment): number {
    const { stepSize, gamma } = this.options
    return epoch > 0 && epoch % stepSize === 0 ? lr * gamma : lr
  }
}
