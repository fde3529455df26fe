import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawAnimals } from '../src/draw-animals.ts'
import { run } from './run-example.ts'

let work: string
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'gradtape-animals-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const files = ['cat.0.png', 'cat.1.png', 'dog.0.png', 'dog.1.png']

async function draw(name: string, seed: number): Promise<Buffer[]> {
  const folder = join(work, name)
  await drawAnimals(folder, { count: 2, size: 48, seed })
  expect(readdirSync(folder).toSorted()).toEqual(files)
  return files.map((file) => readFileSync(join(folder, file)))
}

test('one seed draws the same pictures, another one others', async () => {
  const first = await draw('first', 7)
  expect(await draw('again', 7)).toEqual(first)
  const other = await draw('other', 8)
  first.forEach((picture, i) => expect(other[i].equals(picture)).toBe(false))
})

test('pictures have the size asked for, and no two are alike', async () => {
  const pictures = await draw('sizes', 0)
  expect(new Set(pictures.map(String)).size).toBe(4)
  for (const picture of pictures) {
    expect(await sharp(picture).metadata()).toMatchObject({ width: 48, height: 48, channels: 3 })
  }
})

test.each([{ count: 0 }, { count: NaN }, { size: 1.5 }])('%o is refused', async (options) => {
  const [name] = Object.keys(options)
  await expect(drawAnimals(join(work, 'refused'), options)).rejects.toThrow(
    `drawAnimals: ${name} must be a positive integer`,
  )
})

test('runs as an example', () => {
  const folder = join(work, 'example')
  expect(run('draw-animals', folder, '--count', '2', '--seed', '3')[0]).toMatch(
    /^2 cats and 2 dogs /,
  )
  expect(readdirSync(folder).toSorted()).toEqual(files)
  run('draw-animals', folder, '--short')
  expect(readdirSync(folder)).toHaveLength(10)
})
