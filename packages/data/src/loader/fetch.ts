import { tensor, ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { defaultCollate } from '../collate.ts'

/** Joins samples into a batch. */
export type CollateFn<T, B> = (samples: Awaited<T>[]) => B

/** A dataset of any samples: what they are matters to nobody before they are joined. */
interface Samples {
  readonly length: number
  at(index: number): unknown
  batch?(indices: Tensor): unknown
}

/** A batch of these samples, now. @throws {ValueError} when the dataset gives promises. */
export function fetchNow<T, B>(
  dataset: Samples,
  indices: readonly number[],
  collateFn: CollateFn<T, B> | undefined,
): B {
  const batch = wholeBatch(dataset, indices, collateFn)
  if (batch !== undefined) return now(batch) as B
  const samples = samplesAt(dataset, indices).map(now)
  return join(dataset, indices, samples, collateFn)
}

/** The same, once all samples are there; they are asked for at once. */
export async function fetchSoon<T, B>(
  dataset: Samples,
  indices: readonly number[],
  collateFn: CollateFn<T, B> | undefined,
): Promise<B> {
  const batch = wholeBatch(dataset, indices, collateFn)
  if (batch !== undefined) return (await batch) as B
  const samples = await Promise.all(samplesAt(dataset, indices))
  return join(dataset, indices, samples, collateFn)
}

/** @throws {ValueError} for a promise, which only `for await` can wait for. */
export function now(value: unknown): unknown {
  if (typeof (value as { then?: unknown } | null | undefined)?.then === 'function') {
    // What becomes of it doesn't matter any more.
    Promise.resolve(value).catch(() => undefined)
    throw new ValueError('DataLoader: the dataset gives promises; use `for await (… of loader)`')
  }
  return value
}

function wholeBatch(dataset: Samples, indices: readonly number[], collateFn: unknown): unknown {
  for (const index of indices) {
    if (!Number.isInteger(index) || index < 0 || index >= dataset.length) {
      throw new ValueError(
        `DataLoader: the sampler gives ${String(index)}; samples are numbered from 0 to ${dataset.length - 1}`,
      )
    }
  }
  return collateFn === undefined ? dataset.batch?.(tensor(Int32Array.from(indices))) : undefined
}

function samplesAt(dataset: Samples, indices: readonly number[]): unknown[] {
  return indices.map((index) => dataset.at(index))
}

function join<T, B>(
  dataset: Samples,
  indices: readonly number[],
  samples: unknown[],
  collateFn: CollateFn<T, B> | undefined,
): B {
  const missing = samples.indexOf(undefined)
  if (missing >= 0) {
    throw new ValueError(
      `DataLoader: the dataset has no sample ${indices[missing]}, though its length is ${dataset.length}`,
    )
  }
  return joinSamples(samples, collateFn)
}

/** The batch of samples that are what the stream or dataset of T gives, or promises. */
export function joinSamples<T, B>(samples: unknown[], collateFn: CollateFn<T, B> | undefined): B {
  const joinAny: (samples: any) => unknown = collateFn ?? defaultCollate
  return joinAny(samples) as B
}
