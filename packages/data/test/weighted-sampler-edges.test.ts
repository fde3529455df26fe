import { tensor } from '@gradtape/core'
import type * as Core from '@gradtape/core'
import { WeightedRandomSampler } from '@gradtape/data'
import { expect, it, vi } from 'vitest'

let draws: number[] = []

// Draws that come once in 2^53: both ends of [0, 1), and where one weight ends and the next begins.
vi.mock('@gradtape/core', async (original) => ({
  ...(await original<typeof Core>()),
  rand: () => tensor(draws, { dtype: 'float64' }),
}))

it('a sample of weight 0 is not drawn at any edge', () => {
  draws = [0, 0.25, 0.5, 1 - 2 ** -53]
  const weights = [0, 1, 0, 1, 2, 0]
  expect([...new WeightedRandomSampler(weights, 4)]).toEqual([1, 3, 4, 4])
  draws = [0, 0, 0, 0.5, 1 - 2 ** -53, 0]
  expect([...new WeightedRandomSampler(weights, 3, { replacement: false })]).toEqual([1, 3, 4])
})
