import { describe, expect, test } from 'vitest'
import { noGrad, RandomState, sub, tensor, type Tensor } from '@gradtape/core'
import { Dense, functional as F, Sequential, Sigmoid } from '@gradtape/nn'
import { SGD } from '@gradtape/optim'
import { COSTS, expectClose, golden, PARAMETERS, setLayer, type Golden } from './golden.ts'

const float64 = { dtype: 'float64' } as const

interface Network {
  W1: Tensor
  W2: Tensor
  /** The outputs for the four examples, as a row. */
  predict(): Tensor
  /** One step; the mean loss before it. */
  step(): number
}

/** The four examples as columns, each step written out. */
function written(W1: Tensor, W2: Tensor, lr: number): Network {
  const x = tensor(
    [
      [0, 0, 1, 1],
      [0, 1, 0, 1],
    ],
    float64,
  )
  const y = tensor([[0, 1, 1, 0]], float64)
  const parameters = [W1.requiresGrad_(), W2.requiresGrad_()]
  const predict = () => W2.matmul(W1.matmul(x).sigmoid()).sigmoid()
  return {
    W1,
    W2,
    predict,
    step() {
      const out = predict()
      const loss = y
        .mul(out.log())
        .add(sub(1, y).mul(sub(1, out).log()))
        .mean()
        .neg()
      for (const p of parameters) p.grad = null
      loss.backward()
      noGrad(() => {
        for (const p of parameters) p.sub_(p.grad!.mul(lr))
      })
      return loss.item()
    },
  }
}

/** The four examples as rows, in layers. */
function layered(W1: Tensor, W2: Tensor, lr: number): Network {
  const x = tensor(
    [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    float64,
  )
  const y = tensor([[0], [1], [1], [0]], float64)
  const options = { ...float64, bias: false }
  const [hidden, output] = [new Dense(2, 2, options), new Dense(2, 1, options)]
  setLayer(hidden, W1)
  setLayer(output, W2)
  const network = new Sequential(hidden, new Sigmoid(), output, new Sigmoid())
  const optimizer = new SGD(network.parameters(), { lr })
  return {
    W1: hidden.weight,
    W2: output.weight,
    predict: () => network.forward(x).T,
    step() {
      optimizer.zeroGrad()
      const loss = F.binaryCrossEntropy(network.forward(x), y)
      loss.backward()
      optimizer.step()
      return loss.item()
    },
  }
}

describe.each(Object.entries({ written, layered }))('xor, %s', (_name, make) => {
  test.each(golden.xor)('seed $seed', (expected: Golden['xor']) => {
    const random = new RandomState(expected.seed)
    const { W1, W2, predict, step } = make(random.rand(2, 2), random.rand(1, 2), expected.lr)
    expect([W1.toArray(), W2.toArray()]).toEqual([expected.initialW1, expected.initialW2])
    // The recorded losses are sums over the four examples.
    const losses = Array.from({ length: expected.iterations }, () => 4 * step())
    expectClose(
      losses.filter((_, i) => i % 1000 === 0),
      expected.lossEvery1000,
      COSTS,
    )
    expectClose(losses.at(-1)!, expected.finalLoss, COSTS)
    expectClose(W1, expected.W1, PARAMETERS)
    expectClose(W2, expected.W2, PARAMETERS)
    expect(predict().round().toArray()).toEqual(expected.predictions)
  })
})
