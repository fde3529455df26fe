import { expect, test } from 'vitest'
import { figures, picture, run } from './run-example.ts'

const lines = run('digits-vae', '--short')
const [heldOut] = figures(lines, 'the autoencoder, held out')

test('knows far more of digits held out than how dark each pixel is', () => {
  const [baseline] = figures(lines, 'each pixel by itself')
  expect(heldOut).toBeLessThan(0.75 * baseline)
})

test('the code is used, and the costs add up', () => {
  const [pixels] = figures(lines, '  of this, the pixels')
  const [code] = figures(lines, '  of this, the code')
  // The divergence of eight numbers that say nothing is 0.
  expect(code).toBeGreaterThan(5)
  expect(pixels + code).toBeCloseTo(heldOut, 0)
})

test('the learning rate warms up and cools down', () => {
  const rates = lines
    .filter((line) => line.startsWith('epoch'))
    .map((line) => Number(line.slice(-7)))
  expect(rates).toHaveLength(3)
  expect(rates[0]).toBeGreaterThan(rates[1])
  expect(rates[1]).toBeGreaterThan(rates[2])
  expect(rates[0]).toBeLessThan(2e-3)
})

test('draws thirty digits, of many kinds', () => {
  const { documentElement } = picture(lines, 'The drawings')
  const texts = [...documentElement.querySelectorAll('text')].map((each) => each.textContent!)
  const captions = texts.filter((text) => /^like a \d$/.test(text))
  expect(captions).toHaveLength(30)
  expect(documentElement.querySelectorAll('[aria-label="cell"] rect')).toHaveLength(64 * 30)
  const kinds = new Set(captions).size
  expect(kinds).toBeGreaterThanOrEqual(7)
  expect(lines).toContain(`kinds of digits among 30 drawings: ${kinds}`)
})

test('draws walks from one digit to another', () => {
  const { documentElement } = picture(lines, 'The walks')
  const texts = [...documentElement.querySelectorAll('text')].map((each) => each.textContent!)
  expect(texts.filter((text) => /^(from|to) a \d$/.test(text))).toHaveLength(10)
  expect(documentElement.querySelectorAll('[aria-label="cell"] rect')).toHaveLength(64 * 30)
})
