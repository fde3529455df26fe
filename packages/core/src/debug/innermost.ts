import { Lifted } from '../lifted.ts'
import type { Tensor } from '../tensor.ts'

/** The tensor that holds the elements: within vmap, all of the batch. */
export function innermost(x: Tensor): Tensor {
  const { storage } = x
  return storage instanceof Lifted ? innermost(storage.inner) : x
}
