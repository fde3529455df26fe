import {
  add,
  cat,
  checkpoint,
  einsum,
  grad,
  jvp,
  mapTree,
  treeLeaves,
  type Sampler,
  type Tensor,
} from '@gradtape/core'
import { describe, expect, test } from 'vitest'
import { opTable, type TableEntry } from '../src/index.ts'
import { opProperty } from '../src/properties/op-property.ts'
import { thirdOrder } from '../src/properties/third-order.ts'

type Function = (...args: any[]) => unknown

function entryOf(
  name: string,
  f: Function,
  samples: (g: Sampler) => readonly unknown[],
): TableEntry {
  const entry = { name, kind: 'composed', differentiable: true, method: null, samples } as const
  return Object.assign((...args: never[]) => f(...args), { entry })
}

function check(fn: TableEntry, numRuns: number): void {
  opProperty(fn, 'third order', thirdOrder(fn)).check({ numRuns })
}

describe('compositions have their third order', () => {
  const compositions: Record<string, [f: Function, samples: (g: Sampler) => unknown[]]> = {
    'two dense layers and a cross entropy': [
      (x: Tensor, w1: Tensor, b: Tensor, w2: Tensor, index: Tensor) =>
        x.matmul(w1).add(b).tanh().matmul(w2).logSoftmax(1).gather(1, index).mean().neg(),
      (g) => [g.real([3, 2]), g.real([2, 4]), g.real([4]), g.real([4, 3]), g.index([3, 1], 3)],
    ],
    'a layer norm with gelu': [
      (x: Tensor, scale: Tensor) =>
        x
          .sub(x.mean(1, { keepdim: true }))
          .div(x.std(1, { keepdim: true }).add(0.1))
          .mul(scale)
          .gelu(),
      (g) => [g.real([2, 4]), g.real([4])],
    ],
    attention: [
      (q: Tensor, k: Tensor, v: Tensor) =>
        einsum('ij,jd->id', einsum('id,jd->ij', q, k).div(Math.sqrt(2)).softmax(1), v),
      (g) => [g.real([3, 2]), g.real([4, 2]), g.real([4, 2])],
    ],
    'a gated recurrence': [
      (x: Tensor, w: Tensor, h: Tensor) => {
        for (const row of x.unbind()) {
          const [gate, state] = cat([row as Tensor, h])
            .matmul(w)
            .chunk(2) as [Tensor, Tensor]
          h = h.lerp(state.tanh(), gate.sigmoid())
        }
        return h
      },
      (g) => [g.real([3, 1]), g.real([3, 4]), g.real([2])],
    ],
    'an energy whose force is a gradient': [
      (x: Tensor) => grad((y: Tensor) => y.square().sum().add(1).log().mul(y.prod()))(x),
      (g) => [g.real([3])],
    ],
    'a step that is computed again': [
      (x: Tensor, w: Tensor) =>
        checkpoint(
          (y: Tensor) => y.matmul(w).softplus(),
          checkpoint((y: Tensor) => y.exp(), x),
        ),
      (g) => [g.real([2, 2], [-1, 1]), g.real([2, 2])],
    ],
    'distances, norms and angles': [
      (a: Tensor, b: Tensor) => add(a.sub(b).norm(3, 1), a.at(0, 0).atan2(b.norm())),
      (g) => [g.real([2, 3], [0, 2]), g.real([2, 3], [3, 5])],
    ],
  }

  test.each(Object.entries(compositions))('%s', (name, [f, samples]) => {
    check(entryOf(name, f, samples), 20)
  })
})

describe('an op whose rules are off is found', () => {
  const isReal = ({ dtype }: Tensor): boolean => dtype === 'float64'

  /** The op by its tangent about where it stands: with the value right, and the gradient times `scale`. */
  const linearized =
    (fn: TableEntry, scale: number): Function =>
    (...args) => {
      const xs = [...new Set(treeLeaves(args).filter(isReal))]
      const f = (...given: Tensor[]): unknown =>
        fn(...(mapTree(args, (x) => (isReal(x) ? given[xs.indexOf(x)] : x)) as never[]))
      const at = xs.map((x) => x.detach())
      const away = xs.map((x, k) => x.sub(at[k]) as Tensor)
      const [out, tangent] = jvp(f as (...given: Tensor[]) => Tensor, at, away)
      return add(out, tangent.mul(scale))
    }

  const curved = ['tanh', 'exp', 'sigmoid', 'gelu', 'pow', 'div', 'atan2', 'erf', 'softplus']
  const others = ['softmax', 'logsumexp', 'prod', 'cumprod', 'norm', 'std', 'einsum']
  const linear = ['matmul', 'gather', 'cat', 'sum', 'mul', 'where', 'flip', 'cumsum']

  test.each([...curved, ...others])('%s without its second derivative', (name) => {
    const fn = opTable().get(name)!
    expect(() => check(entryOf(name, linearized(fn, 1), fn.entry.samples), 20)).toThrow(
      `${name}, third order: failed`,
    )
  })

  test.each([...curved, ...others, ...linear])('%s with a gradient off by a thousandth', (name) => {
    const fn = opTable().get(name)!
    expect(() => check(entryOf(name, linearized(fn, 1.001), fn.entry.samples), 20)).toThrow(
      `${name}, third order: failed`,
    )
  })
})
