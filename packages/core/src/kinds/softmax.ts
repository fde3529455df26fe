import { backend } from '../backend.ts'
import { getDefaultDtype, isFloat } from '../dtype.ts'
import { apply, OUT, over, using, type Op } from '../op.ts'
import { mul, sub } from '../ops/arithmetic.ts'
import { exp } from '../ops/exponential.ts'
import { emptyOf, type Tensor } from '../tensor.ts'
import { castTo } from './cast.ts'
import { sumOver } from './spread.ts'

/** Along which dim. */
interface Along {
  readonly dim: number
}

/** How a tangent is pushed, or a cotangent pulled back, given the result `y`. */
type Derivative = (t: Tensor, y: Tensor, dim: number) => Tensor

/** One op, because one pass over memory is all that it takes. */
function softmaxOp(name: string, pull: Derivative, push: Derivative): Op<Along> {
  return {
    name,
    kind: 'reduction',
    forward([x], { dim }) {
      const out = emptyOf(x!.dtype, x!.shape)
      backend.softmax(x!, dim, name === 'logSoftmax', out)
      return out
    },
    rule: () => using([OUT], (ct, [y], { attributes: { dim } }) => pull(ct, y, dim)),
    push: (_, t, __, y, { dim }) => push(t, y, dim),
    batch: over(({ dim }) => ({ dim: dim + 1 })),
  }
}

// ∂y = y (t − Σ y t): a symmetric matrix, so that it is pulled back as it is pushed.
const ofShares: Derivative = (t, y, dim) => mul(y, sub(t, sumOver(mul(y, t), [dim], true)))

const softmax = softmaxOp('softmax', ofShares, ofShares)
const logSoftmax = softmaxOp(
  'logSoftmax',
  (ct, y, dim) => sub(ct, mul(exp(y), sumOver(ct, [dim], true))),
  (t, y, dim) => sub(t, sumOver(mul(exp(y), t), [dim], true)),
)

/** The softmax of `x` along a dim, or its logarithm. */
export function softmaxAlong(x: Tensor, dim: number, logarithm = false): Tensor {
  const numbers = isFloat(x.dtype) ? x : castTo(x, getDefaultDtype())
  return apply(logarithm ? logSoftmax : softmax, [numbers], { dim })
}
