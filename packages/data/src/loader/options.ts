import { ValueError } from '@gradtape/core'
import type { RandomGenerator } from '@gradtape/core'
import { checkBoolean, checkOptions, checkPositive } from '../checks.ts'
import { isDataset } from '../dataset.ts'
import type { Dataset, SampleStream } from '../dataset.ts'
import { BatchSampler, checkOrder } from '../samplers/batch-sampler.ts'
import type { BatchOrder } from '../samplers/batch-sampler.ts'
import { RandomSampler } from '../samplers/random-sampler.ts'
import type { Sampler } from '../samplers/sampler.ts'
import { SequentialSampler } from '../samplers/sequential-sampler.ts'
import type { CollateFn } from './fetch.ts'

/** How a `DataLoader` cuts its batches. */
export interface DataLoaderOptions<T = any, B = any> {
  /** Samples in a batch. Default: 1. */
  batchSize?: number
  /** Whether each pass goes through the samples in a new random order. Default: false. */
  shuffle?: boolean
  /** Whether a last batch with fewer than `batchSize` samples is left out. Default: false. */
  dropLast?: boolean
  /** Where the orders of `shuffle` are drawn from. Default: the generator that `manualSeed` seeds. */
  generator?: RandomGenerator
  /** The order of the samples, instead of `shuffle`. */
  sampler?: Sampler
  /** The batches, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  batchSampler?: BatchOrder
  /** What joins samples into a batch. Default: the dataset's `batch` if it has one, else `defaultCollate`. */
  collateFn?: CollateFn<T, B>
  /**
   * With `for await`: how many batches are read, or wait, while one is used; that many and one are in
   * memory. Default: 1.
   */
  prefetch?: number
}

/** Options that a loader can keep to; `batches` are those of a dataset, a stream has none to choose. */
export interface LoaderPlan<T, B> {
  readonly batchSize: number | undefined
  readonly dropLast: boolean
  readonly collateFn: CollateFn<T, B> | undefined
  readonly prefetch: number
  readonly batches: BatchOrder | undefined
}

const where = 'DataLoader'

/** @throws {ValueError} when an option is out of its range, or two don't go together. */
export function planLoader<T, B>(
  source: Dataset<T> | SampleStream<T>,
  options: DataLoaderOptions<T, B>,
): LoaderPlan<T, B> {
  const {
    batchSize = 1,
    shuffle = false,
    dropLast = false,
    generator,
  } = checkOptions(where, options)
  const { sampler, batchSampler, collateFn, prefetch = 1 } = options
  checkPositive(where, 'batchSize', batchSize)
  checkBoolean(where, 'shuffle', shuffle)
  checkBoolean(where, 'dropLast', dropLast)
  if (!Number.isSafeInteger(prefetch) || prefetch < 0) {
    throw new ValueError(`${where}: prefetch must be 0 or a positive integer, got ${prefetch}`)
  }
  if (collateFn !== undefined && typeof collateFn !== 'function') {
    throw new ValueError(`${where}: collateFn must be a function, got ${typeof collateFn}`)
  }
  if (sampler !== undefined) checkOrder(where, 'sampler', sampler)
  if (batchSampler !== undefined) checkOrder(where, 'batchSampler', batchSampler)
  refuse(shuffle && sampler !== undefined, 'shuffle and sampler both settle the order; pass one')
  const settled = options.batchSize !== undefined || shuffle || sampler !== undefined || dropLast
  refuse(
    batchSampler !== undefined && settled,
    'batchSampler settles what batchSize, shuffle, sampler and dropLast would; pass it alone',
  )
  const plan = { batchSize, dropLast, collateFn, prefetch }
  if (!isDataset(source)) {
    refuse(
      shuffle || sampler !== undefined || batchSampler !== undefined,
      'a stream comes in its own order; shuffle, sampler and batchSampler need a dataset with `length` and `at(i)`',
    )
    return { ...plan, batches: undefined }
  }
  if (batchSampler !== undefined) return { ...plan, batchSize: undefined, batches: batchSampler }
  const order = shuffle ? new RandomSampler(source, { generator }) : new SequentialSampler(source)
  return { ...plan, batches: new BatchSampler(sampler ?? order, batchSize, dropLast) }
}

function refuse(condition: boolean, message: string): void {
  if (condition) throw new ValueError(`${where}: ${message}`)
}
