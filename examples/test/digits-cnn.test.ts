import { expect, test } from 'vitest'
import { figures, picture, run } from './run-example.ts'

const lines = run('digits-cnn', '--short')
const [accuracy] = figures(lines, 'test accuracy')
const right = Number(
  /(\d+) of 360$/.exec(lines.find((line) => line.startsWith('read rightly'))!)![1],
)

test('reads nearly all of the digits held out, after four epochs', () => {
  expect(accuracy).toBeGreaterThanOrEqual(97.5)
  expect(accuracy.toFixed(1)).toBe(((100 * right) / 360).toFixed(1))
})

test('the table has every layer, and sums up', () => {
  const layers = lines.filter((line) => /^  \d+: /.test(line))
  expect(layers).toHaveLength(14)
  const parameters = layers.map((line) => Number(/\] +([\d,]+)/.exec(line)![1].replace(',', '')))
  expect(parameters.reduce((a, b) => a + b)).toBe(30762)
  expect(lines.find((line) => line.startsWith('Total'))).toMatch(/^Total +30,762 /)
})

test('the learning rate is high in the first epochs, and nearly nothing at the end', () => {
  const rates = lines.filter((line) => line.startsWith('epoch')).map((line) => +line.slice(-8))
  expect(rates).toHaveLength(4)
  expect(rates[0]).toBeGreaterThan(9e-3)
  expect(rates[0]).toBeLessThanOrEqual(1e-2)
  expect(rates[1]).toBeLessThan(rates[0])
  expect(rates[2]).toBeLessThan(rates[1])
  expect(rates[3]).toBeLessThan(1e-5)
})

test('draws every misread digit', () => {
  const { documentElement } = picture(lines, 'The misread digits')
  const texts = [...documentElement.querySelectorAll('text')].map((each) => each.textContent!)
  const captions = texts.filter((text) => /^a (\d), read as (?!\1)\d$/.test(text))
  expect(captions).toHaveLength(360 - right)
  const cells = [...documentElement.querySelectorAll('[aria-label="cell"] rect')]
  expect(cells).toHaveLength(64 * (360 - right))
  for (const cell of cells) expect(cell.getAttribute('width')).toBe(cell.getAttribute('height'))
})

test('draws the filters, and where they fit', () => {
  const { documentElement } = picture(lines, 'The filters')
  const groups = [...documentElement.querySelectorAll('[aria-label="rect"]')]
  const counts = groups.map((group) => group.querySelectorAll('rect').length)
  expect(counts).toHaveLength(4)
  expect(counts.slice(0, 2)).toEqual([64, 32 * 64])
  const [positive, negative] = counts.slice(2)
  expect(positive + negative).toBe(32 * 9)
  expect(Math.min(positive, negative)).toBeGreaterThan(9)
  const shades = groups.flatMap((group) =>
    [...group.querySelectorAll('rect')].map((each) => Number(each.getAttribute('fill-opacity'))),
  )
  expect(Math.min(...shades)).toBeCloseTo(0.05)
  expect(Math.max(...shades)).toBe(1)
})

test('a run repeats to the last digit', () => {
  expect(run('digits-cnn', '--short')).toEqual(lines)
})
