import { GradtapeError, noGrad, treeLeaves, type DType, type Tensor } from '@gradtape/core'
import type { TableEntry } from '@gradtape/testing'
import { Samples } from './samples.ts'

/** Arguments of an op, and what it made of them. */
export interface Call {
  readonly args: readonly unknown[]
  readonly result: object
}

/** How many lists of arguments are drawn. */
const CASES = 24

/** Calls of an op with arguments that its entry draws, of one dtype; those it refuses are left out. */
export function callsIn(fn: TableEntry, dtype: DType): Call[] {
  const calls: Call[] = []
  for (let seed = 0; seed < CASES; seed++) {
    const args = fn.entry.samples(new Samples(dtype, seed))
    try {
      calls.push({ args, result: noGrad(() => fn(...(args as never[]))) as object })
    } catch (error) {
      if (!(error instanceof GradtapeError)) throw error
    }
  }
  return calls
}

export const isFloat = ({ dtype }: Tensor): boolean => dtype.startsWith('float')

/** A tensor of a result, with a word for what stands beside the values. */
export type Part = readonly [name: '' | 'indices ', y: Tensor]

export function partsOf(result: object): Part[] {
  const beside = (result as { indices?: Tensor }).indices
  return treeLeaves(result).map((y) => [y === beside ? 'indices ' : '', y])
}
