import { expect, test } from 'vitest'
import { figures, run } from './run-example.ts'

const lines = run('custom-op', '--short')

test('its derivatives are right, and a wrong one is found', () => {
  expect(lines.slice(0, 3)).toEqual([
    'first derivatives are right: true',
    'second derivatives are right: true',
    'a careless derivative is right: false',
  ])
})

test('finds the orbit', () => {
  const losses = figures(lines, 'Loss at step')
  expect(losses.at(-1)).toBeLessThan(losses[0] / 100)
  expect(Math.abs(figures(lines, 'eccentricity')[0] - 0.6)).toBeLessThan(0.01)
  expect(Math.abs(figures(lines, 'start')[0] - 0.4)).toBeLessThan(0.01)
})
