import { describe, expect, test } from 'vitest'
import {
  isGradEnabled,
  isTensor,
  observeHost,
  ShapeError,
  tensor,
  ValueError,
} from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { LBFGS, type LBFGSOptions } from '@gradtape/optim'
import { leaf, valuesOf } from './parameters.ts'

const fresh = (): Tensor[] => [leaf([1, -2]), leaf([0.3]), leaf([4, 5, 6])]

/** A loss that is no bowl, so that directions differ from step to step. */
function lossOf(params: Tensor[]): Tensor {
  const total = params.map((p) => p.sum()).reduce((a, b) => a.add(b))
  return params
    .map((p, i) =>
      p
        .sub(0.5)
        .pow(4)
        .mul(i + 1)
        .sum(),
    )
    .reduce((a, b) => a.add(b), total.square())
}

function descend(optimizer: LBFGS, params: Tensor[]): Tensor {
  return optimizer.step(() => {
    optimizer.zeroGrad()
    const loss = lossOf(params)
    loss.backward()
    return loss
  })
}

const plain = (dict: unknown): unknown =>
  JSON.parse(JSON.stringify(dict, (_, x) => (isTensor(x) ? Array.from(x.data) : x)))

test('returns the loss before the step, and calls the closure with gradients recorded', () => {
  const params = fresh()
  const optimizer = new LBFGS(params, { lr: 0.1, maxIter: 4 })
  const before = lossOf(params).item()
  let calls = 0
  const loss = optimizer.step(() => {
    calls++
    expect(isGradEnabled()).toBe(true)
    optimizer.zeroGrad()
    const first = lossOf(params)
    first.backward()
    return first
  })
  expect(loss.item()).toBe(before)
  expect(calls).toBe(4)
  expect(lossOf(params).item()).toBeLessThan(before)
})

test('takes numbers as losses, parameters without gradient, empty, transposed and 0-d ones', () => {
  const turned = tensor(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    { dtype: 'float64' },
  ).T.requiresGrad_()
  const idle = leaf()
  const scalar = tensor(2, { dtype: 'float64', requiresGrad: true })
  const empty = tensor([], { dtype: 'float64', requiresGrad: true })
  const params: Tensor[] = [turned, idle, scalar, empty]
  const optimizer = new LBFGS(params, { lineSearchFn: 'strong_wolfe' })
  optimizer.step(() => {
    optimizer.zeroGrad()
    const loss = turned.sub(1).square().sum().add(scalar.square()).add(empty.sum())
    loss.backward()
    return loss.item()
  })
  expect(turned.sub(1).abs().amax().item()).toBeLessThan(1e-5)
  expect(Math.abs(scalar.item())).toBeLessThan(1e-5)
  expect(Array.from(idle.data)).toEqual([1, -2, 3])
})

test('minimizes in float32, and parameters of two dtypes', () => {
  const [narrow, wide] = [leaf().float().detach().requiresGrad_(), leaf()]
  const params: Tensor[] = [narrow, wide]
  const optimizer = new LBFGS(params, { lineSearchFn: 'strong_wolfe' })
  optimizer.step(() => {
    optimizer.zeroGrad()
    const loss = narrow.sub(1).square().sum().add(wide.add(1).square().sum())
    loss.backward()
    return loss
  })
  expect(narrow.dtype).toBe('float32')
  expect(narrow.sub(1).abs().amax().item()).toBeLessThan(1e-3)
  expect(wide.add(1).abs().amax().item()).toBeLessThan(1e-3)
})

test('stops where the gradient is already flat', () => {
  const w = leaf([0, 0])
  const optimizer = new LBFGS([w])
  optimizer.step(() => {
    optimizer.zeroGrad()
    const loss = w.square().sum()
    loss.backward()
    return loss
  })
  expect(valuesOf([w])).toEqual([[0, 0]])
  expect(optimizer.stateDict().state).toEqual({ 0: { funcEvals: 1, nIter: 0 } })
  const other = new LBFGS([leaf([1, 2])])
  other.loadStateDict(optimizer.stateDict())
  expect(other.stateDict().state).toEqual({ 0: { funcEvals: 1, nIter: 0 } })
})

test('reads every option on the host where a recorder sees it', () => {
  const params = fresh()
  const optimizer = new LBFGS(params, { lr: 0.25, maxIter: 2 })
  const { params: _params, ...options } = optimizer.paramGroups[0]
  const reads = new Map<string, unknown>()
  observeHost({ read: (_, key, value) => reads.set(String(key), value), update: () => {} }, () =>
    descend(optimizer, params),
  )
  expect(Object.fromEntries(reads)).toMatchObject(options)
})

const variants: [string, LBFGSOptions][] = [
  ['with lr', { lr: 0.05, maxIter: 3 }],
  ['with a line search', { lineSearchFn: 'strong_wolfe', maxIter: 2, historySize: 2 }],
]
describe.each(variants)('%s', (_, options) => {
  test('goes on from a state dict bit for bit', () => {
    const params = fresh()
    const optimizer = new LBFGS(params, options)
    for (let i = 0; i < 3; i++) descend(optimizer, params)
    const saved = optimizer.stateDict()
    const others = params.map((p) => p.detach().clone().requiresGrad_())
    const other = new LBFGS(others)
    other.loadStateDict(saved)
    const before = plain(saved)
    for (let i = 0; i < 4; i++) {
      descend(optimizer, params)
      descend(other, others)
    }
    expect(valuesOf(others)).toEqual(valuesOf(params))
    expect(plain(other.stateDict())).toEqual(plain(optimizer.stateDict()))
    expect(plain(saved)).toEqual(before)
    // Nor does what is done to a state dict reach the optimizer.
    const now = plain(optimizer.stateDict())
    const tensors = Object.values(optimizer.stateDict().state[0]).filter(isTensor)
    for (const x of tensors) x.zero_()
    expect(plain(optimizer.stateDict())).toEqual(now)
  })

  test('an error of the closure in the middle of a step changes nothing', () => {
    const params = fresh()
    const optimizer = new LBFGS(params, options)
    descend(optimizer, params)
    const [values, state] = [valuesOf(params), plain(optimizer.stateDict())]
    for (const last of [1, 2]) {
      let calls = 0
      const spoilt = (spoil: () => unknown) => () =>
        optimizer.step(() => {
          optimizer.zeroGrad()
          const loss = lossOf(params)
          loss.backward()
          if (++calls === last) return spoil() as Tensor
          return loss
        })
      const failing = spoilt(() => {
        throw new RangeError('no data')
      })
      expect(failing).toThrow('no data')
      calls = 0
      expect(spoilt(() => undefined)).toThrow(/closure must return the loss.* got undefined/)
      calls = 0
      const misfit = spoilt(() => {
        params[1].grad = tensor([1, 2], { dtype: 'float64' }) as never
        return 1
      })
      expect(misfit).toThrow(ShapeError)
      calls = 0
      expect(misfit).toThrow(/LBFGS: a parameter of shape \[1\] has a gradient of shape \[2\]/)
      expect(valuesOf(params)).toEqual(values)
      expect(plain(optimizer.stateDict())).toEqual(state)
    }
  })
})

test('the form of a state dict is PyTorch’s, with lists as one tensor', () => {
  const params = fresh()
  const optimizer = new LBFGS(params, { lineSearchFn: 'strong_wolfe', maxIter: 4 })
  descend(optimizer, params)
  const { state, paramGroups } = optimizer.stateDict()
  expect(paramGroups).toEqual([
    {
      lr: 1,
      maxIter: 4,
      maxEval: null,
      toleranceGrad: 1e-7,
      toleranceChange: 1e-9,
      historySize: 100,
      lineSearchFn: 'strong_wolfe',
      params: [0, 1, 2],
    },
  ])
  const shapes = Object.entries(state[0]).map(([key, value]) => [
    key,
    isTensor(value) && value.shape,
  ])
  expect(Object.fromEntries(shapes)).toEqual({
    funcEvals: false,
    nIter: false,
    d: [6],
    t: false,
    oldDirs: [3, 6],
    oldStps: [3, 6],
    ro: [3],
    hDiag: false,
    prevFlatGrad: [6],
    prevLoss: false,
  })
  expect(state[0].nIter).toBe(4)
})

describe('refuses', () => {
  const make = (options: object) => () => new LBFGS([leaf()], options)

  test('options out of range and unknown ones', () => {
    for (const maxIter of [0, 1.5, '3', NaN]) {
      expect(make({ maxIter })).toThrow(/LBFGS: maxIter must be a whole number of at least 1, got/)
    }
    expect(make({ maxEval: 0 })).toThrow(/maxEval must be a whole number of at least 1, or null/)
    expect(make({ historySize: 0 })).toThrow(/historySize must be/)
    expect(make({ toleranceGrad: -1 })).toThrow(/toleranceGrad must be/)
    expect(make({ toleranceChange: NaN })).toThrow(/toleranceChange must be/)
    expect(make({ lineSearchFn: 'wolfe' })).toThrow(/must be null or "strong_wolfe", got "wolfe"/)
    expect(make({ weightDecay: 1 })).toThrow(/no option 'weightDecay'/)
    expect(make({ lr: -1 })).toThrow(ValueError)
  })

  test('more than one group', () => {
    expect(() => new LBFGS([{ params: [leaf()] }, { params: [leaf()] }])).toThrow(/one parameter/)
    const optimizer = new LBFGS([{ params: [leaf()], lr: 0.5 }])
    expect(() => optimizer.addParamGroup({ params: [leaf()] })).toThrow(ValueError)
    expect(optimizer.paramGroups.length).toBe(1)
    expect(optimizer.paramGroups[0].lr).toBe(0.5)
  })

  test('to step without a closure, and closures that return no loss', () => {
    const w = leaf()
    const optimizer = new LBFGS([w])
    expect(() => optimizer.step()).toThrow(/LBFGS: step needs a function .* got undefined/)
    expect(() => optimizer.step(3 as never)).toThrow(ValueError)
    const returning = (loss: unknown) => () => optimizer.step(() => loss as number)
    expect(returning(undefined)).toThrow(/end it with: return loss/)
    expect(returning(w)).toThrow(/got a tensor of shape \[3\]/)
    expect(returning(Promise.resolve(1))).toThrow(/got a promise/)
    expect(valuesOf([w])).toEqual([[1, -2, 3]])
    expect(optimizer.state.size).toBe(0)
  })

  const cases: [string, (dict: any) => unknown, RegExp][] = [
    ['nothing', () => undefined, /expected \{ state, paramGroups \}/],
    ['an option out of range', (d) => ((d.paramGroups[0].maxIter = 0), d), /maxIter must be/],
    ['state that is none', (d) => ((d.state[0] = 3), d), /parameter 0: expected an object/],
    ['state of a stranger', (d) => ((d.state[9] = {}), d), /parameter 9/],
    ['state of another optimizer', (d) => ((d.state[0].expAvg = 1), d), /'expAvg' does not belong/],
    ['no count', (d) => ((d.state[0].nIter = -1), d), /nIter must be a count, got -1/],
    ['no number', (d) => (delete d.state[0].hDiag, d), /hDiag must be a number, got undefined/],
    ['a missing vector', (d) => (delete d.state[0].d, d), /d must be a tensor of shape \[6\]/],
    ['too short a vector', (d) => ((d.state[0].d = tensor([1])), d), /\[6\], got \[1\]/],
    [
      'lists of two lengths',
      (d) => ((d.state[0].ro = tensor([1, 2, 3, 4, 5])), d),
      /oldDirs must be a tensor of shape \[5, 6\], got \[\d, 6\]/,
    ],
  ]
  test.each(cases)('to load %s', (_, spoil, message) => {
    const params = fresh()
    const optimizer = new LBFGS(params, { lineSearchFn: 'strong_wolfe', maxIter: 3 })
    descend(optimizer, params)
    const before = plain(optimizer.stateDict())
    const load = () => optimizer.loadStateDict(spoil(optimizer.stateDict()) as never)
    expect(load).toThrow(ValueError)
    expect(load).toThrow(message)
    expect(load).toThrow(/LBFGS\.loadStateDict/)
    expect(plain(optimizer.stateDict())).toEqual(before)
  })
})
