import type { Workload } from '../workload.ts'
import { cnn } from './cnn.ts'
import { digits, growthBatch, growthDepth, growthWidth, mlp, mlpAdam } from './dense.ts'
import { elementwise } from './elementwise.ts'
import { matmul } from './matmul.ts'
import { moons } from './moons.ts'
import { transformer } from './transformer.ts'
import { xor } from './xor.ts'

/** All there is to run, in the order of the report. */
export const workloads: readonly Workload[] = [
  xor,
  moons,
  digits,
  mlp,
  mlpAdam,
  cnn,
  transformer,
  matmul,
  elementwise,
  growthWidth,
  growthBatch,
  growthDepth,
]
