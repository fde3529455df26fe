import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawAnimals } from '../src/draw-animals.ts'
import { attempt, figures, run } from './run-example.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradtape-cats-and-dogs-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('tells drawn cats from drawn dogs that it has not seen', () => {
  const lines = run('cats-and-dogs', '--short')
  expect(lines[0]).toBe('60 cats and 60 dogs from examples/output/animals')
  expect(lines[1]).toBe('96 to learn from, 24 held out')
  expect(figures(lines, 'train accuracy')[0]).toBeGreaterThanOrEqual(95)
  expect(figures(lines, 'test accuracy')[0]).toBeGreaterThanOrEqual(85)
})

describe('a folder of one’s own', () => {
  beforeAll(async () => {
    await drawAnimals(folder, { count: 20, size: 80, seed: 1 })
    // As pictures come: not all of one kind, size and spelling.
    for (let i = 0; i < 20; i += 2) {
      const drawn = join(folder, `cat.${i}.png`)
      await sharp(drawn)
        .resize(60 + i, 120 - i, { fit: 'fill' })
        .jpeg()
        .toFile(join(folder, `Cat.${i}.JPG`))
      rmSync(drawn)
    }
  })

  test('is read, JPEG and PNG of any size', () => {
    const lines = run('cats-and-dogs', folder, '--short')
    expect(lines[0]).toMatch(/^20 cats and 20 dogs from .*gradtape-cats-and-dogs-/)
    expect(figures(lines, 'train accuracy')[0]).toBeGreaterThanOrEqual(90)
  })

  test('with a picture of neither is refused by its name', () => {
    writeFileSync(join(folder, 'horse.0.png'), '')
    const { status, errors } = attempt('cats-and-dogs', folder, '--short')
    expect(status).not.toBe(0)
    expect(errors).toContain('expected a name like cat.0.png or dog.0.png, got horse.0.png')
  })
})
