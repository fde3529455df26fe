import { adjoint } from './adjoint.ts'
import { vmapEqualsLoop, vmapOfGradients } from './batching.ts'
import {
  constant,
  firstOrder,
  methodEqualsFunction,
  secondOrder,
  viewEqualsCopy,
  type Law,
} from './laws.ts'
import { opProperty, type OpProperty } from './op-property.ts'
import { opTable, type TableEntry } from './table.ts'

/**
 * What must hold of every op of core's table, as the table describes it: gradients of first and
 * second order where it has them, with forward mode their adjoint, constant results where it hasn't;
 * the same results, and gradients, at once for a batch as one after the other;
 * the same results for views as for copies, and from the method as from the function. Ops that change
 * their first argument have laws of their own.
 */
export function opTableProperties(
  table: Iterable<TableEntry> = opTable().values(),
): readonly OpProperty[] {
  return [...table].flatMap((fn) => {
    const { kind, differentiable, method } = fn.entry
    if (kind === 'update') return []
    const laws: readonly (readonly [string, Law])[] = [
      ...(differentiable
        ? ([
            ['first order', firstOrder],
            ['second order', secondOrder],
            ['adjoint', adjoint],
            ['vmap of gradients', vmapOfGradients],
          ] as const)
        : ([['constant', constant]] as const)),
      ['views as copies', viewEqualsCopy],
      ['vmap as a loop', vmapEqualsLoop],
      ...(method === null ? [] : ([['method as function', methodEqualsFunction]] as const)),
    ]
    return laws.map(([name, law]) => opProperty(fn, name, law(fn)))
  })
}
