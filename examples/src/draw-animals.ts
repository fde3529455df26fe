import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { RandomState, ValueError } from '@gradtape/core'
import sharp from 'sharp'
import { animalFace, type Animal } from './animal-face.ts'

export interface DrawOptions {
  /** How many of each animal. Default: 120. */
  count?: number
  /** Height and width in pixels. Default: 96. */
  size?: number
  /** The same seed draws the same pictures. Default: 0. */
  seed?: number
}

/**
 * Draws cats and dogs as PNG files called cat.0.png, dog.0.png, cat.1.png … into a folder, which is
 * made if it is missing.
 *
 * @throws {ValueError} when `count` or `size` is not a positive integer.
 */
export async function drawAnimals(
  folder: string,
  { count = 120, size = 96, seed = 0 }: DrawOptions = {},
): Promise<void> {
  for (const [name, value] of Object.entries({ count, size })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new ValueError(`drawAnimals: ${name} must be a positive integer, got ${value}`)
    }
  }
  await mkdir(folder, { recursive: true })
  const random = new RandomState(seed)
  for (let i = 0; i < count; i++) {
    for (const animal of ['cat', 'dog'] satisfies Animal[]) {
      const face = await sharp(Buffer.from(animalFace(animal, random)))
        .resize(size, size)
        .removeAlpha()
        .raw()
        .toBuffer()
      addNoise(face, random)
      await sharp(face, { raw: { width: size, height: size, channels: 3 } })
        .png()
        .toFile(join(folder, `${animal}.${i}.png`))
    }
  }
}

/** What a cheap camera does in the evening: every value moves a little, each on its own. */
function addNoise(pixels: Buffer, random: RandomState): void {
  const strength = random.uniform(4, 20).item()
  const noise = random.normal(0, strength, pixels.length).data
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = Math.min(255, Math.max(0, Math.round(pixels[i] + noise[i])))
  }
}
