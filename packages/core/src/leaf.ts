import { isFloat, type DType } from './dtype.ts'
import { GradientError } from './errors.ts'
import { tick, type Hook, type Node, type Pending } from './tape.ts'
import type { Tensor } from './tensor.ts'

/** Where the tape ends: a tensor of the user's whose gradient is wanted. */
export class LeafNode implements Node<Tensor> {
  readonly order: number = tick()
  pending: Pending<Tensor> | null = null
  hooks: readonly Hook<Tensor>[] | null = null
  readonly inputs: readonly never[] = []
  readonly tensor: Tensor

  constructor(tensor: Tensor) {
    this.tensor = tensor
  }

  pull(): readonly never[] {
    return []
  }

  release(): void {}
}

/** @throws {GradientError} for the dtypes of integers and bools. */
export function checkDifferentiable(dtype: DType): void {
  if (!isFloat(dtype)) {
    throw new GradientError(
      `requiresGrad: a tensor of dtype ${dtype} takes no gradient, only float32 and float64 do; make it with { dtype: 'float32' } or convert it with .to('float32')`,
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
