import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ValueError } from '@gradtape/core'
import { DataLoader } from '@gradtape/data'
import { imageFolder } from '@gradtape/data/node'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

let directory: string

/** A picture of one colour. */
async function draw(
  path: string,
  [r, g, b]: readonly [number, number, number],
  { width = 8, height = 8, channels = 3 as 3 | 4 } = {},
): Promise<void> {
  const background = { r, g, b, alpha: 1 }
  await sharp({ create: { width, height, channels, background } }).toFile(join(directory, path))
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gradtape-cat-'))
  await mkdir(join(directory, 'more'))
  await draw('dog-2.png', [10, 20, 30])
  await draw('cat-1.JPG', [250, 250, 250], { width: 30, height: 12 })
  await draw('more/dog-3.png', [200, 0, 100], { channels: 4 })
  await sharp({ create: { width: 4, height: 4, channels: 3, background: 'white' } })
    .toColourspace('b-w')
    .toFile(join(directory, 'grey.png'))
  await sharp({ create: { width: 4, height: 4, channels: 3, background: '#804020' } })
    .toColourspace('rgb16')
    .toFile(join(directory, 'sixteen-bits.png'))
  await writeFile(join(directory, 'notes.txt'), 'not a picture')
})
afterAll(() => rm(directory, { recursive: true }))

const label = (path: string): number => (path.includes('cat') ? 1 : 0)

describe('imageFolder', () => {
  it('reads every picture below the folder, sorted by path, as raw RGB of one size', async () => {
    const pictures = await imageFolder(directory, { size: 6, label })
    expect(pictures.paths).toEqual([
      'cat-1.JPG',
      'dog-2.png',
      'grey.png',
      'more/dog-3.png',
      'sixteen-bits.png',
    ])
    expect([pictures.images.shape, pictures.images.dtype]).toEqual([[5, 6, 6, 3], 'float32'])
    // The folder's own name holds "cat"; labels see the path within it.
    expect([pictures.labels.toArray(), pictures.labels.dtype]).toEqual([[1, 0, 0, 0, 0], 'int32'])
    const middle = [0, 1, 2, 3, 4].map((i) => pictures.images.at(i, 3, 3).toArray())
    expect(middle).toEqual([
      [250, 250, 250],
      [10, 20, 30],
      [255, 255, 255],
      [200, 0, 100],
      [128, 64, 32],
    ])
  })

  it('takes height and width apart, rows first', async () => {
    const { images } = await imageFolder(directory, { size: [2, 5], label })
    expect(images.shape).toEqual([5, 2, 5, 3])
  })

  it('keeps rows and columns where they are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gradtape-pixels-'))
    const pixels = Uint8Array.from({ length: 2 * 3 * 3 }, (_, i) => 10 * i)
    await sharp(pixels, { raw: { width: 3, height: 2, channels: 3 } }).toFile(join(folder, 'a.png'))
    const { images } = await imageFolder(folder, { size: [2, 3], label: () => 0 })
    await rm(folder, { recursive: true })
    expect(Array.from(images.data)).toEqual([...pixels])
  })

  it('turns a photograph as its camera was held', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gradtape-turned-'))
    const blackThenWhite = Uint8Array.from({ length: 16 * 8 }, (_, i) => (i % 16 < 8 ? 0 : 255))
    await sharp(blackThenWhite, { raw: { width: 16, height: 8, channels: 1 } })
      .withMetadata({ orientation: 6 })
      .toFile(join(folder, 'a.jpg'))
    const { images } = await imageFolder(folder, { size: [2, 1], label: () => 0 })
    await rm(folder, { recursive: true })
    const [top, bottom] = images.reshape([2, 3])
    expect(Math.max(...top.data)).toBeLessThan(60)
    expect(Math.min(...bottom.data)).toBeGreaterThan(195)
  })

  it('is a dataset for a DataLoader', async () => {
    const pictures = await imageFolder(directory, { size: 2, label })
    const shapes = Array.from(new DataLoader(pictures, { batchSize: 3 }), ([x, y]) => [
      x.shape,
      y.shape,
    ])
    expect(shapes).toEqual([
      [[3, 2, 2, 3], [3]],
      [[2, 2, 2, 3], [2]],
    ])
    expect(pictures.at(3)[1].item()).toBe(0)
  })

  it('reads the endings it is told', async () => {
    const { paths } = await imageFolder(directory, { size: 2, label, extensions: ['.jpg'] })
    expect(paths).toEqual(['cat-1.JPG'])
  })

  it('names a file that it cannot read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gradtape-broken-'))
    await writeFile(join(folder, 'broken.png'), 'these bytes are no picture')
    const failing = imageFolder(folder, { size: 2, label })
    await expect(failing).rejects.toThrow(ValueError)
    await expect(failing).rejects.toThrow(/imageFolder: can't read .*broken\.png/)
    await rm(folder, { recursive: true })
  })

  it.each([
    [
      'a fractional label',
      { size: 2, label: () => 0.5 },
      'label must return an integer, got 0.5 for cat-1.JPG',
    ],
    ['no label', { size: 2, label: () => undefined as never }, 'got undefined for cat-1.JPG'],
    ['a size of 0', { size: 0, label }, 'size must be a positive integer'],
    ['a fractional size', { size: [2, 2.5] as const, label }, 'got [2,2.5]'],
    ['no picture', { size: 2, label, extensions: ['.gif'] }, 'no file in'],
  ])('refuses %s', async (_, options, message) => {
    const failing = imageFolder(directory, options)
    await expect(failing).rejects.toThrow(ValueError)
    await expect(failing).rejects.toThrow(message)
  })

  it('names a folder that is not there', async () => {
    const failing = imageFolder(join(directory, 'absent'), { size: 2, label })
    await expect(failing).rejects.toThrow(/imageFolder: can't read .*absent/)
  })

  it('says how to install sharp when it is missing', async () => {
    vi.doMock('sharp', () => {
      throw new Error('Cannot find package')
    })
    const failing = imageFolder(directory, { size: 2, label })
    await expect(failing).rejects.toThrow(ValueError)
    await expect(failing).rejects.toThrow('npm install sharp')
    vi.doUnmock('sharp')
  })
})
