import { isTensor, rand, randint, ShapeError, tensor, ValueError } from '@gradtape/core'
import type { RandomGenerator, Shape, Tensor } from '@gradtape/core'
import { checkOptions } from './checks.ts'

/**
 * What changes a picture `[…, height, width]`; with more dimensions in front, all of them the same way.
 */
export type ImageTransform = (image: Tensor) => Tensor

/** Height and width: one number for a square, or both. */
export type Size = number | readonly [height: number, width: number]

/** Where a transform's randomness comes from. */
export interface RandomTransformOptions {
  /** Default: the generator that `manualSeed` seeds. */
  generator?: RandomGenerator
}

/** What is put around a picture before a part is cut out. */
export interface RandomCropOptions extends RandomTransformOptions {
  /** Rows and columns on each side, of zeros. Default: 0. */
  padding?: number
}

/** How often a picture is flipped. */
export interface RandomFlipOptions extends RandomTransformOptions {
  /** The probability. Default: 0.5. */
  p?: number
}

/**
 * One transform after another.
 *
 * @example
 * ```ts
 * import { arange, manualSeed } from '@gradtape/core'
 * import { transforms } from '@gradtape/data'
 *
 * manualSeed(0)
 * const augment = transforms.compose(
 *   transforms.randomCrop(28, { padding: 2 }),
 *   transforms.randomHorizontalFlip(),
 *   transforms.normalize([127.5], [127.5]),
 * )
 * console.log(augment(arange(784).reshape([1, 28, 28])).shape) // → [ 1, 28, 28 ]
 * ```
 */
export function compose(...steps: readonly ImageTransform[]): ImageTransform {
  return (image) => steps.reduce((x, step) => step(x), image)
}

/**
 * The middle of a picture. Where a margin is odd, the left and upper one are rounded half to even, as
 * in torchvision.
 * @throws {ValueError} for a size that isn't positive. @throws {ShapeError} for a smaller picture.
 */
export function centerCrop(size: Size): ImageTransform {
  const [height, width] = sides('centerCrop', size)
  return (image) => {
    const [rows, columns] = spatial('centerCrop', image, height, width)
    return cut(image, halfToEven(rows - height), halfToEven(columns - width), height, width)
  }
}

/**
 * A part of a picture, all places equally likely.
 * @throws {ValueError} for a size that isn't positive or a padding that is negative.
 * @throws {ShapeError} for a picture that is smaller, its padding included.
 */
export function randomCrop(size: Size, options: RandomCropOptions = {}): ImageTransform {
  const { padding = 0, generator } = checkOptions('randomCrop', options)
  const [height, width] = sides('randomCrop', size)
  if (!Number.isInteger(padding) || padding < 0) {
    throw new ValueError(`randomCrop: padding must be 0 or a positive integer, got ${padding}`)
  }
  return (image) => {
    spatial('randomCrop', image, 1, 1)
    const padded = padding === 0 ? image : image.pad([padding, padding, padding, padding])
    const [rows, columns] = spatial('randomCrop', padded, height, width)
    const top = randint(0, rows - height + 1, [], { generator }).item()
    const left = randint(0, columns - width + 1, [], { generator }).item()
    return cut(padded, top, left, height, width)
  }
}

/** Left and right exchanged, with probability `p`. @throws {ValueError} unless p is from 0 to 1. */
export function randomHorizontalFlip(options: RandomFlipOptions = {}): ImageTransform {
  return randomFlip('randomHorizontalFlip', -1, options)
}

/** Top and bottom exchanged, with probability `p`. @throws {ValueError} unless p is from 0 to 1. */
export function randomVerticalFlip(options: RandomFlipOptions = {}): ImageTransform {
  return randomFlip('randomVerticalFlip', -2, options)
}

/**
 * (x − mean) / std for each channel of a picture `[…, channels, height, width]`.
 * @throws {ValueError} unless there are as many means as deviations, and these positive.
 * @throws {ShapeError} for a picture of another number of channels.
 */
export function normalize(mean: readonly number[], std: readonly number[]): ImageTransform {
  if (mean.length !== std.length || !mean.every(Number.isFinite) || !std.every((s) => s > 0)) {
    throw new ValueError(
      `normalize: expected as many means as positive deviations, got [${mean.join(', ')}] and [${std.join(', ')}]`,
    )
  }
  const shape: Shape = [mean.length, 1, 1]
  return (image) => {
    if (!isTensor(image) || image.ndim < 3 || image.size(-3) !== mean.length) {
      throw new ShapeError(
        `normalize: expected a picture […, ${mean.length}, height, width], got ${show(image)}`,
      )
    }
    const dtype = image.dtype === 'float64' ? 'float64' : undefined
    const center = tensor([...mean], { shape, dtype })
    return image.sub(center).div(tensor([...std], { shape, dtype }))
  }
}

function randomFlip(where: string, dim: number, options: RandomFlipOptions): ImageTransform {
  const { p = 0.5, generator } = checkOptions(where, options)
  if (!(p >= 0 && p <= 1)) throw new ValueError(`${where}: p must be from 0 to 1, got ${p}`)
  return (image) => {
    spatial(where, image, 1, 1)
    return rand([], { generator }).item() < p ? image.flip([dim]) : image
  }
}

function sides(where: string, size: Size): readonly [height: number, width: number] {
  const [height, width] = typeof size === 'number' ? [size, size] : size
  if (![height, width].every((side) => Number.isInteger(side) && side > 0)) {
    throw new ValueError(
      `${where}: size must be a positive integer or [height, width] of such, got ${JSON.stringify(size)}`,
    )
  }
  return [height, width]
}

/** The height and width of a picture. @throws {ShapeError} when it has less. */
function spatial(
  where: string,
  image: Tensor,
  height: number,
  width: number,
): readonly [rows: number, columns: number] {
  if (!isTensor(image) || image.ndim < 2 || image.size(-2) < height || image.size(-1) < width) {
    throw new ShapeError(
      `${where}: expected a picture […, height, width] of at least ${height} × ${width}, got ${show(image)}`,
    )
  }
  return [image.size(-2), image.size(-1)]
}

function cut(image: Tensor, top: number, left: number, height: number, width: number): Tensor {
  return image.narrow(-2, top, height).narrow(-1, left, width)
}

function halfToEven(margin: number): number {
  const half = Math.floor(margin / 2)
  return margin % 2 === 0 ? half : half + (half % 2)
}

function show(image: unknown): string {
  return isTensor(image) ? `[${image.shape.join(', ')}]` : typeof image
}
