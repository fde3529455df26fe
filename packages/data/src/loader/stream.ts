import type { SampleStream } from '../dataset.ts'
import { joinSamples, now } from './fetch.ts'
import type { CollateFn } from './fetch.ts'

/** How a stream is cut. */
export interface StreamBatches<T, B> {
  readonly batchSize: number
  readonly dropLast: boolean
  readonly collateFn: CollateFn<T, B> | undefined
}

/** Batches of a stream, one sample after another. */
export function* batchesOf<T, B>(
  stream: Iterable<T>,
  { batchSize, dropLast, collateFn }: StreamBatches<T, B>,
): Generator<B, void, undefined> {
  let samples: unknown[] = []
  for (const sample of stream) {
    samples.push(now(sample))
    if (samples.length === batchSize) {
      yield joinSamples(samples, collateFn)
      samples = []
    }
  }
  if (samples.length > 0 && !dropLast) yield joinSamples(samples, collateFn)
}

/** The same of a stream whose samples take their time. */
export async function* batchesSoon<T, B>(
  stream: SampleStream<T>,
  { batchSize, dropLast, collateFn }: StreamBatches<T, B>,
): AsyncGenerator<B, void, undefined> {
  let samples: unknown[] = []
  for await (const sample of stream) {
    samples.push(sample)
    if (samples.length === batchSize) {
      yield joinSamples(samples, collateFn)
      samples = []
    }
  }
  if (samples.length > 0 && !dropLast) yield joinSamples(samples, collateFn)
}
