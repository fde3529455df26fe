import { hostUpdate, ValueError } from '@gradtape/core'
import { flag, oneOf, orNull, positive, whole, within, type Option } from '../options.ts'
import { EpochScheduler, type Moment } from './epoch-scheduler.ts'
import type { Scheduled, ScheduleRules } from './lr-scheduler.ts'
import { listMisfit, ofGroup, perGroup, type PerGroup } from './per-group.ts'

export interface OneCycleLROptions {
  /** The largest learning rate; or a list with one for each group. */
  readonly maxLr: PerGroup<number>
  /** How many steps the cycle has; or give `epochs` and `stepsPerEpoch`. */
  readonly totalSteps?: number | null
  readonly epochs?: number | null
  readonly stepsPerEpoch?: number | null
  /** The share of the cycle in which the learning rate rises, from 0 to 1; 0.3 unless given. */
  readonly pctStart?: number
  /** Along half a cosine or a line; 'cos' unless given. */
  readonly annealStrategy?: 'cos' | 'linear'
  /** Whether the momentum, or the first beta, goes the other way; true unless given. */
  readonly cycleMomentum?: boolean
  /** The momentum where the learning rate is largest; 0.85 unless given; or a list. */
  readonly baseMomentum?: PerGroup<number>
  /** The momentum where the learning rate is least; 0.95 unless given; or a list. */
  readonly maxMomentum?: PerGroup<number>
  /** The cycle starts at maxLr / divFactor; 25 unless given. */
  readonly divFactor?: number
  /** The cycle ends at maxLr / divFactor / finalDivFactor; 1e4 unless given. */
  readonly finalDivFactor?: number
  /** Whether the learning rate first falls to where it started, and only then to the end. */
  readonly threePhase?: boolean
}

const momentum = (initial: number): Option<PerGroup<number>> =>
  perGroup({
    initial,
    range: 'a number from 0 to below 1',
    accepts: (value) => typeof value === 'number' && value >= 0 && value < 1,
  })

const rules: ScheduleRules<OneCycleLROptions> = {
  name: 'OneCycleLR',
  options: {
    maxLr: perGroup(positive()),
    totalSteps: orNull(whole(1)),
    epochs: orNull(whole(1)),
    stepsPerEpoch: orNull(whole(1)),
    pctStart: within(0, 1, 0.3),
    annealStrategy: oneOf('cos', 'linear'),
    cycleMomentum: flag(true),
    baseMomentum: momentum(0.85),
    maxMomentum: momentum(0.95),
    divFactor: positive(25),
    finalDivFactor: positive(1e4),
    threePhase: flag(false),
  },
  conflict: ({ totalSteps, epochs, stepsPerEpoch }) =>
    totalSteps === null && (epochs === null || stepsPerEpoch === null)
      ? 'give totalSteps, or epochs and stepsPerEpoch'
      : null,
  misfit: ({ maxLr, baseMomentum, maxMomentum, cycleMomentum }, optimizer) => {
    const misfit = listMisfit({ maxLr, baseMomentum, maxMomentum }, optimizer)
    if (misfit !== null || !cycleMomentum) return misfit
    return optimizer.paramGroups.every((group) => 'betas' in group || 'momentum' in group)
      ? null
      : 'the optimizer has neither momentum nor betas; set cycleMomentum to false'
  },
  baseLr: ({ maxLr, divFactor }, group) => ofGroup(maxLr, group) / divFactor,
}

/**
 * One cycle, a step for each batch: the learning rate rises from `maxLr / divFactor` to `maxLr` in
 * the first `pctStart` of `totalSteps`, then falls to `maxLr / divFactor / finalDivFactor`, while the
 * momentum falls and rises. With three phases, the rise is followed by as long a fall, then by a
 * slower one to the end.
 *
 * `new OneCycleLR(optimizer, { maxLr: 0.1, totalSteps: 1000 })`, then `step()` after each batch. As
 * PyTorch's; a rise that has no length at all is over at once.
 *
 * Source: Smith, Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning
 * Rates", 2018.
 */
export class OneCycleLR extends EpochScheduler<OneCycleLROptions> {
  constructor(optimizer: Scheduled, options: OneCycleLROptions) {
    super(rules, optimizer, options)
  }

  protected override lrAt({ epoch, group }: Moment): number {
    const { maxLr, divFactor, finalDivFactor } = this.options
    const total = totalOf(this.options)
    if (epoch > total) {
      throw new ValueError(
        `OneCycleLR: the cycle of ${total} steps is over; make it longer by totalSteps, or step less often`,
      )
    }
    const top = ofGroup(maxLr, group)
    const start = top / divFactor
    return along(this.options, epoch, start, top, start / finalDivFactor)
  }

  protected override moveTo(epoch: number, from?: readonly number[]): void {
    super.moveTo(epoch, from)
    const { cycleMomentum, baseMomentum, maxMomentum } = this.options
    if (!cycleMomentum) return
    this.optimizer.paramGroups.forEach((group, i) => {
      const most = ofGroup(maxMomentum, i)
      const value = along(this.options, epoch, most, ofGroup(baseMomentum, i), most)
      const own = group as { betas?: Betas; momentum?: number }
      if (own.betas === undefined) hostUpdate(own, 'momentum', () => value)
      else hostUpdate(own, 'betas', (betas): Betas => [value, betas![1]])
    })
  }
}

type Betas = readonly [first: number, second: number]
type Cycle = Required<OneCycleLROptions>

function totalOf({ totalSteps, epochs, stepsPerEpoch }: Cycle): number {
  return totalSteps ?? epochs! * stepsPerEpoch!
}

/** Where a value stands that goes from `start` to `top` and on to `end`. */
function along(cycle: Cycle, step: number, start: number, top: number, end: number): number {
  const total = totalOf(cycle)
  const rise = cycle.pctStart * total
  const last = total - 1
  const phases: [until: number, from: number, to: number][] = cycle.threePhase
    ? [
        [rise - 1, start, top],
        [2 * rise - 2, top, start],
        [last, start, end],
      ]
    : [
        [rise - 1, start, top],
        [last, top, end],
      ]
  // Beyond the last one's end it goes on: index −1 counts from the end.
  const i = phases.findIndex(([until]) => step <= until)
  const [until, from, to] = phases.at(i)!
  const since = i === 0 ? 0 : phases.at(i - 1)![0]
  const share = until === since ? 1 : (step - since) / (until - since)
  return cycle.annealStrategy === 'linear'
    ? (to - from) * share + from
    : to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share))
}
