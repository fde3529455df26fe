import { ValueError } from '@gradtape/core'

/** An order of samples: each pass over it gives positions in a dataset, in all `length` of them. */
export interface Sampler extends Iterable<number> {
  readonly length: number
}

/** The length of what a sampler draws from. @throws {ValueError} when it has none. */
export function lengthOf(where: string, source: { readonly length: number }): number {
  const length: unknown = (source as Partial<typeof source> | null | undefined)?.length
  if (!Number.isSafeInteger(length) || (length as number) < 0) {
    throw new ValueError(
      `${where}: expected a dataset, an array or another object with a length, got ${source === null ? 'null' : typeof source}`,
    )
  }
  return length as number
}
