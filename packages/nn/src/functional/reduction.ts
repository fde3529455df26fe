import { ValueError, type Tensor } from '@gradtape/core'

/** What becomes of the elements' losses: their mean, their sum, or each by itself. */
export type Reduction = 'mean' | 'sum' | 'none'

export interface LossOptions {
  /** `'mean'` unless given. */
  readonly reduction?: Reduction
}

/** @throws {ValueError} naming `where` when there is no such reduction. */
export function checkReduction(where: string, reduction: unknown): Reduction {
  if (reduction !== 'mean' && reduction !== 'sum' && reduction !== 'none') {
    throw new ValueError(
      `${where}: reduction must be 'mean', 'sum' or 'none', got '${String(reduction)}'`,
    )
  }
  return reduction
}

export function reduce(losses: Tensor, reduction: Reduction): Tensor {
  return reduction === 'mean' ? losses.mean() : reduction === 'sum' ? losses.sum() : losses
}
