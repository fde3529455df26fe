import type { Blas, Gradtape, JaxJs, Tfjs } from './libraries.ts'
import type { Task } from './task.ts'

/** One computation, defined once for every peer that can do it. `torch.py` holds PyTorch's. */
export interface Workload<Settings extends object = any> {
  /** As `--only` calls it. */
  readonly name: string
  readonly title: string
  /** What the cases vary, where it is more than one thing that they do. */
  readonly cases: readonly Case<Settings>[]
  readonly check: Check
  /** The name in `torch.py`. */
  readonly torch: string
  byHand?(settings: Settings): Task
  blas?(library: Blas, settings: Settings): Task
  gradtape(library: Gradtape, settings: Settings): Task
  tfjs(library: Tfjs, settings: Settings): Task
  jax(library: JaxJs, settings: Settings): Task
}

export interface Case<Settings extends object = any> {
  readonly label: string
  /** Goes to Python as JSON. */
  readonly settings: Settings
  /** For charts: which line the case belongs to, and where on it. */
  readonly line?: string
  readonly at?: number
}

export interface Check {
  /** How many first steps are compared: of training several, of operations one. */
  readonly steps: number
  /** How far two outputs may lie apart, relative to 1 or to the larger of them. */
  readonly tolerance: number
  /** The same for peers that compute in float32 what others do in float64. */
  readonly float32Tolerance?: number
}

export function workload<Settings extends object>(of: Workload<Settings>): Workload<Settings> {
  return of
}
