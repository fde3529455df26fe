import { isFloat, type DType } from './dtype.ts'
import { GradientError } from './errors.ts'
import { notice } from './notices.ts'
import { showShape } from './shape.ts'
import { tick, type Hook, type Node, type Pending } from './tape.ts'
import type { Tensor } from './tensor.ts'

/** After how many updates gradients that are added up are taken for a mistake. */
const UNCLEARED = 3
/** After how many backward passes a leaf is taken to be forgotten. */
const FORGOTTEN = 10

/** Where the tape ends: a tensor of the user's whose gradient is wanted. */
export class LeafNode implements Node<Tensor> {
  readonly order: number = tick()
  pending: Pending<Tensor> | null = null
  hooks: readonly Hook<Tensor>[] | null = null
  readonly edges = null
  readonly tensor: Tensor
  /** How often gradients were added since there was none, and how often the tensor was changed meanwhile. */
  sums = 0
  changes = 0
  #version = 0

  constructor(tensor: Tensor) {
    this.tensor = tensor
  }

  /** Notes that a gradient has come, the first one or one more; whether they look forgotten. */
  note(first: boolean): boolean {
    const { version } = this.tensor.storage
    if (first) this.sums = this.changes = 0
    else {
      this.sums++
      if (version !== this.#version) this.changes++
    }
    this.#version = version
    return this.changes >= UNCLEARED || this.sums >= FORGOTTEN
  }

  pull(): void {}

  release(): void {}
}

/** Says so when gradients of leaves that a backward pass has reached look forgotten. */
export function noticeForgotten(nodes: readonly (Node<Tensor> | null)[]): void {
  const leaves = nodes.filter((node) => node instanceof LeafNode)
  const stale = leaves.find(({ changes }) => changes >= UNCLEARED)
  if (stale !== undefined) {
    notice(
      'zeroGrad',
      () =>
        `a leaf of shape ${showShape(stale.tensor.shape)} was updated ${stale.changes} times with gradients added to those before; call optimizer.zeroGrad() before backward()`,
    )
  }
  const lost = leaves.find(({ sums, changes }) => sums >= FORGOTTEN && changes === 0)
  if (lost !== undefined && leaves.some(({ sums }) => sums < lost.sums)) {
    notice(
      'unheld',
      () =>
        `a leaf of shape ${showShape(lost.tensor.shape)} has the gradients of ${lost.sums + 1} backward passes and was never updated, as others were; give it to an optimizer, or call requiresGrad_(false)`,
    )
  }
}

/** @throws {GradientError} for the dtypes of integers and bools. */
export function checkDifferentiable(dtype: DType): void {
  if (!isFloat(dtype)) {
    throw new GradientError(
      `requiresGrad: a tensor of dtype ${dtype} has no gradient of its own, only floats of 32 and 64 bits have one; make it with { dtype: 'float32' } or convert it with .to('float32')`,
    )
  }
}

/**
 * Switches gradients on or off for a leaf.
 * @throws {GradientError} for integers and bools, and when switching off what an operation made.
 */
export function setRequiresGrad<T extends Tensor>(x: T, on: boolean): T {
  if (on) checkDifferentiable(x.dtype)
  if (!on && !x.isLeaf) {
    throw new GradientError(
      'requiresGrad_: only leaves can be switched off; use detach() for the value of a recorded computation',
    )
  }
  if (on) x.node ??= new LeafNode(x)
  else x.node = null
  return x
}
