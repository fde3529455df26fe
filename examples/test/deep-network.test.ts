import { expect, test } from 'vitest'
import { COSTS, expectClose, golden } from '../../packages/dev/test/networks/golden.ts'
import { attempt, figures, run } from './run-example.ts'

const [shallow, deep] = golden['deep-network']

test('three layers learn the moons, and not by heart', () => {
  const lines = run('deep-network', '--short')
  expect(deep.layerDims).toEqual([2, 16, 8, 1])
  expectClose(figures(lines, 'Cost after step'), [...deep.costEvery100, deep.finalCost], COSTS)
  expect(lines.filter((line) => line.includes('Dense('))).toHaveLength(3)
  expect(figures(lines, 'train accuracy')[0]).toBeGreaterThanOrEqual(97)
  expect(figures(lines, 'test accuracy')[0]).toBeGreaterThanOrEqual(94)
})

test('other sizes and settings are arguments', () => {
  const { layerDims, iterations, lr, initScale, costEvery100, finalCost } = shallow
  const numbers = ['--steps', iterations, '--lr', lr, '--scale', initScale]
  const lines = run('deep-network', ...layerDims.map(String), ...numbers.map(String))
  expectClose(figures(lines, 'Cost after step'), [...costEvery100, finalCost], COSTS)
})

test('a wrong argument is answered with the usage', () => {
  const { status, errors } = attempt('deep-network', '--lr', 'fast')
  expect(status).toBe(1)
  expect(errors).toContain("--lr takes a number, got 'fast'")
  expect(errors).toContain('npm run example -- deep-network [SIZES...] [--scale 0.5] [--lr 0.3]')
})

test('sizes that are no sizes are refused', () => {
  const { status, errors } = attempt('deep-network', '2', 'many', '1')
  expect(status).not.toBe(0)
  expect(errors).toMatch(/ValueError: .*NaN/)
})
