import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { mistakesIn } from '../../dev/src/mistakes.ts'

test('mistakes in shapes are errors at their lines, in the words that are promised', () => {
  const { promised, found } = mistakesIn(
    fileURLToPath(new URL('types/mistakes.ts', import.meta.url)),
  )
  expect(promised.length).toBeGreaterThan(0)
  expect([...found.keys()]).toEqual(promised.map(({ line }) => line))
  for (const { line, words } of promised) expect(found.get(line)).toContain(words)
})
