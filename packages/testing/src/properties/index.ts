import { adjoint } from './adjoint.ts'
import { vmapEqualsLoop, vmapOfGradients } from './batching.ts'
import { broadcastEqualsExpand } from './broadcasting.ts'
import { dtypeLaws } from './dtypes.ts'
import { finite } from './finite.ts'
import {
  constant,
  firstOrder,
  methodEqualsFunction,
  secondOrder,
  viewEqualsCopy,
  type Law,
} from './laws.ts'
import { accumulation, linearPullback } from './linearity.ts'
import { opProperty, type OpProperty } from './op-property.ts'
import { checkpointEqualsPlain, repeats } from './repeats.ts'
import { opTable, type TableEntry } from './table.ts'
import { thirdOrder } from './third-order.ts'
import { updateLaws } from './update.ts'

/**
 * What must hold of every op of core's table, as the table describes it: gradients of first,
 * second and third order where it has them, with forward mode their adjoint, constant results where it hasn't;
 * pullbacks that are linear, accumulate and do the same from a checkpoint;
 * the same results, and gradients, at once for a batch as one after the other, for views as for copies,
 * for operands that are broadcast as for those that were expanded, and once more as the first time;
 * finite ones; the same results from the method as from the function, and, as far as dtypes
 * go, in float32, int32, bool and those that only keep elements. Ops that change
 * their first argument have laws of their own: they leave what their formulas say, or refuse to.
 */
export function opTableProperties(
  table: Iterable<TableEntry> = opTable().values(),
): readonly OpProperty[] {
  return [...table].flatMap((fn) => {
    const { kind, differentiable, method } = fn.entry
    const named = (laws: readonly (readonly [string, Law])[]): OpProperty[] =>
      laws.map(([name, law]) => opProperty(fn, name, law(fn)))
    if (kind === 'update') return named(updateLaws)
    return named([
      ...(differentiable
        ? ([
            ['first order', firstOrder],
            ['second order', secondOrder],
            ['third order', thirdOrder],
            ['adjoint', adjoint],
            ['vmap of gradients', vmapOfGradients],
            ['linear pullback', linearPullback],
            ['accumulation', accumulation],
            ['checkpoint as plain', checkpointEqualsPlain],
          ] as const)
        : ([['constant', constant]] as const)),
      ['views as copies', viewEqualsCopy],
      ['vmap as a loop', vmapEqualsLoop],
      ['finite', finite],
      ['repeats', repeats],
      ...(kind === 'elementwise'
        ? ([['broadcast as expanded', broadcastEqualsExpand]] as const)
        : []),
      ...dtypeLaws,
      ...(method === null ? [] : ([['method as function', methodEqualsFunction]] as const)),
    ])
  })
}
