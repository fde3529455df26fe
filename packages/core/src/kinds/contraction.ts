import { backend } from '../backend.ts'
import { Layout } from '../layout.ts'
import { apply, broadcasting, linearly, using, type Op, type Rule } from '../op.ts'
import { broadcastShapes, showShape, type Shape } from '../shape.ts'
import { Storage } from '../storage.ts'
import { Tensor } from '../tensor.ts'
import { expanded } from './elementwise.ts'
import { sumTo } from './spread.ts'
import { matrixTranspose } from './structural.ts'

/** Products of matrices, or of stacks of them whose batch dimensions broadcast. */
const matmul: Op<null> = {
  name: 'matmul',
  kind: 'contraction',
  forward([a, b]) {
    const as = a!.shape
    const bs = b!.shape
    const m = as[as.length - 2]!
    const k = as[as.length - 1]!
    const n = bs[bs.length - 1]!
    const flat = as.length === 2 && bs.length === 2
    const batch = flat ? [] : batchOf(as, bs)
    const layout = Layout.contiguous(flat ? [m, n] : [...batch, m, n])
    const out = new Tensor(Storage.allocate(a!.dtype, layout.numel), layout)
    const tall = flat ? null : tallOf(a!.layout, bs)
    if (flat) backend.matmul(a!, b!, out)
    else if (tall !== null) {
      const rows = Layout.contiguous([tall.shape[0]!, n])
      backend.matmul({ storage: a!.storage, layout: tall }, b!, {
        storage: out.storage,
        layout: rows,
      })
    } else {
      backend.matmul(expanded(a!, [...batch, m, k]), expanded(b!, [...batch, k, n]), out)
    }
    return out
  },
  rule: (i) => (i === 0 ? leftRule : rightRule),
  push: linearly,
  batch: broadcasting,
}

const leftRule: Rule<null> = using([1], (ct, [b], { shape }) =>
  sumTo(product(ct, matrixTranspose(b)), shape),
)
const rightRule: Rule<null> = using([0], (ct, [a], { shape }) =>
  sumTo(product(matrixTranspose(a), ct), shape),
)

/** One matrix for a whole batch makes one product of a tall matrix, if the layout lets it. */
function tallOf(a: Layout, b: Shape): Layout | null {
  const k = a.shape.at(-1)!
  return b.length === 2 && a.numel > 0 ? a.reshape([a.numel / k, k]) : null
}

function batchOf(a: Shape, b: Shape): Shape {
  const where = `matmul of ${showShape(a)} and ${showShape(b)}, batch dimensions`
  return broadcastShapes(where, a.slice(0, -2), b.slice(0, -2))
}

/** `a · b`, both of at least two dimensions, inner sizes equal, dtypes equal. */
export function product(a: Tensor, b: Tensor): Tensor {
  return apply(matmul, [a, b], null)
}
