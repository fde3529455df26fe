import * as optim from '@gradtape/optim'
import type { Scheduled, ScheduleStateDict } from '@gradtape/optim'

/** A schedule's name and options; those of schedules in a row are nested. */
export type Described = [name: string, options: Record<string, unknown>]

export interface AnySchedule {
  readonly lastEpoch: number
  readonly lastLr: readonly number[]
  step(): void
  stateDict(): ScheduleStateDict
  loadStateDict(dict: ScheduleStateDict): void
}

const functions: Record<string, (epoch: number) => number> = {
  root: (epoch) => (1 + epoch) ** -0.5,
  power: (epoch) => 0.95 ** epoch,
}

type Constructor = new (optimizer: Scheduled, options: object) => AnySchedule

/** The schedule that is described, for an optimizer. */
export function made(optimizer: Scheduled, [name, options]: Described): AnySchedule {
  const { schedulers, lrLambda, ...rest } = options
  const Schedule = optim[name as keyof typeof optim] as unknown as Constructor
  return new Schedule(optimizer, {
    ...rest,
    ...(schedulers
      ? { schedulers: (schedulers as Described[]).map((d) => made(optimizer, d)) }
      : {}),
    ...(lrLambda ? { lrLambda: named(lrLambda) } : {}),
  })
}

function named(names: unknown): unknown {
  return Array.isArray(names) ? names.map((name) => functions[name]) : functions[names as string]
}
