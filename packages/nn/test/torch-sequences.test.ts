import { expect, test } from 'vitest'
import { caseDisagreements, goldenCases } from './module-cases.ts'

// Layers over sequences and their functions agree with PyTorch.
test.each(goldenCases('torch-sequences'))('$name', (expected) => {
  expect(caseDisagreements(expected)).toEqual([])
})
