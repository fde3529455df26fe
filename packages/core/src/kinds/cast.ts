import { backend } from '../backend.ts'
import { computeDType, holds, type DType } from '../dtype.ts'
import { DTypeError } from '../errors.ts'
import { Layout } from '../layout.ts'
import { apply, broadcasting, using, type Op } from '../op.ts'
import { input } from '../scalar/expr.ts'
import { kernelOf } from '../scalar/kernel.ts'
import { add } from '../scalar/primitives.ts'
import { Storage } from '../storage.ts'
import { elements, isTensor, Tensor } from '../tensor.ts'

const identity = kernelOf([input(0)], 1, 0)
const plus = kernelOf([add(input(0), input(1))], 2, 0)

/** A contiguous copy with elements of another dtype, or of the same. */
const cast: Op<DType> = {
  name: 'to',
  kind: 'structural',
  forward([x], dtype) {
    // Elsewhere integers wrap; here it would go on into what is computed.
    if (x!.dtype === 'int64' && dtype === 'int32') {
      const wrong = elements(x!).find((value) => !holds(dtype, value))
      if (wrong !== undefined) {
        throw new DTypeError(
          `to: ${wrong} has no value in int32, as which int64 is computed with; use .to('float64') first`,
        )
      }
    }
    return copyOf(x!, dtype)
  },
  rule: () => using([], (ct, _, { dtype }) => castTo(ct, computeDType(dtype))),
  push: (_, tangent, __, ___, dtype) => castTo(tangent, computeDType(dtype)),
  batch: broadcasting,
}

/** `x` in another dtype; itself when it has that one. */
export function castTo(x: Tensor, dtype: DType): Tensor {
  return x.storage.dtype === dtype ? x : apply(cast, [x], dtype)
}

/** `x` in a dtype that ops compute in: itself unless its own only stores elements. */
export function computed(x: Tensor): Tensor {
  return castTo(x, computeDType(x.storage.dtype))
}

/** The same of whatever may be a tensor. */
export function computable(x: unknown): unknown {
  return isTensor(x) ? computed(x) : x
}

/** Bools as the numbers 0 and 1; all else as it is. */
export function counted(x: Tensor): Tensor {
  return x.dtype === 'bool' ? castTo(x, 'int32') : x
}

/** A contiguous copy that gradients flow through. */
export function clone(x: Tensor): Tensor {
  return apply(cast, [x], x.storage.dtype)
}

/** A contiguous copy in memory of its own: no op, for use inside of ops. */
export function copyOf(x: Tensor, dtype: DType = x.storage.dtype): Tensor {
  const layout = Layout.contiguous(x.layout.shape)
  const out = new Tensor(Storage.empty(dtype, layout.numel, true), layout)
  copyInto(x, out)
  return out
}

/** Adds the elements of `x` to those of `out`; shapes and dtypes are equal. */
export function addInto(x: Tensor, out: Tensor): void {
  backend.elementwise(plus, [out, x], [], [out])
}

/** Writes the elements of `x` over those of `out`; shapes are equal. */
export function copyInto(x: Tensor, out: Tensor): void {
  backend.elementwise(identity, [x], [], [out])
}
