import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { written } from './fixtures/written.ts'

// The digests are of files that fixtures/check.py has read, by NumPy and PyTorch, and found right.
const digests = JSON.parse(
  readFileSync(new URL('fixtures/written.json', import.meta.url), 'utf8'),
) as Record<string, string>
const files = written()

describe('files that Python reads', () => {
  it('are all of them', () => {
    expect(Object.keys(files).toSorted()).toEqual(Object.keys(digests).toSorted())
  })

  it.each(Object.entries(files))('%s is the one that was read', (name, bytes) => {
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(digests[name])
  })
})
