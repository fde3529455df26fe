import { backend } from '../backend.ts'
import type { DType } from '../dtype.ts'
import { Layout } from '../layout.ts'
import { apply, broadcasting, linearly, using, type Op } from '../op.ts'
import { input } from '../scalar/expr.ts'
import { kernelOf } from '../scalar/kernel.ts'
import { Storage } from '../storage.ts'
import { Tensor } from '../tensor.ts'

const identity = kernelOf([input(0)], 1, 0)

/** A contiguous copy with elements of another dtype, or of the same. */
const cast: Op<DType> = {
  name: 'to',
  kind: 'structural',
  forward([x], dtype) {
    return copyOf(x!, dtype)
  },
  rule: () => using([], (ct, _, { dtype }) => castTo(ct, dtype)),
  push: linearly,
  batch: broadcasting,
}

/** `x` in another dtype; itself when it has that one. */
export function castTo(x: Tensor, dtype: DType): Tensor {
  return x.storage.dtype === dtype ? x : apply(cast, [x], dtype)
}

/** A contiguous copy that gradients flow through. */
export function clone(x: Tensor): Tensor {
  return apply(cast, [x], x.storage.dtype)
}

/** A contiguous copy in memory of its own: no op, for use inside of ops. */
export function copyOf(x: Tensor, dtype: DType = x.storage.dtype): Tensor {
  const layout = Layout.contiguous(x.layout.shape)
  const out = new Tensor(Storage.allocate(dtype, layout.numel), layout)
  copyInto(x, out)
  return out
}

/** Writes the elements of `x` over those of `out`; shapes are equal. */
export function copyInto(x: Tensor, out: Tensor): void {
  backend.elementwise(identity, [x], [], [out])
}
