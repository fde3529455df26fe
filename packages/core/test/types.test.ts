import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { mistakesIn } from '../../dev/src/mistakes.ts'
import { results } from './types/plain.ts'

test('mistakes are errors at their lines, in the words that are promised', () => {
  const { promised, found } = mistakesIn(
    fileURLToPath(new URL('types/mistakes.ts', import.meta.url)),
  )
  expect(promised.length).toBeGreaterThan(40)
  expect([...found.keys()]).toEqual(promised.map(({ line }) => line))
  for (const { line, words } of promised) expect(found.get(line)).toContain(words)
})

test('a program that says nothing of shapes runs', () => {
  expect(results.best).toBeLessThan(1)
  expect(results.first!.shape).toEqual([2, 8])
  expect(results.rows).toBe(12)
})
