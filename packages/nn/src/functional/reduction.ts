import { notice, ValueError, type Tensor } from '@gradtape/core'

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

let summed = 0

export function reduce(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === 'sum' && losses.requiresGrad) noticeGrowth(losses.numel)
  return reduction === 'mean' ? losses.mean() : reduction === 'sum' ? losses.sum() : losses
}

/** A sum of losses, and with it the step, is as large as the batch happens to be. */
function noticeGrowth(count: number): void {
  if (summed > 0 && summed !== count) {
    notice(
      'sum',
      () =>
        `a loss with reduction 'sum' was taken of ${summed} losses and then of ${count}: gradients grow with the batch, and with them the steps; use 'mean', or batches of one size (dropLast)`,
    )
  }
  summed = count
}
