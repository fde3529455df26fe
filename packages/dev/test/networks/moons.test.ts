import { expect, test } from 'vitest'
import { noGrad, RandomState, tensor } from '@gradtape/core'
import { makeMoons, trainTestSplit } from '@gradtape/data'
import { Dense, functional as F, Sequential, Sigmoid, Tanh } from '@gradtape/nn'
import { SGD } from '@gradtape/optim'
import { COSTS, expectClose, golden, PARAMETERS, setLayer } from './golden.ts'

const float64 = { dtype: 'float64' } as const

test.each(golden.moons)('moons, $epochs epochs', (expected) => {
  const { samples, noise, datasetSeed, splitSeed, hidden, batchSize } = expected
  const [x, labels] = makeMoons({ nSamples: samples, noise, randomState: datasetSeed, ...float64 })
  const split = { testSize: 0.2, randomState: splitSeed }
  const [xTrain, xTest, yTrain, yTest] = trainTestSplit(x, labels, split)
  expectClose(xTrain.narrow(0, 0, 3), expected.firstTrainRows, COSTS)
  expect(yTrain.narrow(0, 0, 3).toArray()).toEqual(expected.firstTrainLabels)

  const random = new RandomState(expected.seed)
  const [inner, outer] = [new Dense(2, hidden, float64), new Dense(hidden, 1, float64)]
  setLayer(inner, random.randn(2, hidden).div(Math.sqrt(2)).T)
  setLayer(outer, random.randn(hidden, 1).div(Math.sqrt(hidden)).T)
  const network = new Sequential(inner, new Tanh(), outer, new Sigmoid())
  const optimizer = new SGD(network.parameters(), { lr: expected.lr })

  const y = yTrain.double().unsqueeze(1)
  const order = Array.from({ length: xTrain.size(0) }, (_, i) => i)
  const costs = Array.from({ length: expected.epochs }, () => {
    order.forEach((_, i) => (order[i] = i))
    random.shuffle(order)
    let cost = NaN
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = tensor(order.slice(start, start + batchSize), { dtype: 'int32' })
      optimizer.zeroGrad()
      const loss = F.binaryCrossEntropy(
        network.forward(xTrain.indexSelect(0, batch)),
        y.indexSelect(0, batch),
      )
      loss.backward()
      optimizer.step()
      cost = loss.item()
    }
    return cost
  })

  expectClose(costs, expected.costs, COSTS)
  expectClose(inner.weight.T, expected.W1, PARAMETERS)
  expectClose(inner.bias!.unsqueeze(0), expected.b1, PARAMETERS)
  expectClose(outer.weight.T, expected.W2, PARAMETERS)
  expectClose(outer.bias!.unsqueeze(0), expected.b2, PARAMETERS)
  const right = noGrad(() => network.forward(xTest).squeeze(1).gt(0.5)).eq(yTest.ne(0))
  expect(right.double().mean().item()).toBe(expected.testAccuracy)
})
