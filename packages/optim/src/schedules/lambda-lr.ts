import { EpochScheduler, type Moment } from './epoch-scheduler.ts'
import type { Scheduled, ScheduleRules, ScheduleStateDict } from './lr-scheduler.ts'
import { listMisfit, ofGroup, perGroup, type PerGroup } from './per-group.ts'

export interface LambdaLROptions {
  /** From the epoch, the factor of the learning rate; or a list with a function for each group. */
  readonly lrLambda: PerGroup<(epoch: number) => number>
}

const rules: ScheduleRules<LambdaLROptions> = {
  name: 'LambdaLR',
  options: {
    lrLambda: perGroup({
      initial: undefined as never,
      range: 'a function of the epoch',
      accepts: (value) => typeof value === 'function',
    }),
  },
  misfit: listMisfit,
}

/**
 * Multiplies the learning rate that it starts from by a function of the epoch:
 * `lr(t) = lr(0) · lrLambda(t)`.
 *
 * `new LambdaLR(optimizer, { lrLambda: (epoch) => 0.95 ** epoch })`, then `step()` after each epoch.
 * As PyTorch's. A state dict doesn't hold the functions: they stay those of the constructor.
 */
export class LambdaLR extends EpochScheduler<LambdaLROptions> {
  constructor(optimizer: Scheduled, options: LambdaLROptions) {
    super(rules, optimizer, options)
  }

  protected override lrAt({ epoch, baseLr, group }: Moment): number {
    return baseLr * ofGroup(this.options.lrLambda, group)(epoch)
  }

  override stateDict(): ScheduleStateDict {
    const { lrLambda: _own, ...saved } = super.stateDict()
    return saved as ScheduleStateDict
  }

  override loadStateDict(dict: ScheduleStateDict): void {
    const isObject = typeof dict === 'object' && dict !== null
    super.loadStateDict(isObject ? { ...dict, ...this.options } : dict)
  }
}
