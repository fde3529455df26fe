import { describe, expect, test } from 'vitest'
import { add, tensor } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { differences } from '../../core/test/close.ts'
import { readCases } from '../../core/test/golden.ts'
import { optimizers } from './parameters.ts'

/** A parameter's start, and its part of the loss: Σ curvature · (p − target)² / 2. */
interface Bowl {
  shape: number[]
  start: number[]
  curvature: number[]
  target: number[]
}

interface OptimizerCase {
  name: string
  optimizer: keyof typeof optimizers
  options: { lr?: number }
  parameters: Bowl[]
  /** Options of each parameter's own group. */
  groups?: object[]
  /** The parameter that the loss leaves out. */
  idle?: number
  /** Learning rates set before given steps. */
  lrAt?: Record<string, number>
  /** Every parameter after every step. */
  path: number[][][]
}

const cases = readCases<OptimizerCase>(new URL('golden/torch-optimizers.json', import.meta.url))

const float64 = (values: number[], shape: number[], requiresGrad = false): Tensor =>
  tensor(values, { shape, dtype: 'float64', requiresGrad })

function lossOf(parameters: Tensor[], { parameters: bowls, idle }: OptimizerCase): Tensor {
  return parameters
    .map((p, i) => {
      const { curvature, target, shape } = bowls[i]
      const distance = p.sub(float64(target, shape))
      return distance.square().mul(float64(curvature, shape)).div(2).sum()
    })
    .filter((_, i) => i !== idle)
    .reduce((a, b) => add(a, b))
}

describe('optimizers agree with PyTorch', () => {
  test.each(cases)('$name', (expected) => {
    const parameters = expected.parameters.map(({ start, shape }) => float64(start, shape, true))
    const listed = expected.groups?.map((group, i) => ({ params: [parameters[i]], ...group }))
    const optimizer = new optimizers[expected.optimizer](listed ?? parameters, expected.options)
    expected.path.forEach((after, step) => {
      const lr = expected.lrAt?.[step]
      if (lr !== undefined) for (const group of optimizer.paramGroups) group.lr = lr
      optimizer.zeroGrad()
      lossOf(parameters, expected).backward()
      optimizer.step()
      parameters.forEach((p, i) => {
        const { shape } = expected.parameters[i]
        const described = { shape, dtype: 'float64', values: after[i] }
        const what = `parameter ${i} after step ${step}`
        expect(differences(p, described, what)).toEqual([])
      })
    })
  })
})
