import type { Tensor } from '@gradtape/core'
import type { Collated } from './collate.ts'

/**
 * What a `DataLoader` draws from: samples by position. An array is a dataset.
 *
 * `at` may return promises (then `T` is a promise's type): so a dataset reads what doesn't fit in
 * memory, and a loader of it is gone through by `for await`. A dataset that can read many samples at
 * once offers `batch` beside `at`.
 */
export interface Dataset<T> {
  readonly length: number
  /** Sample `index`, from 0 to length − 1. */
  at(index: number): T | undefined
  /** The samples at `indices` (int32 `[n]`), already collated. */
  batch?(indices: Tensor): Collated<T> | PromiseLike<Collated<T>>
}

/** Samples one after another, whose number need not be known: of a file that is read as it is used. */
export type SampleStream<T> = Iterable<T> | AsyncIterable<T>

/** Whether samples can be asked for by position. */
export function isDataset<T>(source: Dataset<T> | SampleStream<T>): source is Dataset<T> {
  const { length, at } = Object(source) as Partial<Dataset<T>>
  return Number.isSafeInteger(length) && typeof at === 'function'
}
