import { expect, test } from 'vitest'
import { nGramCost } from '../src/n-grams.ts'
import { figures, run } from './run-example.ts'

const lines = run('character-transformer', '--short')
const [heldOut] = figures(lines, 'the transformer, held out')

/** What n-grams of so many characters cost. */
const counted = (order: number): number => figures(lines, `  ${order}-grams`)[0]

test('the counts are those of the book: most known behind four characters', () => {
  expect(lines).toContain('127262 characters to learn from, 14141 held out')
  expect(figures(lines, '  by chance')[0]).toBeCloseTo(Math.log(67), 3)
  expect([1, 2, 3, 4, 5, 6].map(counted)).toEqual([3.174, 2.395, 1.88, 1.588, 1.533, 1.57])
})

test('once through the book, it knows more than the character before tells', () => {
  expect(heldOut).toBeLessThan(counted(2) - 0.15)
  // Below this, so early, it could only be by seeing what it guesses.
  expect(heldOut).toBeGreaterThan(counted(5))
  expect(figures(lines, 'in bits a character')[0]).toBeCloseTo(heldOut / Math.LN2, 2)
})

test('writes on, in words rather than noise', () => {
  const sample = lines.slice(
    lines.findIndex((line) => line.startsWith('‘I wonder,’ said Alice')),
    lines.findIndex((line) => line.startsWith('words of it')) - 1,
  )
  expect(sample.join('\n').length).toBe('‘I wonder,’ said Alice'.length + 600)
  // Letters drawn by their counts alone, at the same temperature, make a word of it in one of three tries.
  expect(figures(lines, 'words of it that the book has')[0]).toBeGreaterThanOrEqual(40)
})

test('counts by hand', () => {
  // Behind nothing a and b stand 3 and 2 times; behind a stands b twice, behind b stands a twice.
  const known = [0, 1, 0, 1, 0]
  const chance = 1 / 3
  const a = (3 + 2 * chance) / 7
  const b = (2 + 2 * chance) / 7
  expect(nGramCost(1, known, [1, 0], 3)).toBeCloseTo(-Math.log(a * b) / 2, 12)
  expect(nGramCost(2, known, [1], 3)).toBeCloseTo(-Math.log((2 + b) / 3), 12)
  // A character that was never seen.
  expect(nGramCost(2, known, [2], 3)).toBeCloseTo(-Math.log((2 * chance) / 7 / 3), 12)
})
