import { expect, test } from 'vitest'
import { figures, picture, run } from './run-example.ts'

const lines = run('digits', '--short')
const accuracy = figures(lines, 'test accuracy')[0]

test('reads nearly all of the digits held out', () => {
  expect(lines).toContain('1437 digits to learn from, 360 held out')
  expect(lines.filter((line) => /^test accuracy: \d\d\.\d %$/.test(line))).toHaveLength(1)
  expect(accuracy).toBeGreaterThanOrEqual(95)
})

test('the confusion table has every digit in it, the right ones on its diagonal', () => {
  const start = lines.findIndex((line) => line.includes('read as'))
  const table = lines.slice(start + 1, start + 11).map((line) =>
    line
      .slice(8)
      .match(/.{4}/g)!
      .map((cell) => Number(cell.replace('·', '0'))),
  )
  const sum = (counts: number[]) => counts.reduce((a, b) => a + b)
  expect(sum(table.flat())).toBe(360)
  const right = sum(table.map((counts, digit) => counts[digit]))
  expect(((100 * right) / 360).toFixed(1)).toBe(accuracy.toFixed(1))
})

test('draws how the loss fell', () => {
  const { documentElement } = picture(lines, 'The loss curve')
  const texts = [...documentElement.querySelectorAll('text')].map((each) => each.textContent)
  expect(texts).toEqual(expect.arrayContaining(['epoch', 'held out', 'training']))
  const curves = [...documentElement.querySelectorAll('[aria-label="line"] path')]
  expect(curves).toHaveLength(2)
  // One point for each epoch; in SVG down is up.
  for (const curve of curves) {
    const heights = curve
      .getAttribute('d')!
      .slice(1)
      .split('L')
      .map((p) => Number(p.split(',')[1]))
    expect(heights).toHaveLength(10)
    expect(heights[9]).toBeGreaterThan(heights[0])
  }
})

test('draws every misread digit', () => {
  const { documentElement } = picture(lines, 'The misread digits')
  const misread = Math.round(360 * (1 - accuracy / 100))
  const texts = [...documentElement.querySelectorAll('text')].map((each) => each.textContent!)
  expect(texts.filter((text) => /^a (\d), read as (?!\1)\d$/.test(text))).toHaveLength(misread)
  expect(documentElement.querySelectorAll('[aria-label="cell"] rect')).toHaveLength(64 * misread)
})

test('a run repeats to the last digit', () => {
  expect(run('digits', '--short')).toEqual(lines)
})
