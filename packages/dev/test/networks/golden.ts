import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { isTensor, noGrad, tensor, type Tensor } from '@gradtape/core'
import type { Dense } from '@gradtape/nn'
import { farthest } from '../../../core/test/close.ts'

// Five small networks, trained in NumPy with backward passes written by hand. Here nobody writes one.

export type Matrix = number[][]

export interface Golden {
  'linear-hidden': {
    x: number
    cost: number
    documentGradW1: Matrix
    correctGradW1: Matrix
    gradW2: Matrix
    gradB1: Matrix
    gradB2: Matrix
  }
  xor: {
    seed: number
    lr: number
    iterations: number
    initialW1: Matrix
    initialW2: Matrix
    lossEvery1000: number[]
    finalLoss: number
    W1: Matrix
    W2: Matrix
    predictions: Matrix
  }
  moons: {
    datasetSeed: number
    splitSeed: number
    seed: number
    samples: number
    noise: number
    hidden: number
    epochs: number
    batchSize: number
    lr: number
    costs: number[]
    W1: Matrix
    b1: Matrix
    W2: Matrix
    b2: Matrix
    testAccuracy: number
    firstTrainRows: Matrix
    firstTrainLabels: number[]
  }
  'deep-network': {
    layerDims: number[]
    seed: number
    iterations: number
    lr: number
    datasetSeed: number
    initScale: number
    costEvery100: number[]
    finalCost: number
    finalParameters: { W: Matrix; b: Matrix }[]
  }
  'image-classifier': {
    seed: number
    examples: number
    hidden: number
    iterations: number
    lr: number
    costs: number[]
    W2: Matrix
    b1: Matrix
    b2: Matrix
    W1Sum: number
    W1Norm: number
  }
}

type Cases = { [Name in keyof Golden]: Golden[Name][] }

export const golden: Cases = JSON.parse(
  readFileSync(new URL('../golden/networks.json', import.meta.url), 'utf8'),
)

type Numbers = number | readonly Numbers[]

/** Relative to the whole array: |a − b| ≤ tolerance · max|b|. */
export function expectClose(actual: Tensor | Numbers, expected: Numbers, tolerance: number): void {
  const a = isTensor(actual) ? actual : tensor(actual as number[], { dtype: 'float64' })
  const b = tensor(expected as number[], { dtype: 'float64' })
  expect(a.shape).toEqual(b.shape)
  expect(farthest([...a.data], [...b.data], tolerance)).toBeUndefined()
}

export const COSTS = 1e-12
export const PARAMETERS = 1e-9

/** Gives a layer its values, as they multiply a column of inputs: weight `[out, in]`. */
export function setLayer(layer: Dense<number, number>, weight: Tensor, bias?: Tensor): void {
  noGrad(() => {
    layer.weight.copy_(weight)
    if (bias) layer.bias!.copy_(bias)
    else layer.bias?.zero_()
  })
}
