import { ValueError } from '@gradtape/core'
import type { Collated } from './collate.ts'
import { isDataset } from './dataset.ts'
import type { Dataset, SampleStream } from './dataset.ts'
import { ahead } from './loader/ahead.ts'
import { fetchNow, fetchSoon } from './loader/fetch.ts'
import { planLoader } from './loader/options.ts'
import type { DataLoaderOptions, LoaderPlan } from './loader/options.ts'
import { batchesOf, batchesSoon } from './loader/stream.ts'

/**
 * Batches of a dataset, in passes: every `for … of` is one pass over all samples, in a fresh order
 * when `shuffle` is set. Samples are joined by `defaultCollate` or `collateFn`: by default, the batch
 * has the structure of a sample, its tensors with a dimension for the batch in front.
 *
 * `for await` goes through it, too, and waits for datasets whose `at` returns promises: all samples of
 * a batch are asked for at once, and `prefetch` batches are read while one is used, in order. So a
 * dataset may be far larger than memory. Samples may also come as a stream, an `Iterable` or
 * `AsyncIterable`, in its order.
 *
 * @throws {ValueError} when an option is out of its range, or two don't go together.
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
export class DataLoader<T, B = Collated<T>> implements Iterable<B>, AsyncIterable<B> {
  readonly dataset: Dataset<T> | SampleStream<T>
  /** Samples in a batch; undefined where a `batchSampler` settles them. */
  readonly batchSize: number | undefined
  readonly dropLast: boolean
  readonly #plan: LoaderPlan<T, B>

  constructor(dataset: Dataset<T> | SampleStream<T>, options: DataLoaderOptions<T, B> = {}) {
    const { [Symbol.iterator]: iterate, [Symbol.asyncIterator]: iterateSoon } = Object(
      dataset,
    ) as Partial<Iterable<T> & AsyncIterable<T>>
    if (!isDataset(dataset) && iterate === undefined && iterateSoon === undefined) {
      throw new ValueError(
        'DataLoader: expected a dataset, an array or another object with `length` and `at(i)`, or a stream of samples',
      )
    }
    this.#plan = planLoader(dataset, options)
    this.dataset = dataset
    this.batchSize = this.#plan.batchSize
    this.dropLast = this.#plan.dropLast
  }

  /** The number of batches in a pass. @throws {ValueError} for a stream, which doesn't tell it. */
  get length(): number {
    const { batches } = this.#plan
    if (batches === undefined) {
      throw new ValueError('DataLoader: the number of batches of a stream is not known beforehand')
    }
    return batches.length
  }

  *[Symbol.iterator](): Generator<B, void, undefined> {
    const { dataset } = this
    const { batches, collateFn } = this.#plan
    if (batches === undefined) yield* this.#cut(dataset as SampleStream<T>)
    else {
      for (const indices of batches) yield fetchNow(dataset as Dataset<T>, indices, collateFn)
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<B, void, undefined> {
    const { dataset } = this
    const { batches, collateFn, prefetch } = this.#plan
    if (batches === undefined) {
      const cut = batchesSoon(dataset as SampleStream<T>, {
        ...this.#plan,
        batchSize: this.batchSize!,
      })
      try {
        yield* ahead(() => cut.next(), prefetch)
      } finally {
        await cut.return()
      }
    } else {
      const order = batches[Symbol.iterator]()
      const next = async (): Promise<IteratorResult<B, unknown>> => {
        const { done, value } = order.next()
        if (done === true) return { done, value: undefined }
        return { done: false, value: await fetchSoon(dataset as Dataset<T>, value, collateFn) }
      }
      yield* ahead(next, prefetch)
    }
  }

  #cut(stream: SampleStream<T>): Iterable<B> {
    if (Symbol.iterator in stream) {
      return batchesOf(stream, { ...this.#plan, batchSize: this.batchSize! })
    }
    throw new ValueError(
      'DataLoader: the samples come in their time; use `for await (… of loader)`',
    )
  }
}
