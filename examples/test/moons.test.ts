import { expect, test } from 'vitest'
import { COSTS, expectClose, golden } from '../../packages/dev/test/networks/golden.ts'
import { figures, run } from './run-example.ts'

test("prints the tutorial's costs, weights and accuracy", () => {
  const lines = run('moons', '--short')
  expectClose(figures(lines.slice(0, 10), 'Cost after epoch'), golden.moons[0].costs, COSTS)
  expect(lines.slice(10)).toEqual([
    'W1:',
    '[[ 0.29617788  0.11059671  0.29357749  1.05608563]',
    ' [-0.12744831 -0.28892865  1.19445454  0.56565585]]',
    'b1:',
    '[[-0.00291607  0.02034294 -0.04771555  0.00040832]]',
    'W2:',
    '[[ 0.02508533]',
    ' [ 0.36635204]',
    ' [-0.39475393]',
    ' [ 0.04798859]]',
    'b2:',
    '[[0.06651659]]',
    'Accuracy: 0.82',
  ])
})
