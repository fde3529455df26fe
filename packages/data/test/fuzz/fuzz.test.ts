import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testFolder } from '../node/folder.ts'
import { fuzz } from './fuzz.ts'
import { readers } from './readers.ts'

const folder = await testFolder()

describe('mutated files', () => {
  it.each(readers)('are read or refused with their place: $name', async (reader) => {
    const { read, refused, excess } = await fuzz(reader, 1500, 2026)
    await fuzz(reader, 200, 2027, join(folder, 'input'))
    // Both happen, or the mutations would show little.
    expect(read).toBeGreaterThan(20)
    expect(refused).toBeGreaterThan(300)
    expect(excess).toBeLessThan(0)
  })
})
