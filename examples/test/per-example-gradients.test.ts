import { expect, test } from 'vitest'
import { epsilon } from '../src/privacy.ts'
import { figures, picture, run } from './run-example.ts'

const lines = run('per-example-gradients', '--short')

test('vmap gives the gradients of the loop', () => {
  expect(lines).toContain('W1 has the shape [32,64]')
  expect(lines).toContain('and its gradients for 200 examples [200,32,64]')
  expect(figures(lines, 'Those of the loop differ')[0]).toBeLessThan(1e-6)
})

test('the longest gradients belong to the wrong labels', () => {
  expect(lines).toContain('1437 digits to learn from, 72 of them with a wrong label')
  const rows = lines.flatMap((line) => /^ +(\d+) +(\d+) of 72$/.exec(line) ?? [])
  const found = Object.fromEntries(
    Array.from({ length: rows.length / 3 }, (_, i) => [rows[3 * i + 1], Number(rows[3 * i + 2])]),
  )
  // By chance it would be one in twenty.
  expect(found[25]).toBeGreaterThanOrEqual(20)
  expect(found[75]).toBeGreaterThanOrEqual(55)
  expect(found[150]).toBeGreaterThanOrEqual(70)
})

test('learns in private nearly as well', () => {
  expect(figures(lines, 'The longest gradient')[0]).toBeGreaterThan(2)
  expect(lines).toContain('When it is cut: 1.000')
  expect(figures(lines, 'accuracy, trained as usual')[0]).toBeGreaterThan(90)
  expect(figures(lines, 'accuracy, trained in private')[0]).toBeGreaterThan(85)
  expect(lines).toContain('privacy spent: epsilon 2.11 at delta 0.0001')
})

test('draws the suspects', () => {
  const { documentElement } = picture(lines, 'The first of them')
  const texts = [...documentElement.querySelectorAll('text')].map((each) => each.textContent!)
  expect(texts.filter((text) => text.startsWith('labelled '))).toHaveLength(24)
  expect(
    texts.filter((text) => /^labelled (\d), is a (?!\1)\d$/.test(text)).length,
  ).toBeGreaterThanOrEqual(20)
})

test('epsilon is that of the paper, and of plain Gaussian noise', () => {
  // Abadi et al. (2016): 10,000 steps with q = 0.01 and noise 4 cost 1.26 at δ = 1e-5.
  const paper = epsilon({ share: 0.01, noise: 4, steps: 10_000, delta: 1e-5 })
  expect(paper).toBeCloseTo(1.26, 2)
  // When nearly all take part, the order α costs α / 2σ²; here α = 6 is the best.
  const all = epsilon({ share: 1 - 1e-12, noise: 5, steps: 20, delta: 1e-4 })
  expect(all).toBeCloseTo((20 * 6) / 50 + Math.log(1e4) / 5, 6)
})
