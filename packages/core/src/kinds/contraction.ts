import { backend } from '../backend.ts'
import { computeDType, promote, type DType } from '../dtype.ts'
import { DTypeError } from '../errors.ts'
import { Layout } from '../layout.ts'
import { apply, broadcasting, linearly, using, type Op, type Rule } from '../op.ts'
import { broadcastShapes, numelOf, showShape, type Shape } from '../shape.ts'
import { emptyOf, type Tensor } from '../tensor.ts'
import { castTo } from './cast.ts'
import { expanded } from './elementwise.ts'
import { sumTo } from './spread.ts'
import { reshapeTo, viewOf } from './structural.ts'

/** Which operands' matrices are taken transposed; none unless given. */
export interface Transposed {
  readonly leftTransposed?: true
  readonly rightTransposed?: true
}

/** Products of matrices, or of stacks of them whose batch dimensions broadcast. */
export const matmul: Op<Transposed> = {
  name: 'matmul',
  kind: 'contraction',
  forward(inputs, { leftTransposed, rightTransposed }) {
    const left = inputs[0]!
    const right = inputs[1]!
    const a = leftTransposed ? transposed(left) : left
    const b = rightTransposed ? transposed(right) : right
    const as = a.layout.shape
    const bs = b.layout.shape
    const m = as[as.length - 2]!
    const k = as[as.length - 1]!
    const n = bs[bs.length - 1]!
    const flat = as.length === 2 && bs.length === 2
    const batch = flat ? [] : batchOf(as, bs)
    const out = emptyOf(left.dtype, flat ? [m, n] : [...batch, m, n])
    const tall = flat ? null : tallOf(a.layout, bs)
    if (flat) backend.matmul(a, b, out)
    else if (tall !== null) {
      const rows = Layout.contiguous([tall.shape[0]!, n])
      backend.matmul({ storage: a.storage, layout: tall }, b, {
        storage: out.storage,
        layout: rows,
      })
    } else {
      backend.matmul(expanded(a, [...batch, m, k]), expanded(b, [...batch, k, n]), out)
    }
    return out
  },
  rule: (i) => (i === 0 ? leftRule : rightRule),
  push: linearly,
  batch: broadcasting,
}

// Of y = a·b come ct·bᵀ and aᵀ·ct, and of what was transposed the transposes of these.
const leftRule: Rule<Transposed> = using(
  [1],
  (ct, [b], { shape, attributes: { leftTransposed = false, rightTransposed = false } }) =>
    sumTo(
      leftTransposed
        ? product(b, ct, rightTransposed, true)
        : product(ct, b, false, !rightTransposed),
      shape,
    ),
)
const rightRule: Rule<Transposed> = using(
  [0],
  (ct, [a], { shape, attributes: { leftTransposed = false, rightTransposed = false } }) => {
    // To one matrix for a whole batch comes one product of tall matrices.
    const whole = shape.length === 2 && a.ndim > 2 && !leftTransposed
    const [x, y] = whole ? [stacked(a), stacked(ct)] : [a, ct]
    return sumTo(
      rightTransposed ? product(y, x, true, leftTransposed) : product(x, y, !leftTransposed),
      shape,
    )
  },
)

function stacked(x: Tensor): Tensor {
  const { shape } = x
  return reshapeTo(x, [numelOf(shape.slice(0, -1)), shape.at(-1)!])
}

function transposed(x: Tensor): Tensor {
  return viewOf(x, x.layout.transpose())
}

/** One matrix for a whole batch makes one product of a tall matrix, if the layout lets it. */
function tallOf(a: Layout, b: Shape): Layout | null {
  const k = a.shape.at(-1)!
  return b.length === 2 && a.numel > 0 ? a.reshape([a.numel / k, k]) : null
}

function batchOf(a: Shape, b: Shape): Shape {
  const where = `matmul of ${showShape(a)} and ${showShape(b)}, batch dimensions`
  return broadcastShapes(where, a.slice(0, -2), b.slice(0, -2))
}

const forms: readonly Transposed[] = [
  {},
  { leftTransposed: true },
  { rightTransposed: true },
  { leftTransposed: true, rightTransposed: true },
]

/**
 * `a · b`, both of at least two dimensions, inner sizes equal, dtypes equal; of either the transpose,
 * where that is said.
 */
export function product(
  a: Tensor,
  b: Tensor,
  leftTransposed = false,
  rightTransposed = false,
): Tensor {
  return apply(matmul, [a, b], forms[Number(leftTransposed) + 2 * Number(rightTransposed)]!)
}

/**
 * `a · b` by the rules of `matmul`, or `a · bᵀ` for a matrix b, in one op and with gradients that lie
 * as their tensors do. For callers that have checked the shapes; what it throws speaks in their name.
 *
 * @throws {DTypeError} for bool tensors.
 */
export function matrixProduct(name: string, a: Tensor, b: Tensor, rightTransposed = false): Tensor {
  const dtype = promoted(name, [a, b])
  const left = castTo(a.ndim === 1 ? reshapeTo(a, [1, a.numel]) : a, dtype)
  const right = castTo(b.ndim === 1 ? reshapeTo(b, [b.numel, 1]) : b, dtype)
  const out = product(left, right, false, rightTransposed)
  if (a.ndim > 1 && b.ndim > 1) return out
  const shape = out.shape.slice()
  if (b.ndim === 1) shape.pop()
  if (a.ndim === 1) shape.splice(b.ndim === 1 ? -1 : -2, 1)
  return reshapeTo(out, shape)
}

/** The dtype that a product of tensors has. */
export function promoted(name: string, factors: readonly Tensor[]): DType {
  let dtype = factors[0]!.storage.dtype
  for (let i = 1; i < factors.length; i++) dtype = promote(dtype, factors[i]!.storage.dtype)
  dtype = computeDType(dtype)
  if (dtype !== 'bool') return dtype
  throw new DTypeError(`${name}: not defined for bool tensors; convert with .to('float32') first`)
}
