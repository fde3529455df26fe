import { expect, test } from 'vitest'
import { caseDisagreements, goldenCases } from './module-cases.ts'

// Losses, Dense and activations agree with PyTorch.
test.each(goldenCases('torch-losses'))('$name', (expected) => {
  expect(caseDisagreements(expected)).toEqual([])
})
