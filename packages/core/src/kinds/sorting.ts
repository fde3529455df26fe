import { backend } from '../backend.ts'
import { apply, over, type Op } from '../op.ts'
import { emptyOf, type Tensor } from '../tensor.ts'

/** The first `count` places of an order along `dim`. */
interface Order {
  readonly dim: number
  readonly descending: boolean
  readonly count: number
}

const argSort: Op<Order> = {
  name: 'argSort',
  kind: 'indexing',
  forward([x], { dim, descending, count }) {
    const out = emptyOf('int32', x!.shape.with(dim, count))
    backend.argSort(x!, dim, descending, out)
    return out
  },
  rule: () => null,
  push: () => null,
  batch: over((order) => ({ ...order, dim: order.dim + 1 })),
}

/** Where the elements that come first in order along `dim` stand; equal ones keep their order. */
export function argSortOf(x: Tensor, order: Order): Tensor {
  return apply(argSort, [x], order)
}
