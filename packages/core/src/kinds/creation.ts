import type { DType } from '../dtype.ts'
import { Layout } from '../layout.ts'
import { apply, type Op } from '../op.ts'
import type { Shape } from '../shape.ts'
import { Storage } from '../storage.ts'
import { Tensor } from '../tensor.ts'

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
  return apply(full, [], { shape, value, dtype })
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
  return apply(generate, [], { shape, dtype, at })
}
