import { hostUpdate, ValueError } from '@gradtape/core'
import type { CommonOptions } from '../optimizer.ts'
import { checkNames, checkOptions, complete, type OptionRules } from '../options.ts'
import type { ParamGroup } from '../param-group.ts'
import { copyOptions } from '../state-dict.ts'

/** What a schedule needs of an optimizer: groups, with a learning rate each. */
export interface Scheduled {
  readonly paramGroups: readonly ParamGroup<CommonOptions>[]
}

/** A schedule as plain data: its options, the learning rates it started from, and where it stands. */
export interface ScheduleStateDict {
  readonly [field: string]: unknown
  readonly baseLrs: readonly number[]
  readonly lastEpoch: number
  readonly lastLr: readonly number[]
}

/** What a schedule says of itself. */
export interface ScheduleRules<O> extends OptionRules<O> {
  /** What is wrong between its options and the optimizer; null when nothing is. */
  readonly misfit?: (options: Required<O>, optimizer: Scheduled) => string | null
  /** Where a group's learning rate starts, for schedules that say so themselves. */
  readonly baseLr?: (options: Required<O>, group: number) => number
}

/** The learning rates before any schedule changed them: schedules of one optimizer share them. */
const initialLrs: WeakMap<object, number> = /* @__PURE__ */ new WeakMap()

/**
 * Sets the learning rates of an optimizer's groups, step by step. `O` are the schedule's options.
 *
 * To go on from where a run was saved, make optimizer and schedules as for a new run, then load the
 * state dicts of all.
 */
export abstract class LRScheduler<O extends object = object> {
  readonly optimizer: Scheduled
  /** How many steps there have been. */
  readonly lastEpoch: number = 0
  protected options: Required<O>
  readonly #rules: ScheduleRules<O>
  #baseLrs: readonly number[]
  #lastLr: readonly number[]

  /** @throws {ValueError} for what is no optimizer, and options that are unknown or out of range. */
  constructor(rules: ScheduleRules<O>, optimizer: Scheduled, options: O) {
    const { name, baseLr } = rules
    checkOptimizer(name, optimizer)
    if (typeof options !== 'object' || options === null) {
      throw new ValueError(
        `${name}: expected its options as an object after the optimizer, got ${String(options)}`,
      )
    }
    this.#rules = rules
    this.optimizer = optimizer
    this.options = copyOptions(complete(rules, options))
    this.check()
    const { paramGroups } = optimizer
    this.#lastLr = paramGroups.map((group) => group.lr)
    this.#baseLrs = paramGroups.map((group, i) => baseLr?.(this.options, i) ?? initialOf(group))
  }

  /** The learning rates of the groups, as the last step has set them. */
  get lastLr(): readonly number[] {
    return this.#lastLr
  }

  /** The learning rates of the groups that the schedule starts from. */
  get baseLrs(): readonly number[] {
    const { paramGroups } = this.optimizer
    // Groups that came later start from their own.
    return paramGroups.map((group, i) => this.#baseLrs[i] ?? initialOf(group))
  }

  /** @throws {ValueError} where options and optimizer don't fit, or no longer do. */
  protected check(): void {
    const { name, misfit } = this.#rules
    const problem = misfit?.(this.options, this.optimizer) ?? null
    if (problem !== null) throw new ValueError(`${name}: ${problem}`)
  }

  /** @throws {ValueError} for what is no list of numbers, one for each group. */
  protected checkLrs(what: string, lrs: readonly number[]): void {
    const { length } = this.optimizer.paramGroups
    if (Array.isArray(lrs) && lrs.length === length && lrs.every(Number.isFinite)) return
    throw new ValueError(
      `${this.#rules.name}.${what}: expected ${length} numbers, one for each group of the optimizer, got ${JSON.stringify(lrs)}`,
    )
  }

  /**
   * Sets the learning rates at an epoch.
   * @throws {ValueError} for one that is none; nothing has changed then.
   */
  protected set(epoch: number, lrs: readonly number[]): void {
    lrs.forEach((lr, i) => {
      if (!(Number.isFinite(lr) && lr >= 0)) {
        throw new ValueError(
          `${this.#rules.name}: the learning rate of group ${i} would be ${lr} at epoch ${epoch}; it must be a finite number of at least 0`,
        )
      }
    })
    this.optimizer.paramGroups.forEach((group, i) => hostUpdate(group, 'lr', () => lrs[i]!))
    this.reach(epoch, lrs)
  }

  /** Notes an epoch whose learning rates are set. */
  protected reach(epoch: number, lrs: readonly number[]): void {
    hostUpdate(this as { lastEpoch: number }, 'lastEpoch', () => epoch)
    this.#lastLr = [...lrs]
  }

  /** Lets the schedules made after this one start from the same learning rates. */
  protected shareBaseLrs(): void {
    const { paramGroups } = this.optimizer
    this.baseLrs.forEach((lr, i) => initialLrs.set(paramGroups[i]!, lr))
  }

  /** A copy of its options, and where it stands; all of it survives JSON. */
  stateDict(): ScheduleStateDict {
    const { options, baseLrs, lastEpoch, lastLr } = this
    return { ...copyOptions(options), baseLrs: [...baseLrs], lastEpoch, lastLr: [...lastLr] }
  }

  /**
   * Takes over options and place from a state dict of the same kind of schedule. The learning rates
   * themselves are the optimizer's: load its state dict, too.
   * @throws {ValueError} when it doesn't fit; nothing has changed then.
   */
  loadStateDict(dict: ScheduleStateDict): void {
    const where = `${this.#rules.name}.loadStateDict`
    if (typeof dict !== 'object' || dict === null) {
      throw new ValueError(`${where}: expected an object as stateDict() makes it`)
    }
    const { baseLrs, lastEpoch, lastLr, ...saved } = dict
    const rules = { ...this.#rules, name: where }
    const options = saved as unknown as Required<O>
    checkNames(rules, options)
    checkOptions(rules, options)
    const problem = rules.misfit?.(options, this.optimizer) ?? null
    if (problem !== null) throw new ValueError(`${where}: ${problem}`)
    this.checkLrs('loadStateDict: baseLrs', baseLrs)
    this.checkLrs('loadStateDict: lastLr', lastLr)
    if (!(Number.isFinite(lastEpoch) && lastEpoch >= 0)) {
      throw new ValueError(`${where}: lastEpoch must be a number of epochs, got ${lastEpoch}`)
    }
    this.options = copyOptions(options)
    this.#baseLrs = [...baseLrs]
    this.shareBaseLrs()
    this.reach(lastEpoch, lastLr)
  }
}

function initialOf(group: ParamGroup<CommonOptions>): number {
  return initialLrs.get(group) ?? group.lr
}

function checkOptimizer(name: string, optimizer: Scheduled): void {
  const groups: unknown = optimizer?.paramGroups
  const isGroup = (group: unknown): boolean =>
    typeof (group as { lr?: unknown } | null)?.lr === 'number'
  if (Array.isArray(groups) && groups.every(isGroup)) return
  throw new ValueError(
    `${name}: expected an optimizer, whose paramGroups have a learning rate each, got ${typeof optimizer === 'object' && optimizer !== null ? 'an object without them' : String(optimizer)}; write new ${name}(optimizer, { … })`,
  )
}
