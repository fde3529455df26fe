import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { observeHost, tensor, ValueError } from '@gradtape/core'
import {
  Adadelta,
  Adam,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  ExponentialLR,
  LambdaLR,
  LBFGS,
  LinearLR,
  LRScheduler,
  MultiStepLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  SGD,
  StepLR,
} from '@gradtape/optim'
import { descend, leaf, optimizers } from './parameters.ts'
import { made, type Described } from './schedules.ts'

const sgd = (lr = 1): SGD => new SGD([leaf()], { lr })

const described: Described[] = [
  ['StepLR', { stepSize: 3 }],
  ['MultiStepLR', { milestones: [2, 5] }],
  ['ExponentialLR', { gamma: 0.5 }],
  ['ConstantLR', {}],
  ['LinearLR', {}],
  ['PolynomialLR', {}],
  ['CosineAnnealingLR', { tMax: 7 }],
  ['CosineAnnealingWarmRestarts', { t0: 3, tMult: 2 }],
  ['LambdaLR', { lrLambda: 'root' }],
  ['OneCycleLR', { maxLr: 0.5, totalSteps: 100, cycleMomentum: false }],
  [
    'SequentialLR',
    {
      schedulers: [
        ['LinearLR', {}],
        ['ExponentialLR', { gamma: 0.5 }],
      ],
      milestones: [4],
    },
  ],
]

describe.each(described)('%s', (name, options) => {
  const make = (optimizer: SGD) => made(optimizer, [name, options])

  test('restarts as it started', () => {
    const optimizer = sgd()
    const schedule = make(optimizer) as ReturnType<typeof make> & Pick<StepLR, 'restart'>
    const run = (): number[] =>
      Array.from({ length: 9 }, () => {
        const { lr } = optimizer.paramGroups[0]
        schedule.step()
        return lr
      })
    const first = run()
    expect(schedule.lastEpoch).toBe(9)
    schedule.restart()
    expect(schedule.lastEpoch).toBe(0)
    expect(run()).toEqual(first)
    const before = schedule.stateDict()
    for (const from of [[1, 2], [NaN], 3, []]) {
      const restart = () => schedule.restart(from as never)
      expect(restart).toThrow(ValueError)
      expect(restart).toThrow(/restart: expected 1 numbers, one for each group/)
    }
    expect(schedule.stateDict()).toEqual(before)
  })

  test('resumed anywhere equals run through', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), (before, after) => {
        const [through, resumed] = [sgd(), sgd()]
        const whole = make(through)
        for (let i = 0; i < before; i++) whole.step()
        const rest = make(resumed)
        resumed.loadStateDict(through.stateDict())
        rest.loadStateDict(whole.stateDict())
        for (let i = 0; i < after; i++) {
          whole.step()
          rest.step()
        }
        expect(resumed.paramGroups[0].lr).toBe(through.paramGroups[0].lr)
        expect(rest.stateDict()).toEqual(whole.stateDict())
      }),
      { seed: 6, numRuns: 20 },
    )
  })

  test('follows a group that is added later, from its own learning rate', () => {
    const optimizer = sgd()
    const schedule = make(optimizer)
    optimizer.addParamGroup({ params: [leaf()], lr: 0.5 })
    schedule.step()
    expect(schedule.lastLr.length).toBe(2)
    expect(schedule.lastLr).toEqual(optimizer.paramGroups.map(({ lr }) => lr))
  })

  test('is seen by who watches the host', () => {
    const optimizer = sgd()
    const schedule = make(optimizer)
    const keys: string[] = []
    observeHost({ read: () => {}, update: (_, key) => keys.push(String(key)) }, () =>
      schedule.step(),
    )
    expect(keys).toContain('lr')
    expect(keys).toContain('lastEpoch')
  })

  test('refuses state dicts that do not fit, changing nothing', () => {
    const schedule = make(sgd())
    schedule.step()
    const before = schedule.stateDict()
    const cases: [(dict: any) => unknown, RegExp][] = [
      [() => undefined, /loadStateDict: .*(expected an object|schedulers must be 2 state dicts)/],
      [(d) => ({ ...d, momentum: 1 }), /no option 'momentum'/],
      [(d) => ({ ...d, lastEpoch: -1 }), /lastEpoch must be/],
      [(d) => ({ ...d, lastEpoch: undefined }), /lastEpoch must be/],
      [
        (d) => ({ ...d, lastLr: [1, 2] }),
        /lastLr: expected 1 numbers, one for each group.* \[1,2\]/,
      ],
      [(d) => ({ ...d, baseLrs: 1 }), /baseLrs: expected 1 numbers/],
    ]
    for (const [spoil, message] of cases) {
      const load = () => schedule.loadStateDict(spoil(schedule.stateDict()) as never)
      expect(load).toThrow(ValueError)
      expect(load).toThrow(message)
      expect(load).toThrow(name)
      expect(schedule.stateDict()).toEqual(before)
    }
  })

  // Parts of a row that are none: what is wrong first is found first.
  const parts = { ...options, ...(options.schedulers ? { schedulers: [] } : {}) }

  test('refuses what is no optimizer', () => {
    for (const stranger of [undefined, null, 3, {}, [leaf()], { paramGroups: [{}] }, leaf()]) {
      const wrong = () => made(stranger as never, [name, parts])
      expect(wrong).toThrow(ValueError)
      expect(wrong).toThrow(
        /expected an optimizer, whose paramGroups have a learning rate each, got/,
      )
    }
  })

  test('refuses options that are none or unknown', () => {
    const optimizer = sgd()
    expect(() => made(optimizer, [name, { ...parts, step_size: 1 }])).toThrow(
      /no option 'step_size'/,
    )
    expect(optimizer.paramGroups[0].lr).toBe(1)
  })
})

test('every optimizer can be scheduled', () => {
  for (const Optimizer of Object.values(optimizers)) {
    const w = leaf()
    const optimizer = new Optimizer([w], { lr: 0.5 })
    const schedule = new StepLR(optimizer, { stepSize: 1 })
    descend(optimizer, [w])
    schedule.step()
    expect(optimizer.paramGroups[0].lr).toBe(0.05)
    expect(schedule).toBeInstanceOf(LRScheduler)
  }
  new CosineAnnealingLR(new LBFGS([leaf()]), { tMax: 3 }).step()
})

test('schedules of one optimizer start from the same learning rates', () => {
  const optimizer = sgd(0.5)
  const first = new LinearLR(optimizer, { startFactor: 0.1 })
  const second = new CosineAnnealingLR(optimizer, { tMax: 10 })
  expect(optimizer.paramGroups[0].lr).toBe(0.05)
  expect([first.baseLrs, second.baseLrs]).toEqual([[0.5], [0.5]])
})

test('a schedule within a schedule', () => {
  const optimizer = sgd(1)
  const inner = new SequentialLR(optimizer, {
    schedulers: [
      new ConstantLR(optimizer, { factor: 0.5, totalIters: 2 }),
      new ExponentialLR(optimizer, { gamma: 0.5 }),
    ],
    milestones: [2],
  })
  const outer = new SequentialLR(optimizer, {
    schedulers: [new LinearLR(optimizer, { startFactor: 0.25, totalIters: 3 }), inner],
    milestones: [3],
  })
  const rates = Array.from({ length: 8 }, () => {
    const [lr] = outer.lastLr
    outer.step()
    return lr
  })
  expect(rates).toEqual([0.25, 0.5, 0.75, 0.5, 0.5, 1, 0.5, 0.25])
})

describe('options have ranges', () => {
  const optimizer = sgd(0.5)
  const [other, third] = [new StepLR(sgd(), { stepSize: 1 }), new StepLR(sgd(), { stepSize: 1 })]
  const own = () => new StepLR(optimizer, { stepSize: 1, gamma: 1 })
  type Make = (options: never) => unknown
  const step: Make = (o) => new StepLR(optimizer, o)
  const multi: Make = (o) => new MultiStepLR(optimizer, o)
  const linear: Make = (o) => new LinearLR(optimizer, o)
  const cycle: Make = (o) => new OneCycleLR(optimizer, o)
  const plateau: Make = (o) => new ReduceLROnPlateau(optimizer, o)
  const sequence: Make = (o) => new SequentialLR(optimizer, o)
  const lambda: Make = (o) => new LambdaLR(optimizer, o)
  const refusals: [string, Make, object | null | undefined, RegExp][] = [
    ['no options', step, undefined, /StepLR: expected its options as an object .* got undefined/],
    ['null', linear, null, /expected its options as an object/],
    [
      'no stepSize',
      step,
      {},
      /StepLR: stepSize must be a whole number of at least 1, got undefined/,
    ],
    ['stepSize', step, { stepSize: 0 }, /stepSize must be/],
    ['gamma', step, { stepSize: 1, gamma: -1 }, /gamma must be/],
    ['no gamma', (o) => new ExponentialLR(optimizer, o), {}, /gamma must be .* got undefined/],
    ['no milestones', multi, {}, /milestones must be a list of whole numbers/],
    ['milestones', multi, { milestones: [3, 2] }, /in rising order, got \[3,2\]/],
    ['milestone 0', multi, { milestones: [0] }, /milestones must be/],
    [
      'factor',
      (o) => new ConstantLR(optimizer, o),
      { factor: 0 },
      /factor must be a number above 0/,
    ],
    ['startFactor', linear, { startFactor: 1.5 }, /startFactor must be/],
    ['endFactor', linear, { endFactor: -0.1 }, /endFactor must be a number from 0 to 1/],
    ['totalIters', linear, { totalIters: 1.5 }, /totalIters must be/],
    ['power', (o) => new PolynomialLR(optimizer, o), { power: NaN }, /power must be/],
    ['tMax', (o) => new CosineAnnealingLR(optimizer, o), {}, /tMax must be/],
    ['etaMin', (o) => new CosineAnnealingLR(optimizer, o), { tMax: 1, etaMin: -1 }, /etaMin must/],
    ['t0', (o) => new CosineAnnealingWarmRestarts(optimizer, o), { t0: 0 }, /t0 must be/],
    [
      'tMult',
      (o) => new CosineAnnealingWarmRestarts(optimizer, o),
      { t0: 1, tMult: 0 },
      /tMult must/,
    ],
    ['no function', lambda, {}, /lrLambda must be a function of the epoch, or a list/],
    ['a list with no function', lambda, { lrLambda: [() => 1, 3] }, /lrLambda must be/],
    [
      'too long a list',
      lambda,
      { lrLambda: [() => 1, () => 1] },
      /has 2 entries, the optimizer 1 groups/,
    ],
    ['a factor below 0', lambda, { lrLambda: () => -1 }, /group 0 would be -0.5 at epoch 0/],
    ['a factor that is NaN', lambda, { lrLambda: () => NaN }, /would be NaN at epoch 0/],
    ['no maxLr', cycle, { totalSteps: 3 }, /maxLr must be a finite number above 0, or a list/],
    ['maxLr', cycle, { totalSteps: 3, maxLr: [1, -1] }, /maxLr must be/],
    ['lists of another length', cycle, { totalSteps: 3, maxLr: [1, 1] }, /maxLr has 2 entries/],
    ['no length', cycle, { maxLr: 1, epochs: 3 }, /give totalSteps, or epochs and stepsPerEpoch/],
    ['totalSteps', cycle, { maxLr: 1, totalSteps: 0.5 }, /totalSteps must be/],
    ['pctStart', cycle, { maxLr: 1, totalSteps: 3, pctStart: 2 }, /pctStart must be/],
    [
      'annealStrategy',
      cycle,
      { maxLr: 1, totalSteps: 3, annealStrategy: 'x' },
      /"cos" or "linear"/,
    ],
    ['maxMomentum', cycle, { maxLr: 1, totalSteps: 3, maxMomentum: 1 }, /maxMomentum must be/],
    ['divFactor', cycle, { maxLr: 1, totalSteps: 3, divFactor: 0 }, /divFactor must be/],
    ['threePhase', cycle, { maxLr: 1, totalSteps: 3, threePhase: 1 }, /threePhase must be/],
    ['mode', plateau, { mode: 'least' }, /mode must be "min" or "max", got "least"/],
    ['plateau factor', plateau, { factor: 1 }, /factor must be a number from 0 to below 1, got 1/],
    ['patience', plateau, { patience: -1 }, /patience must be/],
    ['threshold', plateau, { threshold: -1 }, /threshold must be/],
    ['thresholdMode', plateau, { thresholdMode: 'relative' }, /thresholdMode must be/],
    ['cooldown', plateau, { cooldown: 0.5 }, /cooldown must be/],
    ['minLr', plateau, { minLr: [-1] }, /minLr must be/],
    ['a minLr for another number of groups', plateau, { minLr: [0, 0] }, /minLr has 2 entries/],
    ['eps', plateau, { eps: NaN }, /eps must be/],
    ['no schedules', sequence, { schedulers: [], milestones: [] }, /schedulers must be a list/],
    [
      'what is no schedule',
      sequence,
      { schedulers: [optimizer], milestones: [] },
      /schedulers must/,
    ],
    [
      'ReduceLROnPlateau in a row',
      sequence,
      { schedulers: [new ReduceLROnPlateau(optimizer)], milestones: [] },
      /schedules that step without a metric/,
    ],
    [
      'schedules of another optimizer',
      sequence,
      { schedulers: [own(), other], milestones: [2] },
      /schedule 1 was made for another optimizer/,
    ],
    [
      'too few milestones',
      sequence,
      { schedulers: [own(), own()], milestones: [] },
      /2 schedules need 1 milestones between them, got 0/,
    ],
    [
      'milestones out of order',
      sequence,
      { schedulers: [own(), own(), own()], milestones: [5, 3] },
      /milestones must be .* each larger than the one before, got \[5,3\]/,
    ],
    [
      'a milestone twice',
      sequence,
      { schedulers: [own(), own(), third], milestones: [3, 3] },
      /milestones must be/,
    ],
  ]
  test.each(refusals)('%s', (_, make, options, message) => {
    expect(() => make(options as never)).toThrow(ValueError)
    expect(() => make(options as never)).toThrow(message)
    expect(optimizer.paramGroups[0].lr).toBe(0.5)
  })

  test('momenta to cycle must be there', () => {
    const without = new Adadelta([leaf()], { lr: 0.5 })
    const make = (cycleMomentum: boolean) => () =>
      new OneCycleLR(without, { maxLr: 1, totalSteps: 5, cycleMomentum })
    expect(make(true)).toThrow(/neither momentum nor betas; set cycleMomentum to false/)
    expect(without.paramGroups[0].lr).toBe(0.5)
    expect(make(false)).not.toThrow()
  })
})

describe('steps that are refused change nothing', () => {
  test('a cycle that is over', () => {
    const optimizer = new Adam([leaf()])
    const schedule = new OneCycleLR(optimizer, { maxLr: 1, epochs: 2, stepsPerEpoch: 2 })
    for (let i = 0; i < 4; i++) schedule.step()
    const [before, groups] = [schedule.stateDict(), structuredClone(optimizer.paramGroups[0].betas)]
    expect(() => schedule.step()).toThrow(ValueError)
    expect(() => schedule.step()).toThrow(/the cycle of 4 steps is over/)
    expect(schedule.stateDict()).toEqual(before)
    expect(optimizer.paramGroups[0].betas).toEqual(groups)
  })

  test('a rise without length is over at once', () => {
    const optimizer = new SGD([leaf()], { momentum: 0.5 })
    const schedule = new OneCycleLR(optimizer, { maxLr: 1, totalSteps: 10, pctStart: 0.1 })
    expect(schedule.lastLr).toEqual([1])
    expect(optimizer.paramGroups[0].momentum).toBe(0.85)
  })

  test('a metric that is NaN, or none', () => {
    const optimizer = sgd()
    const schedule = new ReduceLROnPlateau(optimizer, { patience: 0 })
    schedule.step(tensor(3))
    schedule.step(tensor([3]))
    expect(schedule.lastLr).toEqual([0.1])
    const before = schedule.stateDict()
    for (const metric of [NaN, undefined, '3', null, tensor([1, 2])]) {
      const step = () => schedule.step(metric as never)
      expect(step).toThrow(ValueError)
      expect(step).toThrow(/step needs the metric of the epoch, .* got/)
    }
    expect(schedule.stateDict()).toEqual(before)
    // @ts-expect-error a metric is needed
    expect(() => schedule.step()).toThrow(/got undefined/)
  })

  test('an infinite metric is no improvement, not even the first', () => {
    const schedule = new ReduceLROnPlateau(sgd(), { patience: 0 })
    schedule.step(Infinity)
    expect(schedule.lastLr).toEqual([0.1])
    expect(schedule.stateDict().best).toBeNull()
  })

  test('an epoch that is none', () => {
    const schedule = new CosineAnnealingWarmRestarts(sgd(), { t0: 3 })
    for (const epoch of [-1, NaN, Infinity, '3']) {
      expect(() => schedule.step(epoch as never)).toThrow(/step needs an epoch of at least 0/)
    }
    expect(schedule.lastEpoch).toBe(0)
  })

  test('a function that throws, or gives what is no factor', () => {
    const optimizer = new SGD([{ params: [leaf()] }, { params: [leaf()] }], { lr: 1 })
    const failing = (epoch: number): number => {
      if (epoch === 2) throw new RangeError('no more')
      return epoch === 3 ? Infinity : 0.5
    }
    const schedule = new LambdaLR(optimizer, { lrLambda: [() => 0.25, failing] })
    schedule.step()
    const before = schedule.stateDict()
    expect(() => schedule.step()).toThrow('no more')
    expect(schedule.stateDict()).toEqual(before)
    schedule.loadStateDict({ ...before, lastEpoch: 2 })
    expect(() => schedule.step()).toThrow(/group 1 would be Infinity at epoch 3/)
    expect(optimizer.paramGroups.map(({ lr }) => lr)).toEqual([0.25, 0.5])
  })

  test('a list that is too short for a group added later', () => {
    const optimizer = sgd()
    const schedule = new LambdaLR(optimizer, { lrLambda: [() => 0.5] })
    optimizer.addParamGroup({ params: [leaf()] })
    expect(() => schedule.step()).toThrow(/has 1 entries, the optimizer 2 groups/)
    expect(schedule.lastEpoch).toBe(0)
  })

  test('a learning rate that a user has spoilt', () => {
    const optimizer = sgd()
    const schedule = new ExponentialLR(optimizer, { gamma: 0.5 })
    optimizer.paramGroups[0].lr = NaN
    expect(() => schedule.step()).toThrow(/group 0 would be NaN at epoch 1/)
    expect(schedule.lastEpoch).toBe(0)
  })
})

describe('state dicts', () => {
  test('have PyTorch’s form, with names in camelCase', () => {
    const schedule = new StepLR(sgd(), { stepSize: 2 })
    for (let i = 0; i < 3; i++) schedule.step()
    const saved = schedule.stateDict()
    expect(saved).toEqual({ stepSize: 2, gamma: 0.1, baseLrs: [1], lastEpoch: 3, lastLr: [0.1] })
    const plateau = new ReduceLROnPlateau(sgd())
    expect(plateau.stateDict()).toMatchObject({ best: null, numBadEpochs: 0, cooldownCounter: 0 })
  })

  test('are copies, and bring their options', () => {
    const milestones = [2, 4]
    const optimizer = sgd()
    const schedule = new MultiStepLR(optimizer, { milestones })
    const saved = schedule.stateDict()
    milestones[0] = 1
    ;(saved.milestones as number[])[0] = 1
    ;(saved.lastLr as number[])[0] = 7
    const loaded = { ...schedule.stateDict(), lastLr: [1] }
    schedule.loadStateDict(loaded)
    loaded.lastLr[0] = 7
    expect(schedule.lastLr).toEqual([1])
    schedule.step()
    expect(schedule.lastLr).toEqual([1])
    const other = new MultiStepLR(sgd(), { milestones: [9] })
    other.loadStateDict(schedule.stateDict())
    other.step()
    expect(other.lastLr).toEqual([0.1])
  })

  test('bring the learning rates that schedules start from, for those made later, too', () => {
    const optimizer = sgd(0.5)
    const schedule = new ExponentialLR(optimizer, { gamma: 0.5 })
    schedule.loadStateDict({ ...schedule.stateDict(), baseLrs: [2] })
    expect(schedule.baseLrs).toEqual([2])
    expect(new LambdaLR(optimizer, { lrLambda: () => 0.5 }).lastLr).toEqual([1])
  })

  test('of ReduceLROnPlateau hold counts and a best metric', () => {
    const schedule = new ReduceLROnPlateau(sgd())
    schedule.step(3)
    const before = schedule.stateDict()
    const spoilt: [object, RegExp][] = [
      [{ numBadEpochs: -1 }, /numBadEpochs must be a count of epochs, got -1/],
      [{ cooldownCounter: undefined }, /cooldownCounter must be/],
      [{ best: NaN }, /best must be a number or null, got NaN/],
      [{ best: '3' }, /best must be/],
      [{ lastEpoch: -1 }, /lastEpoch must be/],
    ]
    for (const [part, message] of spoilt) {
      const load = () => schedule.loadStateDict({ ...before, ...part } as never)
      expect(load).toThrow(ValueError)
      expect(load).toThrow(message)
    }
    expect(() => schedule.loadStateDict(undefined as never)).toThrow(/expected an object/)
    expect(schedule.stateDict()).toEqual(before)
  })

  test('of a row of schedules are taken whole or not at all', () => {
    const optimizer = sgd()
    const make = () =>
      new SequentialLR(optimizer, {
        schedulers: [new LinearLR(optimizer), new ExponentialLR(optimizer, { gamma: 0.5 })],
        milestones: [2],
      })
    const schedule = make()
    for (let i = 0; i < 4; i++) schedule.step()
    const before = schedule.stateDict()
    const spoil = (change: (dict: any) => void) => {
      const dict = structuredClone(before)
      change(dict)
      return () => schedule.loadStateDict(dict)
    }
    expect(spoil((d) => (d.schedulers[1].gamma = -1))).toThrow(/ExponentialLR.*gamma must be/)
    expect(spoil((d) => d.schedulers.pop())).toThrow(ValueError)
    expect(spoil((d) => d.schedulers.push({}))).toThrow(/must be 2 state dicts.* got 3/)
    expect(spoil((d) => ((d.schedulers[0].totalIters = 9), (d.milestones = [0])))).toThrow(
      /milestones/,
    )
    expect(spoil((d) => delete d.schedulers)).toThrow(/got undefined/)
    expect(schedule.stateDict()).toEqual(before)
  })
})

test('options of other schedules are refused by the compiler', () => {
  // @ts-expect-error stepSize is missing
  expect(() => new StepLR(sgd(), { gamma: 0.5 })).toThrow(/stepSize/)
  // @ts-expect-error an optimizer comes first
  expect(() => new StepLR([leaf()], { stepSize: 3 })).toThrow(/optimizer/)
})
