import { expect, test } from 'vitest'
import { figures, picture, run } from './run-example.ts'

const lines = run('ode-fit', '--short')

test('finds all six numbers, no farther from the truth than the errors say', () => {
  const start = lines.findIndex((line) => line.includes('truth')) + 1
  const rows = lines.slice(start, start + 6).map((line) => {
    const [guess, fit, error, , truth, off] = line.slice(8).trim().split(/\s+/).map(Number)
    return { guess, fit, error, truth, off }
  })
  expect(rows.map(({ truth }) => truth)).toEqual([0.9, 0.5, 35, 30, 30, 10])
  for (const { guess, fit, error, truth, off } of rows) {
    expect(Math.abs(fit / truth - 1)).toBeLessThan(0.05)
    expect(error).toBeGreaterThan(1)
    expect(error).toBeLessThan(5)
    expect(off).toBeLessThan(2.5)
    expect(guess).not.toBe(fit)
  }
  // The counts were made with errors of 15 %.
  expect(Math.abs(figures(lines, 'Error of a count')[0] - 15)).toBeLessThan(3)
})

test('guesses get better, and some of them arrive', () => {
  const losses = lines.flatMap(
    (line) => /least loss (\S+), median (\S+)/.exec(line)?.slice(1) ?? [],
  )
  const [least, median, , , leastAtLast, medianAtLast] = losses.map(Number)
  expect(leastAtLast).toBeLessThan(least)
  expect(medianAtLast).toBeLessThan(median)
  expect(Number(/^Guesses that arrived: (\d+) of 24$/m.exec(lines.join('\n'))![1])).toBeGreaterThan(
    2,
  )
})

test('checkpoints change no gradient, and hold far fewer values', () => {
  expect(figures(lines, 'Their gradients differ')).toEqual([0])
  const [without, checkpointed] = figures(lines, 'Values held')
  expect(checkpointed).toBeGreaterThan(0)
  expect(without / checkpointed).toBeGreaterThan(3)
})

test('draws the counts, the fit and the guess', () => {
  const { documentElement } = picture(lines, 'The counts and the fit')
  expect(documentElement.querySelectorAll('[aria-label="dot"] circle')).toHaveLength(98)
  const curves = [...documentElement.querySelectorAll('[aria-label="line"]')]
  expect(curves.map((curve) => curve.hasAttribute('stroke-dasharray'))).toEqual([
    true,
    false,
    true,
    false,
  ])
  const texts = [...documentElement.querySelectorAll('text')].map((each) => each.textContent)
  expect(texts).toEqual(expect.arrayContaining(['hares', 'lynxes', 'year', 'thousands']))
})
