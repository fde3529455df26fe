import fc from 'fast-check'
import { grow } from '../programs/grow.ts'
import { programOps } from '../programs/pool-sampler.ts'
import type { Program } from '../programs/program.ts'
import type { TableEntry } from '../properties/table.ts'

export interface ProgramsConstraints {
  /** How many ops to draw at most; 30 unless given. Those that fit an argument to its op come on top. */
  readonly maxOps?: number
  /** What to draw from; the ops of core's table that have gradients unless given. */
  readonly ops?: readonly TableEntry[]
}

/**
 * Functions that apply ops of the table one after the other, with inputs for them. They shrink to
 * programs of fewer ops, and print as code to paste.
 */
export function programs({
  maxOps = 30,
  ops = programOps(),
}: ProgramsConstraints = {}): fc.Arbitrary<Program> {
  const gene = fc.record({ op: fc.nat(ops.length - 1), seed: fc.nat(2 ** 31 - 1) })
  return fc
    .array(gene, { minLength: 1, maxLength: maxOps, size: 'max' })
    .map((genes) => grow(genes, ops))
    .filter((program) => program.inputs.length > 0)
}
