import { arange, randperm, ValueError } from '@gradtape/core'
import type { RandomGenerator } from '@gradtape/core'
import { collate } from './collate.ts'
import type { Collated } from './collate.ts'
import type { Dataset } from './dataset.ts'

/** How a `DataLoader` cuts its batches. */
export interface DataLoaderOptions {
  /** Samples in a batch. Default: 1. */
  batchSize?: number
  /** Whether each pass goes through the samples in a new random order. Default: false. */
  shuffle?: boolean
  /** Whether a last batch with fewer than `batchSize` samples is left out. Default: false. */
  dropLast?: boolean
  /** Where the orders are drawn from. Default: the generator that `manualSeed` seeds. */
  generator?: RandomGenerator
}

/**
 * Batches of a dataset, in passes: every `for … of` is one pass over all samples, in a fresh order
 * when `shuffle` is set.
 *
 * Samples are joined by {@link collate}: the batch has the structure of a sample, its tensors with a
 * dimension for the batch in front.
 *
 * @throws {ValueError} when `batchSize` is not a positive integer.
 *
 * @example
 * ```ts
 * import { arange } from '@gradtape/core'
 * import { DataLoader, TensorDataset } from '@gradtape/data'
 *
 * const x = arange(5)
 * const loader = new DataLoader(new TensorDataset(x, x.mul(10)), { batchSize: 2 })
 * for (const [xb, yb] of loader) console.log(xb, yb)
 * // → tensor([0., 1.]) tensor([ 0., 10.])
 * // → tensor([2., 3.]) tensor([20., 30.])
 * // → tensor([4.]) tensor([40.])
 * ```
 */
export class DataLoader<T> implements Iterable<Collated<T>> {
  readonly dataset: Dataset<T>
  readonly batchSize: number
  readonly dropLast: boolean
  readonly #shuffle: boolean
  readonly #generator: RandomGenerator | undefined

  constructor(dataset: Dataset<T>, options: DataLoaderOptions = {}) {
    const { batchSize = 1, shuffle = false, dropLast = false, generator } = options
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new ValueError(`DataLoader: batchSize must be a positive integer, got ${batchSize}`)
    }
    if (!Number.isInteger(dataset.length) || typeof dataset.at !== 'function') {
      throw new ValueError(
        'DataLoader: expected a dataset, an array or another object with `length` and `at(i)`',
      )
    }
    this.dataset = dataset
    this.batchSize = batchSize
    this.dropLast = dropLast
    this.#shuffle = shuffle
    this.#generator = generator
  }

  /** The number of batches in a pass. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches)
  }

  *[Symbol.iterator](): Generator<Collated<T>, void, undefined> {
    const { dataset, batchSize, length: batches } = this
    const samples = dataset.length
    const order = this.#shuffle
      ? randperm(samples, { generator: this.#generator })
      : arange(samples, { dtype: 'int32' })
    for (let b = 0; b < batches; b++) {
      const start = b * batchSize
      const indices = order.narrow(0, start, Math.min(batchSize, samples - start))
      yield (
        dataset.batch?.(indices) ?? collate(Array.from(indices.data, (i) => sampleAt(dataset, i)))
      )
    }
  }
}

function sampleAt<T>(dataset: Dataset<T>, index: number): T {
  const sample = dataset.at(index)
  if (sample === undefined) {
    throw new ValueError(
      `DataLoader: the dataset has no sample ${index}, though its length is ${dataset.length}`,
    )
  }
  return sample
}
