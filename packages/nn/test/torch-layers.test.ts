import { expect, test } from 'vitest'
import { caseDisagreements, goldenCases } from './module-cases.ts'

// Layers and functional forms agree with PyTorch.
test.each(goldenCases('torch-layers'))('$name', (expected) => {
  expect(caseDisagreements(expected)).toEqual([])
})
