import { ValueError } from '@gradtape/core'
import { checkBoolean, checkPositive } from '../checks.ts'
import type { Sampler } from './sampler.ts'

/** An order of batches: each pass over it gives lists of positions in a dataset. */
export interface BatchOrder extends Iterable<readonly number[]> {
  readonly length: number
}

/**
 * The samples of another sampler in batches of `batchSize`; the last may be smaller, and with
 * `dropLast` is left out then.
 *
 * @throws {ValueError} when `batchSize` is no positive integer or `sampler` none.
 */
export class BatchSampler implements BatchOrder {
  readonly sampler: Sampler
  readonly batchSize: number
  readonly dropLast: boolean

  constructor(sampler: Sampler, batchSize: number, dropLast: boolean) {
    checkOrder('BatchSampler', 'sampler', sampler)
    this.sampler = sampler
    this.batchSize = checkPositive('BatchSampler', 'batchSize', batchSize)
    this.dropLast = checkBoolean('BatchSampler', 'dropLast', dropLast)
  }

  /** The number of batches in a pass. */
  get length(): number {
    const batches = this.sampler.length / this.batchSize
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches)
  }

  *[Symbol.iterator](): Generator<number[], void, undefined> {
    let batch: number[] = []
    for (const index of this.sampler) {
      batch.push(index)
      if (batch.length === this.batchSize) {
        yield batch
        batch = []
      }
    }
    if (batch.length > 0 && !this.dropLast) yield batch
  }
}

/** @throws {ValueError} unless `order` can be iterated over and has a length. */
export function checkOrder(where: string, name: string, order: unknown): void {
  const { length, [Symbol.iterator]: iterate } = Object(order) as Partial<Sampler>
  if (typeof iterate !== 'function' || typeof length !== 'number') {
    throw new ValueError(`${where}: ${name} must be iterable and have a length`)
  }
}
