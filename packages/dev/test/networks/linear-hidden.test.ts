import { expect, test } from 'vitest'
import { ones, tensor } from '@gradtape/core'
import { Dense, functional as F, Sequential, Sigmoid } from '@gradtape/nn'
import { COSTS, expectClose, golden, setLayer } from './golden.ts'

const float64 = { dtype: 'float64' } as const

test.each(golden['linear-hidden'])('linear-hidden at x = $x', (expected) => {
  const hidden = new Dense(2, 2, float64)
  const output = new Dense(2, 1, float64)
  setLayer(hidden, ones([2, 2], float64))
  setLayer(output, ones([1, 2], float64))
  const network = new Sequential(hidden, output, new Sigmoid())
  const x = tensor([[expected.x, 0]], float64)
  const cost = F.binaryCrossEntropy(network.forward(x), ones([1, 1], float64))
  expectClose(cost, expected.cost, COSTS)
  cost.backward()
  expectClose(hidden.weight.grad!, expected.correctGradW1, COSTS)
  expectClose(hidden.bias!.grad!.unsqueeze(1), expected.gradB1, COSTS)
  expectClose(output.weight.grad!, expected.gradW2, COSTS)
  expectClose(output.bias!.grad!.unsqueeze(1), expected.gradB2, COSTS)
  // The hand-written pass took the derivative of tanh for a layer that has none.
  expect(expected.documentGradW1.flat()).toEqual([0, 0, 0, 0])
})
