import { DTypeError, inspect, isTensor, ValueError, type Tensor } from '@gradtape/core'
import { isInteger } from './checks.ts'

/** @throws {DTypeError} naming `where` unless `index` is a tensor of integers. */
export function checkIndex(where: string, index: unknown): Tensor {
  if (isTensor(index) && isInteger(index)) return index
  const seen = isTensor(index) ? `dtype ${index.dtype}` : typeof index
  throw new DTypeError(
    `${where}: expected a tensor of integers as the index, got ${seen}; convert it with .to('int32')`,
  )
}

/** @throws {ValueError} naming `where` and the place unless all elements are from 0 to below `count`. */
export function checkRange(where: string, index: Tensor, count: number): void {
  inspect(index, (elements) => {
    for (let i = 0; i < elements.length; i++) {
      const at = elements[i]!
      if (at >= 0 && at < count) continue
      throw new ValueError(
        `${where}: index ${at} at element ${i} is out of range; expected 0 to ${count - 1}`,
      )
    }
  })
}
