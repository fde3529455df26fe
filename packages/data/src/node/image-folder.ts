import { readdir } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { tensor, ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import type sharp from 'sharp'
import { TensorDataset } from '../tensor-dataset.ts'

/** What `imageFolder` reads, and how. */
export interface ImageFolderOptions {
  /** Height and width that every picture is resized to: one number for a square, or both. */
  size: number | readonly [height: number, width: number]
  /**
   * The class of a picture, from its path within the folder (with `/` between names on every
   * platform): an integer.
   */
  label: (path: string) => number
  /** The endings of the files to read, in any case. Default: `['.png', '.jpg', '.jpeg']`. */
  extensions?: readonly string[]
}

type Images = Tensor<[number, number, number, 3]>
type Labels = Tensor<[number]>

/** Pictures in memory with their labels: a dataset of `[image, label]`. */
export class ImageDataset extends TensorDataset<[images: Images, labels: Labels]> {
  /** float32 `[n, height, width, 3]`: red, green and blue from 0 to 255. */
  readonly images: Images
  /** int32 `[n]`. */
  readonly labels: Labels
  /** The path of each picture within the folder. */
  readonly paths: readonly string[]

  constructor(images: Images, labels: Labels, paths: readonly string[]) {
    super(images, labels)
    this.images = images
    this.labels = labels
    this.paths = paths
  }
}

/**
 * Reads every PNG and JPEG file of a folder and its subfolders, sorted by path, resized to one size
 * (the whole picture is stretched to fit). Grey becomes RGB; transparency is dropped.
 *
 * ```ts
 * const pictures = await imageFolder('pets', { size: 64, label: (path) => (path.startsWith('cat') ? 1 : 0) })
 * const x = pictures.images.flatten(1).div(255) // [n, 12288], scaled to 0..1
 * ```
 *
 * Needs `sharp`, an optional dependency: `npm install sharp`.
 * @throws {ValueError} naming the folder or file: it can't be read, holds no picture, or its label is
 * no integer.
 */
export async function imageFolder(
  directory: string,
  { size, label, extensions = ['.png', '.jpg', '.jpeg'] }: ImageFolderOptions,
): Promise<ImageDataset> {
  const [height, width] = typeof size === 'number' ? [size, size] : size
  for (const side of [height, width]) {
    if (!Number.isInteger(side) || side < 1) {
      throw new ValueError(
        `imageFolder: size must be a positive integer or [height, width] of such, got ${JSON.stringify(size)}`,
      )
    }
  }
  const paths = await listFiles(directory, extensions)
  const labels = Int32Array.from(paths, (path) => {
    const value = label(path)
    if (value !== (value | 0)) {
      throw new ValueError(`imageFolder: label must return an integer, got ${value} for ${path}`)
    }
    return value
  })

  const open = await loadSharp()
  const pixels = height * width * 3
  const images = new Float32Array(paths.length * pixels)
  await Promise.all(
    paths.map(async (path, i) => {
      const file = join(directory, path)
      try {
        const raw = await open(file)
          .autoOrient()
          .resize(width, height, { fit: 'fill' })
          .removeAlpha()
          .raw()
          .toBuffer()
        images.set(raw, i * pixels)
      } catch (error) {
        throw new ValueError(`imageFolder: can't read ${file}: ${(error as Error).message}`, {
          cause: error,
        })
      }
    }),
  )
  return new ImageDataset(
    tensor(images, { shape: [paths.length, height, width, 3] }),
    tensor(labels),
    paths,
  )
}

async function listFiles(directory: string, extensions: readonly string[]): Promise<string[]> {
  let entries: string[]
  try {
    entries = await readdir(directory, { recursive: true })
  } catch (error) {
    throw new ValueError(`imageFolder: can't read ${directory}: ${(error as Error).message}`, {
      cause: error,
    })
  }
  const wanted = new Set(extensions.map((extension) => extension.toLowerCase()))
  const paths = entries
    .filter((entry) => wanted.has(extname(entry).toLowerCase()))
    .map((entry) => entry.split(sep).join('/'))
    .toSorted()
  if (paths.length === 0) {
    throw new ValueError(`imageFolder: no file in ${directory} ends in ${extensions.join(', ')}`)
  }
  return paths
}

async function loadSharp(): Promise<typeof sharp> {
  try {
    return (await import('sharp')).default
  } catch (error) {
    throw new ValueError(
      'imageFolder: needs the package sharp to decode pictures; install it with `npm install sharp`',
      { cause: error },
    )
  }
}
