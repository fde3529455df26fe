import type { EntryInfo, FloatDType } from '@gradtape/core'
import type { Tier } from '../tiers/engine.ts'

/** What is the most in an op: formulas, sums of elements (also as gradients of what moves them), products of matrices. */
export const sorts = ['formulas', 'sums', 'products'] as const

export type Sort = (typeof sorts)[number]

/** Composed ops that are. */
const multiplying = ['einsum', 'outer']

export function sortOf({ name, kind }: EntryInfo): Sort {
  if (kind === 'contraction' || multiplying.includes(name)) return 'products'
  return kind === 'elementwise' || kind === 'update' ? 'formulas' : 'sums'
}

/**
 * How far off results may be, in ulp of the sum of all that is rounded on the way: each step of a formula
 * once, sums and products of matrices once, by the magnitudes of their terms.
 *
 * - Plain TypeScript computes in float64 and rounds to float32 at the end, so that half an ulp is all; what it
 *   rounds more often are the windows of convolutions, which it writes out and adds up. In float64 it differs
 *   from the reference, which it is compared with, where sums run in another order.
 * - Kernels round each step in their own precision; their functions are within 2 ulp. So are the platform's
 *   which the reference calls: Math.tanh is up to 1.8 off. In float64 both count.
 * - Sums run pairwise, or in several parts side by side.
 * - Products are sums in rising order. Of n steps, each rounded, about √n count where numbers are without a
 *   pattern, and more where one is added again and again: a BLAS is allowed more, see {@link toleranceOf}. In
 *   float64 the steps of the reference count, too.
 */
export const tolerances: Readonly<
  Record<Tier, Readonly<Record<Sort, readonly [single: number, double: number]>>>
> = {
  reference: { formulas: [1, 0], sums: [1, 0], products: [1, 0] },
  interpreted: { formulas: [1, 1], sums: [1, 2], products: [4, 8] },
  plain: { formulas: [1, 1], sums: [1, 2], products: [4, 8] },
  wasm: { formulas: [2, 4], sums: [2, 2], products: [8, 8] },
  'wasm-fma': { formulas: [2, 4], sums: [2, 2], products: [8, 8] },
  'threads-2': { formulas: [2, 4], sums: [2, 2], products: [8, 8] },
  'threads-3': { formulas: [2, 4], sums: [2, 2], products: [8, 8] },
  native: { formulas: [2, 4], sums: [2, 2], products: [8, 8] },
}

/**
 * What is allowed for products of `steps` steps. Kernels add up blocks of 256 steps; a BLAS rounds each, and
 * is allowed an eighth of them, which is a quarter of what they could come to.
 */
export function toleranceOf(tier: Tier, sort: Sort, dtype: FloatDType, steps: number): number {
  const tolerance = tolerances[tier][sort][dtype === 'float32' ? 0 : 1]
  return tier === 'native' ? Math.max(tolerance, steps / 8) : tolerance
}
