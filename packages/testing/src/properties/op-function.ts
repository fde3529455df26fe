import { mapTree, treeLeaves, vjp, type Tensor } from '@gradtape/core'
import { direction } from './direction.ts'
import type { TableEntry } from './table.ts'

/** An op as a function of all that it is differentiated by. */
export interface OpFunction {
  /** The float64 results for other tensors in place of the float64 ones among the arguments. */
  readonly f: (xs: Tensor[]) => Tensor[]
  /** The float64 tensors among the arguments, each once, in their layouts. */
  readonly at: Tensor[]
}

export function opFunction(fn: TableEntry, args: readonly unknown[]): OpFunction {
  const primals = [...new Set(treeLeaves(args).filter(isReal))]
  return {
    f(xs) {
      const given = mapTree(args, (x) => (isReal(x) ? xs[primals.indexOf(x)]! : x))
      return treeLeaves(fn(...(given as never[]))).filter(isReal)
    },
    at: primals.map((x) => x.detach()),
  }
}

function isReal({ dtype }: Tensor): boolean {
  return dtype === 'float64'
}

/** The values of an op, and the gradients that its pullback makes of cotangents. */
export function valuesAndGradients(
  { f, at }: OpFunction,
  cotangents = (out: readonly Tensor[]): Tensor[] => out.map((y, k) => direction(y, k)),
): { values: Tensor[]; gradients: Tensor[] } {
  const [values, pullback] = vjp(f, at)
  return { values, gradients: pullback(cotangents(values))[0] }
}

/** The arguments with other tensors; one that stands in several places still does. */
export function withTensors(
  args: readonly unknown[],
  change: (x: Tensor) => Tensor,
): readonly unknown[] {
  const made = new Map<Tensor, Tensor>()
  return mapTree(args, (x) => {
    if (!made.has(x)) made.set(x, change(x))
    return made.get(x)!
  })
}
