/**
 * Einstein's summation: products of tensors, written as an equation of their dims.
 */
import { resultType } from '../../dtype.ts'
import { parseEquation, type Label } from '../../equation.ts'
import { DTypeError } from '../../errors.ts'
import { castTo } from '../../kinds/cast.ts'
import { product } from '../../kinds/contraction.ts'
import { diagonalOf } from '../../kinds/diagonal.ts'
import { checkTensor, entry, type Entry } from '../../kinds/entry.ts'
import { sumOver } from '../../kinds/spread.ts'
import { permuteBy, reshapeTo } from '../../kinds/structural.ts'
import { numelOf } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import type { Einsummed, Speaks } from '../../types/einsum.ts'
import { mul } from '../arithmetic.ts'

/** A tensor whose dims have names, each another. */
interface Labelled {
  readonly x: Tensor
  readonly labels: readonly Label[]
}

type Sizes = ReadonlyMap<Label, number>

/** Its dims in another order, with others summed away. */
function arranged({ x, labels }: Labelled, order: readonly Label[]): Tensor {
  const extra = labels.flatMap((label, d) => (order.includes(label) ? [] : [d]))
  const summed = extra.length === 0 ? x : sumOver(x, extra, false)
  const left = labels.filter((label) => order.includes(label))
  const dims = order.map((label) => left.indexOf(label))
  return dims.every((from, to) => from === to) ? summed : permuteBy(summed, dims)
}

/** Repeated labels replaced by their diagonal; sizes of 1 that are broadcast left out. */
function simplified(x: Tensor, labels: readonly Label[], sizes: Sizes): Labelled {
  for (let d1 = 0; d1 < labels.length; d1++) {
    const label = labels[d1]!
    const d2 = labels.indexOf(label, d1 + 1)
    if (d2 < 0) continue
    const rest = labels.filter((_, d) => d !== d1 && d !== d2)
    return simplified(diagonalOf(x, { offset: 0, d1, d2 }), [...rest, label], sizes)
  }
  const kept = labels.filter((label, d) => x.shape[d] === sizes.get(label))
  return { x: reshapeTo(x, sizesOf(kept, sizes)), labels: kept }
}

function sizesOf(labels: readonly Label[], sizes: Sizes): number[] {
  return labels.map((label) => sizes.get(label)!)
}

/** The product of two, summed over what both have and nothing else needs. */
function contracted(a: Labelled, b: Labelled, needed: ReadonlySet<Label>, sizes: Sizes): Labelled {
  const shared = a.labels.filter((label) => b.labels.includes(label))
  const own = (all: readonly Label[]): Label[] => all.filter((label) => !shared.includes(label))
  const batch = shared.filter((label) => needed.has(label))
  const inner = shared.filter((label) => !needed.has(label))
  const [left, right] = [own(a.labels), own(b.labels)]
  const labels = [...batch, ...left, ...right]
  const [rows, columns] = [sizesOf(left, sizes), sizesOf(right, sizes)]
  const stacked = sizesOf(batch, sizes)
  const first = arranged(a, [...batch, ...left, ...inner])
  const second = arranged(b, [...batch, ...inner, ...right])
  if (inner.length === 0) {
    // Nothing to sum: a product of elements.
    const gap = [...stacked, ...left.map(() => 1), ...columns]
    const wide = [...stacked, ...rows, ...right.map(() => 1)]
    return { x: mul(reshapeTo(first, wide), reshapeTo(second, gap)), labels }
  }
  const depth = numelOf(sizesOf(inner, sizes))
  const out = product(
    reshapeTo(first, [...stacked, numelOf(rows), depth]),
    reshapeTo(second, [...stacked, depth, numelOf(columns)]),
  )
  return { x: reshapeTo(out, [...stacked, ...rows, ...columns]), labels }
}

/** What the others and the output need of two, so that their product may not sum over it. */
function neededBeside(
  i: number,
  j: number,
  list: readonly Labelled[],
  output: readonly Label[],
): Set<Label> {
  return new Set([
    ...output,
    ...list.flatMap(({ labels }, k) => (k === i || k === j ? [] : labels)),
  ])
}

/** The two whose product takes the fewest multiplications, of these leaves the least, of these come first. */
function cheapest(
  list: readonly Labelled[],
  output: readonly Label[],
  sizes: Sizes,
): [number, number] {
  let best: [number, number] = [0, 1]
  let least = [Infinity, Infinity]
  for (let i = 0; i < list.length; i++) {
    for (let j = i + 1; j < list.length; j++) {
      const needed = neededBeside(i, j, list, output)
      const [a, b] = [list[i]!.labels, list[j]!.labels]
      const all = [...new Set([...a, ...b])]
      const count = (labels: Label[]): number => numelOf(sizesOf(labels, sizes))
      const cost = [count(all), count(all.filter((label) => needed.has(label)))] as const
      if (cost[0] < least[0]! || (cost[0] === least[0] && cost[1] < least[1]!)) {
        best = [i, j]
        least = [...cost]
      }
    }
  }
  return best
}

/** `einsum(equation, ...tensors)`: a function only, as its first argument is no tensor. */
export interface Einsum extends Entry<never> {
  <const E extends string, L extends readonly Tensor[]>(
    equation: E & Speaks<E, L>,
    ...tensors: L
  ): Tensor<Einsummed<E, L>>
}

/**
 * Sums of products by Einstein's convention. The equation names the dims of each tensor by
 * letters, and then those of the result: `'ij,jk->ik'` is a matrix product, `out[i][k] = Σj a[i][j]
 * · b[j][k]`.
 *
 * Letters that the result lacks are summed over; a letter that one tensor has twice takes its
 * diagonal (`'ii->i'`). `'...'` stands for any dims, which broadcast; sizes of 1 do too. Without
 * `->`, the result has the dims of `'...'` and then, in alphabetical order, the letters that stand
 * once. Spaces don't count. dtypes promote; several tensors are multiplied in pairs, those first
 * whose product takes the fewest multiplications.
 * @shapes as the equation says.
 * @throws {ValueError} for a malformed equation.
 * @throws {ShapeError} when it doesn't fit the shapes.
 * @throws {DTypeError} for products of bool tensors.
 *
 * @example
 * ```ts
 * import { einsum, ones, tensor } from '@gradtape/core'
 *
 * const a = tensor([[1, 2], [3, 4]])
 * const v = tensor([1, 10])
 *
 * console.log(einsum('ij,j->i', a, v)) // → tensor([21., 43.])
 * console.log(einsum('ii', a), einsum('ii->i', a)) // → tensor(5.) tensor([1., 4.])
 * console.log(einsum('i,j->ij', v, v))
 * // → tensor([[  1.,  10.],
 * //           [ 10., 100.]])
 * console.log(einsum('...ij,...jk->...ik', ones([5, 2, 3]), ones([3, 4])).shape) // → [ 5, 2, 4 ]
 * console.log(einsum('bqd,bkd->bqk', ones([8, 5, 16]), ones([8, 7, 16])).shape) // → [ 8, 5, 7 ]
 * einsum('ij,jk', a, ones([3, 2])) // throws ShapeError: einsum: …
 * ```
 */
export const einsum: Einsum = entry(
  {
    name: 'einsum',
    method: null,
    kind: 'composed',
    samples: (g) => {
      const [i, j, k] = [g.int(0, 3), g.int(1, 3), g.int(1, 2)]
      return g.pick<() => readonly unknown[]>([
        () => ['ij,jk->ik', g.real([i, j]), g.real([j, k])],
        () => ['ij->ji', g.real([i, j])],
        () => ['iji->j', g.real([i, j, i])],
        () => ['ij,j', g.real([i, j]), g.real([j])],
        () => ['ii,ij,jk->k', g.real([i, i]), g.real([i, j]), g.real([j, k])],
        () => ['...j, ...jk -> ...k', g.real([i, j]), g.real([i, j, k])],
        () => ['k...i,i...->...', g.real([k, j, i]), g.real([i, 1])],
        () => ['bij,bik->bjk', g.real([k, i, j]), g.real([k, i, 1])],
        () => ['i,j,k->kij', g.real([i]), g.real([j]), g.real([k])],
        () => ['ij,ij,ij->', g.real([i, j]), g.real([1, j]), g.real([i, 1])],
      ])()
    },
  },
  (equation: string, ...tensors: readonly Tensor[]): Tensor => {
    for (const x of tensors) checkTensor('einsum', x)
    const { terms, output, sizes } = parseEquation(
      equation,
      tensors.map((x) => x.shape),
    )
    const dtype = resultType(tensors)
    if (dtype === 'bool' && tensors.length > 1) {
      throw new DTypeError(
        "einsum: products are not defined for bool tensors; convert with .to('float32') first",
      )
    }
    const simple = tensors.map((x, i) => simplified(castTo(x, dtype), terms[i]!, sizes))
    // What only one has, and the result has not, is summed before anything is multiplied.
    const list = simple.map(({ x, labels }, i): Labelled => {
      const needed = neededBeside(i, i, simple, output)
      const kept = labels.filter((label) => needed.has(label))
      return { x: arranged({ x, labels }, kept), labels: kept }
    })
    while (list.length > 1) {
      const [i, j] = cheapest(list, output, sizes)
      const pair = contracted(list[i]!, list[j]!, neededBeside(i, j, list, output), sizes)
      list.splice(j, 1)
      list[i] = pair
    }
    return arranged(list[0]!, output)
  },
)
