import type { Backend } from '../backend.ts'
import { elementwise } from './elementwise.ts'
import { gather, scatter, scatterAdd } from './indexing.ts'
import { elementwise as interpreted } from './interpreted.ts'
import { matmul } from './matmul.ts'
import { recurrence } from './recurrence.ts'
import { argReduce, reduce } from './reduce.ts'
import { argSort } from './sort.ts'

/** The backend in plain TypeScript that runs by default. */
export const tuned: Backend = {
  name: 'tuned',
  elementwise: mayGenerate() ? elementwise : interpreted,
  reduce,
  argReduce,
  argSort,
  recurrence,
  matmul,
  gather,
  scatterAdd,
  scatter,
}

/** Some pages forbid making functions from text; there formulas are interpreted. */
function mayGenerate(): boolean {
  try {
    return new Function('return true')() === true
  } catch {
    return false
  }
}
