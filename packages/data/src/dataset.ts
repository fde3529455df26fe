import type { Tensor } from '@gradtape/core'
import type { Collated } from './collate.ts'

/**
 * What a `DataLoader` draws from: samples by position. An array is a dataset.
 *
 * A dataset that can read many samples at once offers `batch` beside `at`.
 */
export interface Dataset<T> {
  readonly length: number
  /** Sample `index`, from 0 to length − 1. */
  at(index: number): T | undefined
  /** The samples at `indices` (int32 `[n]`), already collated. */
  batch?(indices: Tensor): Collated<T>
}
