import { isTensor, ValueError, type Tensor } from '@gradtape/core'
import { atLeastZero, oneOf, whole, type Option } from '../options.ts'
import {
  LRScheduler,
  type Scheduled,
  type ScheduleRules,
  type ScheduleStateDict,
} from './lr-scheduler.ts'
import { listMisfit, ofGroup, perGroup, type PerGroup } from './per-group.ts'

export interface ReduceLROnPlateauOptions {
  /** Whether a smaller metric is better, or a larger one; 'min' unless given. */
  readonly mode?: 'min' | 'max'
  /** What the learning rate is multiplied by, from 0 to below 1; 0.1 unless given. */
  readonly factor?: number
  /** How many epochs without improvement are borne; 10 unless given. */
  readonly patience?: number
  /** How much better counts as an improvement; 1e-4 unless given. */
  readonly threshold?: number
  /** Whether the threshold is a share of the best metric or an amount; 'rel' unless given. */
  readonly thresholdMode?: 'rel' | 'abs'
  /** How many epochs after a reduction don't count; 0 unless given. */
  readonly cooldown?: number
  /** The least learning rate; 0 unless given; or a list with one for each group. */
  readonly minLr?: PerGroup<number>
  /** A change that is not larger isn't made; 1e-8 unless given. */
  readonly eps?: number
}

const belowOne: Option<number> = {
  initial: 0.1,
  range: 'a number from 0 to below 1',
  accepts: (value) => typeof value === 'number' && value >= 0 && value < 1,
}

const rules: ScheduleRules<ReduceLROnPlateauOptions> = {
  name: 'ReduceLROnPlateau',
  options: {
    mode: oneOf('min', 'max'),
    factor: belowOne,
    patience: whole(0, 10),
    threshold: atLeastZero(1e-4),
    thresholdMode: oneOf('rel', 'abs'),
    cooldown: whole(0, 0),
    minLr: perGroup(atLeastZero(0)),
    eps: atLeastZero(1e-8),
  },
  misfit: ({ minLr }, optimizer) => listMisfit({ minLr }, optimizer),
}

/** Where it stands between steps. */
interface Plateau {
  /** The best metric; null before the first, and while none was better than infinitely bad. */
  readonly best: number | null
  readonly numBadEpochs: number
  readonly cooldownCounter: number
}

const start: Plateau = { best: null, numBadEpochs: 0, cooldownCounter: 0 }

/**
 * Multiplies the learning rate by `factor` when a metric, such as the loss on held-out data, hasn't
 * improved for more than `patience` epochs. It has when it is below `best · (1 − threshold)`, or
 * `best − threshold` where that is absolute; for 'max', above `best · (1 + threshold)` or
 * `best + threshold`.
 *
 * `new ReduceLROnPlateau(optimizer, { patience: 3 })`, then `step(loss)` after each epoch. As
 * PyTorch's, but a metric that is NaN is an error.
 */
export class ReduceLROnPlateau extends LRScheduler<ReduceLROnPlateauOptions> {
  #plateau: Plateau = start

  constructor(optimizer: Scheduled, options: ReduceLROnPlateauOptions = {}) {
    super(rules, optimizer, options)
  }

  /**
   * Notes the metric of an epoch, and reduces the learning rates where it is time.
   * @throws {ValueError} for a metric that is NaN or none; nothing has changed then.
   */
  step(metric: number | Tensor): void {
    const value = numberOf(metric)
    this.check()
    const { patience, cooldown, factor, minLr, eps } = this.options
    let { best, numBadEpochs, cooldownCounter } = this.#plateau
    if (this.#isBetter(value, best)) {
      best = value
      numBadEpochs = 0
    } else {
      numBadEpochs++
    }
    if (cooldownCounter > 0) {
      cooldownCounter--
      numBadEpochs = 0
    }
    const reduces = numBadEpochs > patience
    if (reduces) {
      cooldownCounter = cooldown
      numBadEpochs = 0
    }
    const lrs = this.optimizer.paramGroups.map(({ lr }, i) => {
      const reduced = Math.max(lr * factor, ofGroup(minLr, i))
      return reduces && lr - reduced > eps ? reduced : lr
    })
    this.set(this.lastEpoch + 1, lrs)
    this.#plateau = { best, numBadEpochs, cooldownCounter }
  }

  #isBetter(value: number, best: number | null): boolean {
    const { mode, threshold, thresholdMode } = this.options
    const sign = mode === 'min' ? 1 : -1
    if (best === null) return value * sign < Infinity
    const bound = thresholdMode === 'rel' ? best * (1 - sign * threshold) : best - sign * threshold
    return value * sign < bound * sign
  }

  override stateDict(): ScheduleStateDict {
    return { ...super.stateDict(), ...this.#plateau }
  }

  override loadStateDict(dict: ScheduleStateDict): void {
    if (typeof dict !== 'object' || dict === null) return super.loadStateDict(dict)
    const { best, numBadEpochs, cooldownCounter, ...rest } = dict
    const where = 'ReduceLROnPlateau.loadStateDict'
    for (const [name, count] of Object.entries({ numBadEpochs, cooldownCounter })) {
      if (!(Number.isInteger(count) && (count as number) >= 0)) {
        throw new ValueError(`${where}: ${name} must be a count of epochs, got ${String(count)}`)
      }
    }
    if (best !== null && !(typeof best === 'number' && !Number.isNaN(best))) {
      throw new ValueError(`${where}: best must be a number or null, got ${String(best)}`)
    }
    super.loadStateDict(rest as ScheduleStateDict)
    this.#plateau = { best, numBadEpochs, cooldownCounter } as Plateau
  }
}

function numberOf(metric: unknown): number {
  const value = isTensor(metric) && metric.numel === 1 ? metric.item() : metric
  if (typeof value === 'number' && !Number.isNaN(value)) return value
  const seen = isTensor(value) ? `a tensor of shape [${value.shape.join(', ')}]` : String(value)
  throw new ValueError(
    `ReduceLROnPlateau: step needs the metric of the epoch, a number or a tensor of one element, got ${seen}`,
  )
}
