import { expect, test } from 'vitest'
import { mackeyGlass } from '../src/mackey-glass.ts'
import { figures, picture, run } from './run-example.ts'

const lines = run('time-series', '--short')
const error = (method: string): number => figures(lines, `error held out, ${method}`)[0]

test('foretells what it has not seen better than each of the simple ones', () => {
  expect(lines).toContain('1437 windows to learn from, 437 held out')
  expect(error('last value')).toBeGreaterThan(error('seasonal'))
  expect(error('seasonal')).toBeGreaterThan(error('linear'))
  expect(error('LSTM')).toBeLessThan(0.6 * error('linear'))
})

test('the simple ones are what they are called', () => {
  // Two swings of the series, within a value.
  expect(figures(lines, 'the best period, in days')[0]).toBe(99)
  expect(error('linear')).toBeCloseTo(0.417, 2)
})

test('draws three forecasts beside what came', () => {
  const { documentElement } = picture(lines, 'The forecasts')
  const curves = [...documentElement.querySelectorAll('[aria-label="line"] path')]
  // Of each stretch the truth, the linear forecast and that of the LSTM.
  expect(curves).toHaveLength(9)
  const texts = [...documentElement.querySelectorAll('text')].map((each) => each.textContent)
  expect(texts).toEqual(expect.arrayContaining(['truth', 'linear', 'LSTM', 'days']))
})

test('draws how errors grow', () => {
  const { documentElement } = picture(lines, 'The errors')
  expect(documentElement.querySelectorAll('[aria-label="line"] path')).toHaveLength(4)
  const texts = [...documentElement.querySelectorAll('text')].map((each) => each.textContent)
  const methods = ['last value', 'seasonal', 'linear', 'LSTM']
  expect(texts).toEqual(expect.arrayContaining([...methods, 'days ahead']))
})

test('the series solves its equation, and is past its beginning', () => {
  const x = mackeyGlass(2000, 0.1)
  let worst = 0
  for (let i = 171; i < x.length - 1; i++) {
    const past = x[i - 170]
    const slope = (0.2 * past) / (1 + past ** 10) - 0.1 * x[i]
    worst = Math.max(worst, Math.abs((x[i + 1] - x[i - 1]) / 0.2 - slope))
  }
  // The difference of two values is itself no derivative.
  expect(worst).toBeLessThan(3e-4)
  expect(Math.min(...x)).toBeGreaterThan(0.2)
  expect(Math.max(...x)).toBeLessThan(1.5)
  expect(mackeyGlass(3, 50)).toEqual([x[0], x[500], x[1000]])
})
