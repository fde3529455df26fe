import type { Backend } from '../backend.ts'
import { elementwise } from './elementwise.ts'
import { gather, scatter, scatterAdd } from './indexing.ts'
import { matmul } from './matmul.ts'
import { recurrence } from './recurrence.ts'
import { argReduce, reduce } from './reduce.ts'
import { softmax } from './softmax.ts'
import { argSort } from './sort.ts'

/** The backend in plain TypeScript that runs by default. */
export const tuned: Backend = {
  name: 'tuned',
  elementwise,
  reduce,
  argReduce,
  softmax,
  argSort,
  recurrence,
  matmul,
  gather,
  scatterAdd,
  scatter,
}
