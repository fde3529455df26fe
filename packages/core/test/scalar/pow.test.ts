import { expect, test } from 'vitest'
import { gradients, tensor } from '../../src/index.ts'

test('the slope of a power by its exponent is there at 0, too', () => {
  const options = { dtype: 'float64', requiresGrad: true } as const
  const x = tensor([2, -4, 0, Infinity, NaN], options)
  const y = tensor([0, 0, 0, 0, 0], options)
  const [byX] = gradients(x.pow(y).sum(), x, { createGraph: true })
  expect(byX.abs().toArray()).toEqual([0, 0, 0, 0, 0])
  // ∂/∂y (y · x^(y − 1)) = 1/x where y = 0.
  expect(gradients(byX.sum(), y)[0].toArray()).toEqual([0.5, -0.25, 0, 0, 0])
})
