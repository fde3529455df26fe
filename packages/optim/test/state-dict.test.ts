import { describe, expect, test } from 'vitest'
import { isTensor, tensor, ValueError, type Tensor } from '@gradtape/core'
import { Adadelta, Adagrad, Adam, Adamax, AdamW, NAdam, RAdam, RMSprop, SGD } from '@gradtape/optim'
import { descend, leaf, valuesOf } from './parameters.ts'

interface Training {
  zeroGrad(): void
  step(): undefined
  stateDict(): unknown
  loadStateDict(dict: never): void
}

const twoGroups = ([a, b, c]: Tensor[]) => [{ params: [a, b] }, { params: [c], lr: 0.03 }]

const makers: [string, (params: Tensor[]) => Training][] = [
  ['SGD', (params) => new SGD(twoGroups(params), { lr: 0.1 })],
  [
    'SGD with momentum',
    (params) => new SGD(twoGroups(params), { lr: 0.05, momentum: 0.9, nesterov: true }),
  ],
  ['Adam', (params) => new Adam(twoGroups(params), { betas: [0.5, 0.7], weightDecay: 0.1 })],
  ['Adam with amsgrad', (params) => new Adam(twoGroups(params), { amsgrad: true })],
  ['AdamW', (params) => new AdamW(twoGroups(params), { lr: 0.2 })],
  ['RMSprop', (params) => new RMSprop(twoGroups(params), {})],
  [
    'RMSprop, centered, with momentum',
    (params) => new RMSprop(twoGroups(params), { centered: true, momentum: 0.5 }),
  ],
  ['Adamax', (params) => new Adamax(twoGroups(params), { betas: [0.5, 0.7], weightDecay: 0.1 })],
  ['NAdam', (params) => new NAdam(twoGroups(params), { momentumDecay: 0.1 })],
  ['RAdam', (params) => new RAdam(twoGroups(params), { betas: [0.5, 0.9], weightDecay: 0.1 })],
  ['Adagrad', (params) => new Adagrad(twoGroups(params), { initialAccumulatorValue: 0.5 })],
  ['Adadelta', (params) => new Adadelta(twoGroups(params), { eps: 1e-2 })],
]

const fresh = (): Tensor[] => [leaf([1, -2]), leaf([0.3]), leaf([4, 5, 6])]

describe.each(makers)('%s', (_, make) => {
  test('goes on from a state dict bit for bit', () => {
    const params = fresh()
    const optimizer = make(params)
    for (let i = 0; i < 5; i++) descend(optimizer, params)
    const saved = optimizer.stateDict()
    const others = params.map((p) => p.detach().clone().requiresGrad_())
    const other = make(others)
    // What it has learnt by then is replaced.
    descend(other, [others[0]])
    params.forEach((p, i) => others[i].detach().copy_(p.detach()))
    other.loadStateDict(saved as never)
    for (let i = 0; i < 5; i++) {
      descend(optimizer, params)
      descend(other, others)
    }
    expect(valuesOf(others)).toEqual(valuesOf(params))
    expect(plain(other.stateDict())).toEqual(plain(optimizer.stateDict()))
  })

  test('hands out copies: later steps and changes do not reach a state dict', () => {
    const params = fresh()
    const optimizer = make(params)
    descend(optimizer, params)
    const saved = optimizer.stateDict()
    const before = plain(saved)
    optimizer.loadStateDict(saved as never)
    descend(optimizer, params)
    expect(plain(saved)).toEqual(before)
  })
})

/** Tensors as their numbers, so that two dicts can be compared. */
const plain = (dict: unknown): unknown =>
  JSON.parse(JSON.stringify(dict, (_, x) => (isTensor(x) ? Array.from(x.data) : x)))

test('the form is PyTorch’s, with names in camelCase', () => {
  const params = fresh()
  const optimizer = new Adam(twoGroups(params), { lr: 0.1 })
  descend(optimizer, [params[0], params[2]])
  const { state, paramGroups } = optimizer.stateDict()
  const rest = {
    betas: [0.9, 0.999],
    eps: 1e-8,
    weightDecay: 0,
    amsgrad: false,
    decoupledWeightDecay: false,
    maximize: false,
  }
  expect(paramGroups).toEqual([
    { lr: 0.1, ...rest, params: [0, 1] },
    { lr: 0.03, ...rest, params: [2] },
  ])
  expect(Object.keys(state)).toEqual(['0', '2'])
  expect(Object.keys(state[0])).toEqual(['step', 'expAvg', 'expAvgSq'])
  expect(state[2].step).toBe(1)
})

test('state takes the dtype of the parameters it is loaded for', () => {
  const [wide, narrow] = [leaf([1, 2]), leaf([1, 2]).detach().float().requiresGrad_()]
  const optimizer = new Adam([wide])
  descend(optimizer, [wide])
  const other = new Adam([narrow])
  other.loadStateDict(optimizer.stateDict())
  expect(other.state.get(narrow)!.expAvg.dtype).toBe('float32')
  descend(other, [narrow])
  expect(other.state.get(narrow)!.step).toBe(2)
})

test('the state dict of a fresh optimizer takes away what was learnt', () => {
  const w = leaf()
  const optimizer = new Adam([w])
  descend(optimizer, [w])
  optimizer.loadStateDict(new Adam([leaf()]).stateDict())
  expect(optimizer.state.size).toBe(0)
})

test('options are never shared between groups, dicts and what the user passed', () => {
  const betas: [number, number] = [0.8, 0.9]
  const optimizer = new Adam([{ params: [leaf()] }, { params: [leaf()] }], { betas })
  const [one, two] = optimizer.paramGroups
  const saved = optimizer.stateDict()
  const lists = [betas, one.betas, two.betas, ...saved.paramGroups.map((group) => group.betas)]
  expect(new Set(lists).size).toBe(5)
  optimizer.loadStateDict(saved)
  expect(one.betas).toEqual([0.8, 0.9])
  expect(one.betas).not.toBe(saved.paramGroups[0].betas)
})

test('a product of momenta that is no number is refused', () => {
  const w = leaf()
  const optimizer = new NAdam([w])
  descend(optimizer, [w])
  const dict = optimizer.stateDict() as any
  for (const muProduct of [NaN, '1', undefined]) {
    dict.state[0].muProduct = muProduct
    expect(() => optimizer.loadStateDict(dict)).toThrow(ValueError)
    expect(() => optimizer.loadStateDict(dict)).toThrow(/muProduct must be a finite number, got/)
  }
})

describe('loadStateDict refuses, changing nothing,', () => {
  const params = fresh()
  const optimizer = new Adam(twoGroups(params), { lr: 0.1 })
  descend(optimizer, params)
  const good = () => optimizer.stateDict() as any
  const before = plain(optimizer.stateDict())

  const cases: [string, (dict: any) => unknown, RegExp][] = [
    ['nothing', () => undefined, /expected \{ state, paramGroups \}/],
    ['a list', () => [1], /expected \{ state, paramGroups \}/],
    ['another number of groups', (d) => (d.paramGroups.pop(), d), /has 1 parameter groups.*2/],
    [
      'another number of parameters',
      (d) => (d.paramGroups[1].params.push(3), d),
      /group 1 .* 2 params.* 1/,
    ],
    ['a group without params', (d) => (delete d.paramGroups[0].params, d), /group 0 .* no params/],
    ['a parameter twice', (d) => ((d.paramGroups[1].params[0] = 0), d), /parameter 0 .*twice/],
    ['an option out of range', (d) => ((d.paramGroups[1].lr = -1), d), /group 1: lr must be/],
    [
      'a missing option',
      (d) => (delete d.paramGroups[1].eps, d),
      /group 1: eps must be .* undefined/,
    ],
    ['an unknown option', (d) => ((d.paramGroups[0].alpha = 1), d), /no option 'alpha'/],
    ['state of no parameter', (d) => ((d.state[7] = d.state[0]), d), /parameter 7/],
    ['state that is none', (d) => ((d.state[0] = 3), d), /parameter 0: expected an object/],
    [
      'state of another optimizer',
      (d) => ((d.state[0].squareAvg = d.state[0].expAvg), d),
      /'squareAvg'/,
    ],
    [
      'a missing buffer',
      (d) => (delete d.state[0].expAvg, d),
      /expAvg must be a tensor.*undefined/,
    ],
    [
      'a buffer of another shape',
      (d) => ((d.state[0].expAvg = tensor([1])), d),
      /\[2\], got shape \[1\]/,
    ],
    [
      'nested numbers for a buffer',
      (d) => ((d.state[0].expAvg = [1, 2]), d),
      /expAvg must be a tensor/,
    ],
    ['a step that is no count', (d) => ((d.state[2].step = 1.5), d), /step must be a count/],
  ]
  test.each(cases)('%s', (_, spoil, message) => {
    const load = () => optimizer.loadStateDict(spoil(good()) as never)
    expect(load).toThrow(ValueError)
    expect(load).toThrow(message)
    expect(load).toThrow(/Adam\.loadStateDict/)
    expect(plain(optimizer.stateDict())).toEqual(before)
  })
})
