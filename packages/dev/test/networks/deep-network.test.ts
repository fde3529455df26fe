import { test } from 'vitest'
import { RandomState } from '@gradtape/core'
import { makeMoons } from '@gradtape/data'
import { Dense, functional as F, ReLU, Sequential, Sigmoid, type Module } from '@gradtape/nn'
import { SGD } from '@gradtape/optim'
import { COSTS, expectClose, golden, PARAMETERS, setLayer } from './golden.ts'

const float64 = { dtype: 'float64' } as const

test.each(golden['deep-network'])('deep-network of layers $layerDims', (expected) => {
  const { layerDims, initScale } = expected
  const random = new RandomState(expected.seed)
  const layers = layerDims.slice(1).map((out, i) => {
    const layer = new Dense(layerDims[i], out, float64)
    setLayer(layer, random.randn(out, layerDims[i]).mul(initScale))
    return layer
  })
  const modules = layers.flatMap((layer, i): Module[] => [
    layer,
    i === layers.length - 1 ? new Sigmoid() : new ReLU(),
  ])
  const network = new Sequential<Module[]>(...modules)
  const optimizer = new SGD(network.parameters(), { lr: expected.lr })

  const randomState = expected.datasetSeed
  const [x, labels] = makeMoons({ nSamples: 200, noise: 0.2, randomState, ...float64 })
  const y = labels.double().unsqueeze(1)
  const costs = Array.from({ length: expected.iterations }, () => {
    optimizer.zeroGrad()
    const cost = F.binaryCrossEntropy(network.forward(x), y)
    cost.backward()
    optimizer.step()
    return cost.item()
  })

  const recorded = costs.filter((_, i) => i % 100 === 0)
  expectClose(recorded, expected.costEvery100, COSTS)
  expectClose(costs.at(-1)!, expected.finalCost, COSTS)
  layers.forEach(({ weight, bias }, i) => {
    expectClose(weight, expected.finalParameters[i].W, PARAMETERS)
    expectClose(bias!.unsqueeze(1), expected.finalParameters[i].b, PARAMETERS)
  })
})
