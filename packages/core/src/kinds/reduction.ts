import { backend, type Fold } from '../backend.ts'
import type { DType } from '../dtype.ts'
import { apply, linearly, OUT, over, using, type Op, type Push, type Rule } from '../op.ts'
import { div, mul } from '../ops/arithmetic.ts'
import { eq } from '../ops/comparison.ts'
import { input, param } from '../scalar/expr.ts'
import { kernelOf } from '../scalar/kernel.ts'
import * as s from '../scalar/primitives.ts'
import { numelOf, reducedShape, type Shape } from '../shape.ts'
import { emptyOf, type Tensor } from '../tensor.ts'
import { castTo } from './cast.ts'
import { reducing, spread, sumOver, type Reduced } from './spread.ts'
import { constantOf } from './structural.ts'

/** What is folded by one op; sums stand with what they are the transpose of. */
type Folded = Exclude<Fold, 'sum'> | 'mean'

function reductionOp(
  fold: Folded,
  dtypeOf: (dtype: DType) => DType,
  rule: Rule<Reduced> | null,
  push: Push<Reduced>,
): Op<Reduced> {
  return {
    name: fold === 'max' || fold === 'min' ? `a${fold}` : fold,
    kind: 'reduction',
    forward([x], { dims, keepdim }) {
      const { shape, dtype } = x!
      const out = emptyOf(dtypeOf(dtype), reducedShape(shape, dims, keepdim))
      backend.reduce(fold === 'mean' ? 'sum' : fold, x!, dims, out)
      if (fold === 'mean') backend.elementwise(quotient, [out], [countOf(shape, dims)], [out])
      return out
    },
    rule: () => rule,
    push,
    batch: reducing,
  }
}

const quotient = kernelOf([s.div(input(0), param(0))], 1, 1)

/** How many elements fall together. */
function countOf(shape: Shape, dims: readonly number[]): number {
  return numelOf(dims.map((d) => shape[d]!))
}

const meanRule: Rule<Reduced> = using([], (ct, _, { shape, attributes: { dims } }) =>
  spread(div(ct, countOf(shape, dims)), shape, dims),
)

/** The extremes share the cotangent in equal parts where they tie. */
const sharedByTies: Rule<Reduced> = using([0, OUT], (ct, [x, out], { shape, attributes }) =>
  mul(shares(x, out, attributes), spread(ct, shape, attributes.dims)),
)

const meanOfTies: Push<Reduced> = (_, t, [x], out, attributes) =>
  sumOver(mul(shares(x!, out, attributes), t), attributes.dims, attributes.keepdim)

/** 1 / n at each of the n elements that are the extreme, else 0. */
function shares(x: Tensor, out: Tensor, { dims }: Reduced): Tensor {
  const winners = castTo(eq(x, spread(out, x.shape, dims)), x.dtype)
  return div(winners, sumOver(winners, dims, true))
}

/** Input 1 was picked from input 0, off the tape; it is handed on as the extremes are. */
const picked: Op<Reduced> = {
  name: 'picked',
  kind: 'reduction',
  forward: ([, value]) => constantOf(value!),
  rule: (i) => (i === 0 ? sharedByTies : null),
  push: (i, ...rest) => (i === 0 ? meanOfTies.call(picked, i, ...rest) : null),
  batch: reducing,
}

/** `value`, an element of `x`, whose cotangent is shared by all that equal it. */
export function pickedFrom(x: Tensor, value: Tensor, reduced: Reduced): Tensor {
  return apply(picked, [x, value], reduced)
}

const same = (dtype: DType): DType => dtype
const bool = (): DType => 'bool'
const reductions: Record<Folded, Op<Reduced>> = {
  mean: reductionOp('mean', same, meanRule, linearly),
  max: reductionOp('max', same, sharedByTies, meanOfTies),
  min: reductionOp('min', same, sharedByTies, meanOfTies),
  any: reductionOp('any', bool, null, () => null),
  all: reductionOp('all', bool, null, () => null),
}

/** `x` folded over `dims`. */
export function reduceWith(fold: Folded, x: Tensor, attributes: Reduced): Tensor {
  return apply(reductions[fold], [x], attributes)
}

interface ArgReduced {
  readonly dim: number
  readonly keepdim: boolean
}

function argReductionOp(fold: 'max' | 'min'): Op<ArgReduced> {
  return {
    name: `arg${fold}`,
    kind: 'reduction',
    forward([x], { dim, keepdim }) {
      const out = emptyOf('int32', reducedShape(x!.shape, [dim], keepdim))
      backend.argReduce(fold, x!, dim, out)
      return out
    },
    rule: () => null,
    push: () => null,
    batch: over(({ dim, keepdim }) => ({ dim: dim + 1, keepdim })),
  }
}

const argReductions = { max: argReductionOp('max'), min: argReductionOp('min') }

/** Where along `dim` the extreme stands. */
export function argReduceWith(fold: 'max' | 'min', x: Tensor, attributes: ArgReduced): Tensor {
  return apply(argReductions[fold], [x], attributes)
}
