import { treeLeaves, type Tensor } from '@gradtape/core'
import { expectEqual, largestOf, type Law } from './laws.ts'
import { opFunction, valuesAndGradients, withTensors } from './op-function.ts'

/** What rounding may make of sums in another order, of their terms, and of functions, of 1. */
const RTOL = 1e-14

/**
 * Elementwise ops broadcast: their values are, to rounding, those of operands that were expanded, one dim
 * further than need be, and copied; the gradients are sums of those of the copies.
 */
export const broadcastEqualsExpand: Law =
  (fn) =>
  ({ args, drawn, call }) => {
    const [like] = treeLeaves(call())
    const shape = [drawn.int(1, 3), ...like!.shape]
    const expanded = (x: Tensor): Tensor => x.detach().expand(shape).clone()
    const copies = withTensors(args, expanded)
    const found = fn(...(copies as never[]))
    // Of many elements a function may be worked out in another way than of few.
    expectEqual(found, expanded(like!), 'of expanded copies', 'expanded', RTOL, RTOL)
    if (!fn.entry.differentiable) return
    const ct = drawn.real(shape).detach()
    const op = opFunction(fn, args)
    const { gradients } = valuesAndGradients(op, () => [ct.sum(0)])
    const whole = valuesAndGradients(opFunction(fn, copies), () => [ct]).gradients
    expectEqual(
      gradients,
      whole.map((gradient, k) => summedTo(gradient, op.at[k]!.shape)),
      'of operands that are broadcast',
      'of expanded copies, summed',
      0,
      RTOL * ct.numel * largestOf([ct, ...whole]),
    )
  }

/** The sum over all dims in which `x` is larger. */
function summedTo(x: Tensor, shape: readonly number[]): Tensor {
  const added = x.ndim - shape.length
  const larger = x.shape.map((_, d) => d).filter((d) => x.shape[d] !== shape[d - added])
  return x.sum(larger, { keepdim: true }).reshape([...shape])
}
