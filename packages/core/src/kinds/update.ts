import { backend, type Operand } from '../backend.ts'
import { category, isStored, type DType } from '../dtype.ts'
import { DTypeError, ShapeError } from '../errors.ts'
import { apply, broadcasting, type Op } from '../op.ts'
import { input, param, type Expr } from '../scalar/expr.ts'
import { arity, kernelOf, type ScalarKernel } from '../scalar/kernel.ts'
import { broadcastShapes, sameShape, showShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { copyOf } from './cast.ts'
import { expanded } from './elementwise.ts'
import { checkTensor } from './entry.ts'

/** An op that writes in place: its first inputs become what its formulas say. */
export interface Update {
  readonly name: string
  /** How many of the inputs are written, the first ones. */
  readonly targets: number
  /** How many more inputs are only read. */
  readonly sources: number
  /**
   * The new elements of the targets, from the elements of targets and sources and from the
   * parameters, in this order.
   */
  readonly build: (...args: Expr[]) => readonly Expr[]
  /**
   * Whether it only stores: into every dtype, and sources of a wider one are converted rather than
   * refused.
   */
  readonly converts?: boolean
}

type Params = readonly number[]

/**
 * Makes an update a function of its targets, sources and parameters. All formulas are evaluated
 * before anything is stored, in one loop. Sources broadcast to the targets' shape.
 *
 * The function throws, before anything is written, a {@link DTypeError} when a source can't be
 * converted to the targets' dtype, a {@link ShapeError} when a shape doesn't fit or a target shares
 * memory between its own elements, and a GradientError when gradients are recorded through one of
 * the tensors.
 */
export function update(definition: Update): (tensors: readonly Tensor[], params?: Params) => void {
  const { name, targets, sources, build, converts = false } = definition
  const count = targets + sources
  const args = Array.from({ length: build.length }, (_, i) =>
    i < count ? input(i) : param(i - count),
  )
  let kernel: ScalarKernel | undefined
  const op: Op<Params> = {
    name,
    kind: 'update',
    forward(inputs, params) {
      if (kernel === undefined) {
        const formulas = build(...args)
        kernel = kernelOf(formulas, count, arity(formulas).params)
      }
      const { shape } = inputs[0]!.layout
      const outs = new Array<Operand>(targets)
      const operands = new Array<Operand>(count)
      for (let i = 0; i < count; i++) {
        const x = inputs[i]!
        operands[i] = i < targets ? (outs[i] = x) : expanded(separate(x, outs), shape)
      }
      backend.elementwise(kernel, operands, params, outs)
      for (const { storage } of outs) storage.version++
      return inputs[0]!
    },
    rule: () => null,
    push: () => null,
    batch: broadcasting,
    writes: targets,
  }
  return (tensors, params = none) => {
    check(name, targets, tensors, converts)
    apply(op, tensors, params)
  }
}

const none: Params = []

function check(name: string, targets: number, tensors: readonly Tensor[], converts: boolean): void {
  const target = checkTensor(name, tensors[0])
  const { shape } = target
  for (let i = 0; i < tensors.length; i++) {
    const x = checkTensor(name, tensors[i])
    const fits = sameShape(x.shape, shape)
    if (i < targets ? !fits : !fits && !sameShape(broadcastShapes(name, shape, x.shape), shape)) {
      throw new ShapeError(
        `${name}: a tensor of shape ${showShape(x.shape)} does not fit into one of shape ${showShape(shape)}, which in place cannot grow`,
      )
    }
    if (i < targets) checkUnshared(name, x)
    if (i < targets && !converts) checkComputable(name, x.dtype)
    if (!converts && x.dtype !== target.dtype && category(x.dtype) > category(target.dtype)) {
      throw new DTypeError(
        `${name}: values of dtype ${x.dtype} can't be written into a tensor of dtype ${target.dtype}; convert one with .to(…) first`,
      )
    }
  }
}

/** @throws {ShapeError} naming `where` when elements of `x` share memory, so that none can be written. */
export function checkUnshared(where: string, { numel, shape, layout }: Tensor): void {
  if (
    !layout.isContiguous &&
    numel > 1 &&
    layout.strides.some((s, d) => s === 0 && shape[d]! > 1)
  ) {
    throw new ShapeError(
      `${where}: several elements of the tensor of shape ${showShape(shape)} share one place in memory (it was expanded); clone() it first`,
    )
  }
}

/** @throws {DTypeError} naming `where` for tensors that can't be computed with in place. */
export function checkComputable(where: string, dtype: DType): void {
  if (isStored(dtype)) {
    throw new DTypeError(
      `${where}: a tensor of dtype ${dtype} only keeps elements and can't be computed with in place; use copy_ for what a new tensor holds`,
    )
  }
}

/** A source that overlaps a target in another order is read from a copy. */
function separate(x: Tensor, targets: readonly Operand[]): Tensor {
  for (const to of targets) if (x.storage === to.storage && x.layout !== to.layout) return copyOf(x)
  return x
}
