import { test } from 'vitest'
import { RandomState } from '@gradtape/core'
import { Dense, functional as F, Sequential, Sigmoid, Tanh } from '@gradtape/nn'
import { SGD } from '@gradtape/optim'
import { COSTS, expectClose, golden, setLayer } from './golden.ts'

const PIXELS = 64 * 64 * 3
const float64 = { dtype: 'float64' } as const

// So chaotic that another order of summation moves it: after a dozen steps the tolerances are wider.
const EXACT_STEPS = 12
const LATER_COSTS = 1e-8
const FINAL_VALUES = 1e-7

test.each(golden['image-classifier'])('image-classifier of $hidden hidden units', (expected) => {
  const { examples, hidden } = expected
  const random = new RandomState(expected.seed)
  const x = random.rand(PIXELS, examples).T.contiguous()
  const y = random.rand(1, examples).gt(0.5).double().T
  const [inner, outer] = [new Dense(PIXELS, hidden, float64), new Dense(hidden, 1, float64)]
  setLayer(inner, random.randn(hidden, PIXELS).mul(0.01))
  setLayer(outer, random.randn(1, hidden).mul(0.01))
  const network = new Sequential(inner, new Tanh(), outer, new Sigmoid())
  const optimizer = new SGD(network.parameters(), { lr: expected.lr })

  const costs = Array.from({ length: expected.iterations }, () => {
    optimizer.zeroGrad()
    const cost = F.binaryCrossEntropy(network.forward(x), y)
    cost.backward()
    optimizer.step()
    return cost.item()
  })

  expectClose(costs.slice(0, EXACT_STEPS), expected.costs.slice(0, EXACT_STEPS), COSTS)
  expectClose(costs, expected.costs, LATER_COSTS)
  expectClose(outer.weight, expected.W2, FINAL_VALUES)
  expectClose(inner.bias!.unsqueeze(1), expected.b1, FINAL_VALUES)
  expectClose(outer.bias!.unsqueeze(1), expected.b2, FINAL_VALUES)
  const weights = inner.weight.detach()
  expectClose(weights.sum(), expected.W1Sum, FINAL_VALUES)
  expectClose(weights.square().sum().sqrt(), expected.W1Norm, FINAL_VALUES)
})
