import { checkpoint, treeLeaves, type Tensor } from '@gradtape/core'
import { expectEqual, type Law } from './laws.ts'
import { opFunction, valuesAndGradients, withTensors } from './op-function.ts'

/** What is called again gives the same bits, and so do its pullbacks; neither touches the arguments. */
export const repeats: Law =
  (fn) =>
  ({ args, call }) => {
    const copies = withTensors(args, copyOf)
    const first = treeLeaves(call()).map(copyOf)
    if (fn.entry.differentiable) {
      const op = opFunction(fn, args)
      expectSameBits(
        Object.values(valuesAndGradients(op)),
        Object.values(valuesAndGradients(op)),
        'the first time',
        'the second time',
      )
    }
    expectSameBits(treeLeaves(call()), first, 'in the end', 'at first')
    expectSameBits(args, copies, 'left of the arguments', 'before')
  }

/** What a checkpoint computes again is, bit by bit, what would have been kept. */
export const checkpointEqualsPlain: Law =
  (fn) =>
  ({ args }) => {
    const { f, at } = opFunction(fn, args)
    const again = valuesAndGradients({ f: (xs) => checkpoint(f, xs), at })
    const kept = valuesAndGradients({ f, at })
    expectSameBits(Object.values(again), Object.values(kept), 'of a checkpoint', 'without it')
  }

function copyOf(x: Tensor): Tensor {
  return x.detach().clone()
}

/** @throws {Error} unless the tensors of both are equal bit by bit, to the signs of zeros. */
export function expectSameBits(a: unknown, b: unknown, ofA: string, ofB: string): void {
  expectEqual(a, b, ofA, ofB, 0)
  const right = treeLeaves(b)
  treeLeaves(a).forEach(({ data }, k) => {
    data.forEach((value, i) => {
      if (Object.is(value, right[k]!.data[i])) return
      throw new Error(`element ${i} of result ${k} ${ofA} is a zero of another sign than ${ofB}`)
    })
  })
}
