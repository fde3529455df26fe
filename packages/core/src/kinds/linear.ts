import { backend } from '../backend.ts'
import { apply, broadcasting, using, type Op, type Rule } from '../op.ts'
import { input } from '../scalar/expr.ts'
import { kernelOf } from '../scalar/kernel.ts'
import { add } from '../scalar/primitives.ts'
import { broadcastShapes, sameShape } from '../shape.ts'
import { emptyOf, type Tensor } from '../tensor.ts'
import { castTo } from './cast.ts'
import { matmul, promoted, type Transposed } from './contraction.ts'
import { expanded } from './elementwise.ts'
import { expandTo, sumTo } from './spread.ts'
import { reshapeTo } from './structural.ts'

/** `x · weightᵀ + bias`: a matrix product, and what is the same for all its rows. */
const linear: Op<Transposed> = {
  name: 'linear',
  kind: 'contraction',
  forward([x, weight, bias], attributes) {
    const product = matmul.forward([x!, weight!], attributes)
    // Under vmap only the bias may carry the batch.
    const shape = broadcastShapes('linear', product.shape, bias!.shape)
    // Else into the product, which nobody else has seen: memory that is in a cache.
    const out = sameShape(shape, product.shape) ? product : emptyOf(product.dtype, shape)
    backend.elementwise(addition, [expanded(product, shape), expanded(bias!, shape)], [], [out])
    return out
  },
  rule: (i, attributes) => (i === 2 ? biasRule : matmul.rule(i, attributes)),
  push(i, tangent, inputs, out, attributes) {
    if (i === 2) return expandTo(tangent, out.shape)
    return apply(matmul, inputs.slice(0, 2).with(i, tangent), attributes)
  },
  batch: broadcasting,
}

const addition = kernelOf([add(input(0), input(1))], 2, 0)

const biasRule: Rule<Transposed> = using([], (ct, _, { shape }) => sumTo(ct, shape))

const byTranspose: Transposed = { rightTransposed: true }

/**
 * `x · weightᵀ + bias` for x `[..., k]`, a weight `[n, k]` and a bias `[n]`, in one op.
 * For callers that have checked the shapes; what it throws speaks in their name.
 *
 * @throws {DTypeError} for bool tensors.
 */
export function linearProduct(name: string, x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const dtype = promoted(name, [x, weight, bias])
  const rows = x.ndim === 1 ? reshapeTo(x, [1, x.numel]) : x
  const inputs = [rows, weight, bias].map((each) => castTo(each, dtype))
  const out = apply(linear, inputs, byTranspose)
  return x.ndim === 1 ? reshapeTo(out, bias.shape) : out
}
