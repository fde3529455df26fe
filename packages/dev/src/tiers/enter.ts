import { setNumThreads } from '@gradtape/core'
import { useBackend } from '../../../core/src/backend.ts'
import { reference } from '../../../core/src/backends/reference.ts'
import type { Tier } from './engine.ts'

/**
 * Goes on to compute on a tier, whose engine this is by {@link limitEngine}.
 *
 * @returns why it can't be entered, or null.
 */
export async function enterTier(tier: Tier): Promise<string | null> {
  setNumThreads(/\d$/.test(tier) ? Number(tier.at(-1)) : 1)
  if (tier === 'reference') useBackend(reference)
  if (tier !== 'native') return null
  // What it says when there is none is for users.
  const { warn } = console
  let said = 'no BLAS was found'
  console.warn = (line: string) => (said = line)
  try {
    const { blas } = await import('@gradtape/native')
    return blas === null ? said : null
  } finally {
    console.warn = warn
  }
}
