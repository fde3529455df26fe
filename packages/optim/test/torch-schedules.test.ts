import { describe, expect, test } from 'vitest'
import { Adam, SGD, type Optimizer } from '@gradtape/optim'
import { farthest } from '../../core/test/close.ts'
import { readCases } from '../../core/test/golden.ts'
import { leaf } from './parameters.ts'
import { made, type AnySchedule, type Described } from './schedules.ts'

interface ScheduleCase {
  name: string
  optimizer: 'SGD' | 'Adam'
  /** Those that step together. */
  schedules: Described[]
  /** Learning rates set before given steps. */
  lrAt?: Record<string, number>
  /** The epoch that a step names, if it does. */
  epochs?: (number | null)[]
  /** What ReduceLROnPlateau is told. */
  metrics?: number[]
  /** Learning rates of the groups by epoch, and their momenta where these are cycled. */
  path: number[][]
}

const cases = readCases<ScheduleCase>(new URL('golden/torch-schedules.json', import.meta.url))

function optimizerOf({ optimizer }: ScheduleCase): Pick<Optimizer, 'paramGroups'> {
  const groups = [{ params: [leaf()] }, { params: [leaf()], lr: 0.25 }]
  return optimizer === 'Adam'
    ? new Adam(groups, { lr: 0.1 })
    : new SGD(groups, { lr: 0.1, momentum: 0.5 })
}

/** Learning rates, and momenta or first betas. */
function valuesOf({ paramGroups }: Pick<Optimizer, 'paramGroups'>): number[] {
  const groups = paramGroups as unknown as { lr: number; momentum?: number; betas?: number[] }[]
  return [
    ...groups.map((group) => group.lr),
    ...groups.map((group) => group.momentum ?? group.betas![0]),
  ]
}

function advance(schedule: AnySchedule, step: number, { epochs, metrics }: ScheduleCase): void {
  const argument = metrics?.[step] ?? epochs?.[step] ?? undefined
  ;(schedule.step as (argument?: number) => void).call(schedule, argument)
}

describe('schedules agree with PyTorch', () => {
  test.each(cases)('$name', (expected) => {
    const optimizer = optimizerOf(expected)
    const schedules = expected.schedules.map((described) => made(optimizer, described))
    expected.path.forEach((wanted, epoch) => {
      if (epoch > 0) {
        const lr = expected.lrAt?.[epoch - 1]
        if (lr !== undefined) for (const group of optimizer.paramGroups) group.lr = lr
        for (const schedule of schedules) advance(schedule, epoch - 1, expected)
      }
      const values = valuesOf(optimizer).slice(0, wanted.length)
      expect([epoch, farthest(values, wanted, 1e-12, 'each')]).toEqual([epoch, undefined])
      expect(schedules.at(-1)!.lastLr).toEqual(values.slice(0, 2))
    })
  })
})

describe('a schedule goes on bit for bit', () => {
  test.each(cases)('$name', (expected) => {
    const run = (
      optimizer: Pick<Optimizer, 'paramGroups'>,
      schedules: AnySchedule[],
      to: number,
    ) => {
      const path: number[][] = []
      for (let step = to - 25; step < to; step++) {
        for (const schedule of schedules) advance(schedule, step, expected)
        path.push(valuesOf(optimizer))
      }
      return path
    }
    const optimizer = optimizerOf(expected)
    const schedules = expected.schedules.map((described) => made(optimizer, described))
    run(optimizer, schedules, 25)
    const other = optimizerOf(expected)
    const others = expected.schedules.map((described) => made(other, described))
    const saving = optimizer as Optimizer
    ;(other as Optimizer).loadStateDict(saving.stateDict())
    // By way of JSON, as a file would have it.
    others.forEach((schedule, i) => {
      schedule.loadStateDict(JSON.parse(JSON.stringify(schedules[i].stateDict())))
      expect(schedule.stateDict()).toEqual(schedules[i].stateDict())
      expect(schedule.lastLr).toEqual(schedules[i].lastLr)
    })
    expect(run(other, others, 50)).toEqual(run(optimizer, schedules, 50))
  })
})
