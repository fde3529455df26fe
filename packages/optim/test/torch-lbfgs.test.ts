import { describe, expect, test } from 'vitest'
import { tensor, type Tensor } from '@gradtape/core'
import { LBFGS } from '@gradtape/optim'
import { farthest } from '../../core/test/close.ts'
import { readCases } from '../../core/test/golden.ts'

interface LBFGSCase {
  name: string
  problem: string
  options: object
  parameters: { shape: number[]; start: number[] }[]
  /** Two numbers for each element, but in the valley. */
  walls: { curvature: number[]; target: number[] }[]
  /** How often the closure had been called after each step. */
  evaluations: number[]
  /** Every parameter after every step. */
  path: number[][][]
}

const cases = readCases<LBFGSCase>(new URL('golden/torch-lbfgs.json', import.meta.url))

const float64 = (values: number[], shape: readonly number[], requiresGrad = false): Tensor =>
  tensor(values, { shape: [...shape], dtype: 'float64', requiresGrad })

type Problem = (parameters: Tensor[], walls: LBFGSCase['walls']) => Tensor

const sum = (terms: Tensor[]): Tensor => terms.reduce((a, b) => a.add(b))

/** The sum over all elements, of each parameter with the curvature and target of its wall. */
const overWalls =
  (loss: (p: Tensor, curvature: Tensor, target: Tensor) => Tensor): Problem =>
  (parameters, walls) =>
    sum(
      walls.map(({ curvature, target }, i) => {
        const p = parameters[i]
        return loss(p, float64(curvature, p.shape), float64(target, p.shape)).sum()
      }),
    )

const quartic = overWalls((p, curvature, target) => {
  const distance = p.sub(target)
  return distance.square().mul(curvature).div(2).add(distance.pow(4).div(10))
})

const kinks = overWalls((p, curvature, target) => {
  const distance = p.sub(target)
  return distance.abs().add(distance.div(3)).mul(curvature)
})

const problems: Record<string, Problem> = {
  /** The parameters hang together by their sum. */
  bowl: (parameters, walls) =>
    sum(parameters.map((p) => p.sum()))
      .square()
      .div(4)
      .add(quartic(parameters, walls)),
  waves: overWalls((p, curvature, target) =>
    p.mul(4).sin().add(p.sub(target).square().mul(curvature).div(4)),
  ),
  kinks,
  kink: kinks,
  valley: ([p]) => {
    const [x, y] = p.unbind()
    return y.sub(x.square()).square().mul(100).add(x.sub(1).square())
  },
}

describe('LBFGS agrees with PyTorch', () => {
  test.each(cases)(
    '$name',
    ({ problem, options, parameters: starts, walls, evaluations, path }) => {
      const parameters = starts.map(({ start, shape }) => float64(start, shape, true))
      const optimizer = new LBFGS(parameters, options)
      let calls = 0
      const closure = (): Tensor => {
        calls++
        optimizer.zeroGrad()
        const loss = problems[problem](parameters, walls)
        loss.backward()
        return loss
      }
      path.forEach((after, step) => {
        optimizer.step(closure)
        expect([step, calls]).toEqual([step, evaluations[step]])
        const all = parameters.flatMap((p) => Array.from(p.data as Iterable<number>))
        expect([step, farthest(all, after.flat(), 1e-9)]).toEqual([step, undefined])
      })
    },
  )
})
