import fc from 'fast-check'
import type { Operand } from '../src/backend.ts'
import { allocateArray, type DType } from '../src/dtype.ts'
import { Layout } from '../src/layout.ts'
import type { Shape } from '../src/shape.ts'
import { Storage } from '../src/storage.ts'

const SPECIAL = [0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, 5e-324, 1.7e308, 2 ** 31, -(2 ** 31)]

/** Elements of a dtype; for floats with NaN, infinities and zeros of both signs among them. */
export function elements(dtype: DType, finite = false): fc.Arbitrary<number> {
  if (dtype === 'bool') return fc.nat(1)
  if (dtype === 'int32') return fc.oneof(fc.integer({ min: -9, max: 9 }), fc.integer())
  const plain = fc.integer({ min: -4096, max: 4096 }).map((i) => i / 512)
  return finite ? plain : fc.oneof({ weight: 3, arbitrary: plain }, fc.constantFrom(...SPECIAL))
}

export interface OperandConstraints {
  /** Whether several elements may lie in one place; true unless given. */
  readonly shared?: boolean
  /** Whether floats are finite; false unless given. */
  readonly finite?: boolean
}

/**
 * A way to lie in memory: dims in any order, with gaps, stretched by stride 0, an offset in the layout
 * and another one in the storage.
 */
function layouts(shape: Shape, shared: boolean): fc.Arbitrary<Layout> {
  const ndim = shape.length
  return fc
    .tuple(
      fc.shuffledSubarray(
        shape.map((_, d) => d),
        { minLength: ndim, maxLength: ndim },
      ),
      fc.array(fc.constantFrom(1, 1, 1, 2, shared ? 0 : 3), { minLength: ndim, maxLength: ndim }),
      fc.nat(2),
      fc.boolean(),
    )
    .map(([order, gaps, offset, plain]) => {
      if (plain) return Layout.contiguous(shape)
      const strides = new Array<number>(ndim)
      let step = 1
      for (const d of order) {
        strides[d] = step * gaps[d]
        step = Math.max(step, strides[d] * shape[d])
      }
      return new Layout(shape, strides, offset)
    })
}

/** Operands of a shape and dtype in any layout. */
export function operands(
  shape: Shape,
  dtype: DType,
  { shared = true, finite = false }: OperandConstraints = {},
): fc.Arbitrary<Operand> {
  return fc.tuple(layouts(shape, shared), fc.nat(2)).chain(([layout, before]) => {
    const { strides, offset } = layout
    const reach = strides.reduce((sum, stride, d) => sum + stride * Math.max(0, shape[d] - 1), 1)
    const length = before + offset + reach + 1
    return fc
      .array(elements(dtype, finite), { minLength: length, maxLength: length })
      .map((values) => {
        const array = allocateArray(dtype, length)
        array.set(values)
        return { storage: new Storage(dtype, array, before), layout }
      })
  })
}

/** Small shapes; sizes of 0 and 1 occur. */
export function shapes(minDims = 0, maxDims = 3, minSize = 0): fc.Arbitrary<number[]> {
  const size = fc.constantFrom(...[0, 1, 2, 3, 2, 3, 4, 5].filter((n) => n >= minSize))
  return fc.array(size, { minLength: minDims, maxLength: maxDims, size: 'max' })
}

/** The same elements in memory of their own, all that lies between them included. */
export function copyOf({ storage, layout }: Operand): Operand {
  const array = allocateArray(storage.dtype, storage.array.length)
  array.set(storage.array)
  return { storage: new Storage(storage.dtype, array, storage.offset), layout }
}

/** The position of every element in its array, in row-major order. */
export function positions({ shape, strides, offset }: Layout): number[] {
  return shape.reduce(
    (found, size, d) =>
      found.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * strides[d])),
    [offset],
  )
}
