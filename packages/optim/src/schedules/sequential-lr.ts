import { ValueError } from '@gradtape/core'
import type { Option } from '../options.ts'
import {
  LRScheduler,
  type Scheduled,
  type ScheduleRules,
  type ScheduleStateDict,
} from './lr-scheduler.ts'

/** A schedule that can be one of several in a row: all but ReduceLROnPlateau. */
export interface Sequenced {
  readonly optimizer: Scheduled
  readonly lastLr: readonly number[]
  step(): void
  restart(from?: readonly number[]): void
  stateDict(): ScheduleStateDict
  loadStateDict(dict: ScheduleStateDict): void
}

export interface SequentialLROptions {
  /** The schedules, in order, all made for the same optimizer. */
  readonly schedulers: readonly Sequenced[]
  /** The epochs at which the second one takes over, the third …, of at least 1 and rising. */
  readonly milestones: readonly number[]
}

const inARow: Option<readonly Sequenced[]> = {
  initial: undefined as never,
  range: 'a list of schedules that step without a metric',
  accepts: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => item instanceof LRScheduler && 'restart' in item),
}

const rising: Option<readonly number[]> = {
  initial: undefined as never,
  range: 'a list of whole numbers of at least 1, each larger than the one before',
  accepts: (value) =>
    Array.isArray(value) &&
    value.every((at, i) => Number.isSafeInteger(at) && at > (i === 0 ? 0 : value[i - 1])),
}

const rules: ScheduleRules<SequentialLROptions> = {
  name: 'SequentialLR',
  options: { schedulers: inARow, milestones: rising },
  conflict: (options) =>
    options.milestones.length === options.schedulers.length - 1
      ? null
      : `${options.schedulers.length} schedules need ${options.schedulers.length - 1} milestones between them, got ${options.milestones.length}`,
  misfit: (options, optimizer) => {
    const stranger = options.schedulers.findIndex((item) => item.optimizer !== optimizer)
    return stranger < 0
      ? null
      : `schedule ${stranger} was made for another optimizer; make all for the one given`
  },
}

/**
 * Schedules one after the other: at each of the `milestones` the next one starts, at its epoch 0 and
 * from the learning rates that the optimizer had before any schedule.
 *
 * `new SequentialLR(optimizer, { schedulers: [warmUp, cosine], milestones: [5] })`, then `step()`
 * after each epoch, of this schedule only. As PyTorch's.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { CosineAnnealingLR, LinearLR, SequentialLR, SGD } from '@gradtape/optim'
 *
 * const optimizer = new SGD([tensor([3, -2], { requiresGrad: true })], { lr: 1 })
 * const schedule = new SequentialLR(optimizer, {
 *   schedulers: [
 *     new LinearLR(optimizer, { startFactor: 0.25, totalIters: 3 }),
 *     new CosineAnnealingLR(optimizer, { tMax: 4 }),
 *   ],
 *   milestones: [3],
 * })
 * const rates: string[] = []
 * for (let epoch = 0; epoch < 8; epoch++) {
 *   rates.push(schedule.lastLr[0]!.toFixed(2))
 *   schedule.step()
 * }
 * console.log(rates.join(' ')) // → 0.25 0.50 0.75 1.00 0.85 0.50 0.15 0.00
 * ```
 */
export class SequentialLR extends LRScheduler<SequentialLROptions> {
  constructor(optimizer: Scheduled, options: SequentialLROptions) {
    super(rules, optimizer, options)
    this.restart()
  }

  /** Moves on by one epoch, with the schedule whose turn it is. */
  step(): void {
    const { schedulers, milestones } = this.options
    const epoch = this.lastEpoch + 1
    const turn = milestones.filter((at) => at <= epoch).length
    const current = schedulers[turn]!
    if (milestones[turn - 1] === epoch) current.restart()
    else current.step()
    this.reach(epoch, current.lastLr)
  }

  /** Starts again with the first schedule, from learning rates by group: the optimizer's first unless given. */
  restart(from: readonly number[] = this.baseLrs): void {
    this.checkLrs('restart', from)
    const first = this.options.schedulers[0]!
    first.restart(from)
    this.reach(0, first.lastLr)
  }

  override stateDict(): ScheduleStateDict {
    const { schedulers } = this.options
    return { ...super.stateDict(), schedulers: schedulers.map((item) => item.stateDict()) }
  }

  override loadStateDict(dict: ScheduleStateDict): void {
    const { schedulers } = this.options
    const saved: unknown = dict?.schedulers
    if (!Array.isArray(saved) || saved.length !== schedulers.length) {
      throw new ValueError(
        `SequentialLR.loadStateDict: schedulers must be ${schedulers.length} state dicts, one for each schedule, got ${Array.isArray(saved) ? saved.length : String(saved)}`,
      )
    }
    const before = schedulers.map((item) => item.stateDict())
    try {
      schedulers.forEach((item, i) => item.loadStateDict(saved[i]))
      super.loadStateDict({ ...dict, schedulers })
    } catch (error) {
      schedulers.forEach((item, i) => item.loadStateDict(before[i]!))
      throw error
    }
  }
}
