import { backend, type Fold } from '../backend.ts'
import type { DType } from '../dtype.ts'
import { Layout } from '../layout.ts'
import { apply, OUT, using, type Op, type Rule } from '../op.ts'
import { div, mul } from '../ops/arithmetic.ts'
import { eq } from '../ops/comparison.ts'
import { reducedShape } from '../shape.ts'
import { Storage } from '../storage.ts'
import { Tensor } from '../tensor.ts'
import { castTo } from './cast.ts'
import { spread, sumOver, type Reduced } from './spread.ts'

function reductionOp(
  fold: Fold,
  dtypeOf: (dtype: DType) => DType,
  rule: (attributes: Reduced) => Rule<Reduced> | null,
): Op<Reduced> {
  return {
    name: fold === 'max' || fold === 'min' ? `a${fold}` : fold,
    kind: 'reduction',
    forward([x], { dims, keepdim }) {
      const layout = Layout.contiguous(reducedShape(x!.shape, dims, keepdim))
      const out = new Tensor(Storage.allocate(dtypeOf(x!.dtype), layout.numel), layout)
      backend.reduce(fold, x!, dims, out)
      return out
    },
    rule: (_, attributes) => rule(attributes),
  }
}

/** The extremes share the cotangent in equal parts where they tie. */
const sharedByTies = ({ dims }: Reduced): Rule<Reduced> =>
  using([0, OUT], (ct, [x, out], { shape, dtype }) => {
    const winners = castTo(eq(x, spread(out, shape, dims)), dtype)
    const count = sumOver(winners, dims, true)
    return mul(div(winners, count), spread(ct, shape, dims))
  })

const same = (dtype: DType): DType => dtype
const bool = (): DType => 'bool'
const reductions: Record<Exclude<Fold, 'sum'>, Op<Reduced>> = {
  max: reductionOp('max', same, sharedByTies),
  min: reductionOp('min', same, sharedByTies),
  any: reductionOp('any', bool, () => null),
  all: reductionOp('all', bool, () => null),
}

/** `x` folded over `dims`. */
export function reduceWith(fold: Exclude<Fold, 'sum'>, x: Tensor, attributes: Reduced): Tensor {
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
      const layout = Layout.contiguous(reducedShape(x!.shape, [dim], keepdim))
      const out = new Tensor(Storage.allocate('int32', layout.numel), layout)
      backend.argReduce(fold, x!, dim, out)
      return out
    },
    rule: () => null,
  }
}

const argReductions = { max: argReductionOp('max'), min: argReductionOp('min') }

/** Where along `dim` the extreme stands. */
export function argReduceWith(fold: 'max' | 'min', x: Tensor, attributes: ArgReduced): Tensor {
  return apply(argReductions[fold], [x], attributes)
}
