import type { DType } from '../dtype.ts'
import { encodings } from '../encoding.ts'
import { Layout } from '../layout.ts'
import { apply, type Op } from '../op.ts'
import type { Shape } from '../shape.ts'
import { Storage } from '../storage.ts'
import { Tensor } from '../tensor.ts'
import { castTo } from './cast.ts'

interface Full {
  readonly shape: Shape
  readonly value: number
  readonly dtype: DType
}

const full: Op<Full> = {
  name: 'full',
  kind: 'creation',
  forward(_, { shape, value, dtype }) {
    const layout = Layout.contiguous(shape)
    const storage = Storage.allocate(dtype, layout.numel)
    if (value !== 0) storage.array.fill(value)
    return new Tensor(storage, layout)
  },
  rule: () => null,
  push: () => null,
  batch: null,
}

/** A tensor of one value. */
export function fullOf(shape: Shape, value: number, dtype: DType): Tensor {
  return made(full, { shape, value, dtype })
}

/** Applies an op that makes numbers; what keeps them in another form is made of them. */
export function made<A extends { readonly dtype: DType }>(op: Op<A>, attributes: A): Tensor {
  const { dtype } = attributes
  if (encodings[dtype] === undefined) return apply(op, [], attributes)
  return castTo(apply(op, [], { ...attributes, dtype: 'float64' }), dtype)
}

interface Generated {
  readonly shape: Shape
  readonly dtype: DType
  /** The element at a row-major position. */
  readonly at: (i: number) => number
}

/** Ranges and patterns: each element a function of its place. */
const generate: Op<Generated> = {
  name: 'generate',
  kind: 'creation',
  forward(_, { shape, dtype, at }) {
    const layout = Layout.contiguous(shape)
    const storage = Storage.allocate(dtype, layout.numel)
    for (let i = 0; i < layout.numel; i++) storage.array[i] = at(i)
    return new Tensor(storage, layout)
  },
  rule: () => null,
  push: () => null,
  batch: null,
}

export function generated(shape: Shape, dtype: DType, at: (i: number) => number): Tensor {
  return made(generate, { shape, dtype, at })
}
