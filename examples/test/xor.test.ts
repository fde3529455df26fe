import { expect, test } from 'vitest'
import { COSTS, expectClose, golden } from '../../packages/dev/test/networks/golden.ts'
import { figures, run } from './run-example.ts'

test("prints the tutorial's weights and predictions, and falling losses", () => {
  const lines = run('xor', '--short')
  expect(lines.slice(0, 6)).toEqual([
    'W1:',
    '[[0.89217306 0.89217096]',
    ' [8.17932504 8.17746632]]',
    'W2:',
    '[[-42.30248196  33.38806983]]',
    'Predictions: [0, 1, 1, 0]',
  ])
  const { lossEvery1000, finalLoss } = golden.xor[0]
  expectClose(figures(lines, 'Loss at step'), [...lossEvery1000, finalLoss], COSTS)
})
