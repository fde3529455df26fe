import { LRScheduler, type Scheduled, type ScheduleRules } from './lr-scheduler.ts'

/** What a learning rate is computed from. */
export interface Moment {
  /** The epoch to come; 0 when the schedule is made. */
  readonly epoch: number
  /** The group's learning rate now. */
  readonly lr: number
  /** The one that the schedule starts from. */
  readonly baseLr: number
  /** Which group. */
  readonly group: number
}

/** A schedule whose learning rates follow from the epoch alone, or from it and the last ones. */
export abstract class EpochScheduler<O extends object = object> extends LRScheduler<O> {
  /** Sets the learning rates of epoch 0. */
  constructor(rules: ScheduleRules<O>, optimizer: Scheduled, options: O) {
    super(rules, optimizer, options)
    this.moveTo(0)
    this.shareBaseLrs()
  }

  /** A group's learning rate at an epoch. */
  protected abstract lrAt(moment: Moment): number

  /**
   * Moves on by one epoch, after the optimizer's steps of the epoch before.
   * @throws {ValueError} for a learning rate that is none; nothing has changed then.
   */
  step(): void {
    this.moveTo(this.lastEpoch + 1)
  }

  /**
   * Starts again at epoch 0, from learning rates by group: those of its first start unless given.
   * @throws {ValueError} for what is no list of learning rates; nothing has changed then.
   */
  restart(from: readonly number[] = this.baseLrs): void {
    this.checkLrs('restart', from)
    this.moveTo(0, from)
  }

  protected moveTo(
    epoch: number,
    from: readonly number[] = this.optimizer.paramGroups.map((group) => group.lr),
  ): void {
    this.check()
    const { baseLrs } = this
    const lrs = from.map((lr, group) => this.lrAt({ epoch, lr, baseLr: baseLrs[group]!, group }))
    this.set(epoch, lrs)
  }
}
