import type { Operand } from '../../src/backend.ts'
import type { DType } from '../../src/dtype.ts'
import { Layout } from '../../src/layout.ts'
import { Storage } from '../../src/storage.ts'

/** Elements that lie one after the other; zeros where only their number is given. */
export function vector(dtype: DType, elements: Iterable<number> | { length: number }): Operand {
  const values = Symbol.iterator in elements ? [...elements] : []
  const length = Symbol.iterator in elements ? values.length : elements.length
  const storage = Storage.allocate(dtype, length)
  values.forEach((value, i) => (storage.array[i] = value))
  return { storage, layout: Layout.contiguous([length]) }
}
