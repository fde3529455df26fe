import { ValueError, mapTree, noGrad, stack, treeLeaves, vmap, type Tensor } from '@gradtape/core'
import type { TableEntry } from '@gradtape/testing'
import type { Call } from './calls.ts'

/**
 * Whether the op runs over a batch by `vmap`, or why it doesn't, in vmap's own words.
 * @throws {Error} when the batch gives another result than its examples.
 */
export function batchingOf(fn: TableEntry, calls: readonly Call[]): string {
  const said = new Set(calls.map((call) => overTwo(fn, call)))
  const [first = 'no call'] = said
  if (said.size === 1) return first
  const why = [...said].filter((one) => one !== 'yes').map((one) => one.replace('no: ', ''))
  return `in part: ${why.join('; ')}`
}

/** Of a batch of two examples. */
function overTwo(fn: TableEntry, { args }: Call): string {
  const leaves = treeLeaves(args)
  const f = (...given: Tensor[]): Tensor[] => {
    const rest = given.values()
    const full = mapTree(args, () => rest.next().value!) as unknown[]
    // What is changed in place is a copy.
    if (fn.entry.kind === 'update') full[0] = (full[0] as Tensor).clone()
    return treeLeaves(fn(...(full as never[])))
  }
  const examples = [leaves, leaves.map((x) => x.flip(x.shape.map((_, d) => d)))]
  return noGrad(() => {
    try {
      const out = vmap(f)(...leaves.map((_, i) => stack(examples.map((one) => one[i]!))))
      const each = examples.map((one) => f(...one))
      out.forEach((y, i) => checkEqual(fn, y, stack(each.map((one) => one[i]!))))
      return 'yes'
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      return `no: ${error.message.replace(/^vmap: |;.*/g, '')}`
    }
  })
}

function checkEqual(fn: TableEntry, batch: Tensor, each: Tensor): void {
  const near = batch.data.every((value, i) => Math.abs(value - each.data[i]!) <= 1e-12)
  if (near && batch.numel === each.numel && batch.dtype === each.dtype) return
  throw new Error(`${fn.entry.name}: vmap gives ${batch}, one by one ${each}`)
}
