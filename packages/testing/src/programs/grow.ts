import { GradtapeError, noGrad, treeLeaves, type Tensor } from '@gradtape/core'
import type { TableEntry } from '../properties/table.ts'
import { PoolSampler, type Pool } from './pool-sampler.ts'
import { Program } from './program.ts'
import { uniform } from './random.ts'

/** What decides on one op of a program: which, and its arguments. */
export interface Gene {
  readonly op: number
  readonly seed: number
}

/** Results with larger numbers, or more of them, don't become part of a program. */
const LARGEST = 100
const MOST = 48

/** How near a kink an op may be. */
const NEAR = 0.01

/**
 * The program of these genes. Each makes an op of its own, whatever came before, so that a program
 * without some of them is one as well; those whose op can't be applied well make none.
 */
export function grow(genes: readonly Gene[], ops: readonly TableEntry[]): Program {
  const pool: Pool = { inputs: [], steps: [], values: [] }
  for (const { op, seed } of genes) {
    const fn = ops[op % ops.length]!
    const [inputs, steps, values] = [pool.inputs, pool.steps, pool.values].map((l) => l.length)
    if (noGrad(() => extend(pool, fn, seed))) continue
    // Nothing of what its arguments needed stays.
    pool.inputs.length = inputs!
    pool.steps.length = steps!
    pool.values.length = values!
  }
  return new Program(pool.inputs, pool.steps)
}

function extend(pool: Pool, fn: TableEntry, seed: number): boolean {
  const { name, kind, samples, kinks } = fn.entry
  const args = samples(new PoolSampler(pool, uniform(seed), kind !== 'elementwise'))
  let result: unknown
  try {
    if (kinks !== undefined) {
      const at = kinks(...(args as never))
      if (!at.data.every((value) => Math.abs(value) > NEAR)) return false
    }
    result = fn(...(args as never[]))
  } catch (error) {
    // What has no view, say: not every op takes what others make.
    if (error instanceof GradtapeError) return false
    throw error
  }
  const made = treeLeaves(result).filter(({ dtype }) => dtype === 'float64')
  if (made.length === 0 || !made.every(isTame)) return false
  // An op that has nothing to do returns its argument.
  if (made.some((x) => pool.values.includes(x))) return false
  pool.steps.push({ name, fn, args, result })
  pool.values.push(...made)
  return true
}

function isTame({ numel, data }: Tensor): boolean {
  return numel > 0 && numel <= MOST && data.every((value) => Math.abs(value) <= LARGEST)
}
