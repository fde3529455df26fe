import { isTensor, noGrad, treeLeaves, vjp, type FloatDType, type Tensor } from '@gradtape/core'
import type { TableEntry } from '@gradtape/testing'
import { Samples } from '../ops/samples.ts'
import { hugeArguments, largeArguments } from './large-arguments.ts'
import { LargeSamples } from './large-samples.ts'

/** What is called, told in numbers, so that every process draws the same. */
export interface Case {
  readonly op: string
  readonly dtype: FloatDType
  /** `huge` ones are for threads. */
  readonly size: 'small' | 'large' | 'huge'
  readonly seed: number
}

/** How many cases of each size are drawn of an op. */
export type Counts = Readonly<Record<Case['size'], number>>

/** The cases of an op: some of its entry's samples, large ones, and huge ones where there are any. */
export function casesOf(fn: TableEntry, counts: Counts, seed: number): Case[] {
  const { name: op } = fn.entry
  // In one dtype after the other, large ones in those that small ones are not in, and ops in turn.
  const numbered = (size: Case['size'], first: number): Case[] =>
    Array.from({ length: counts[size] }, (_, k) => ({
      op,
      dtype: (first + k) % 2 === 0 ? 'float32' : 'float64',
      size,
      seed: 1000 * seed + (k >> 1),
    }))
  const first = hash(op)
  return [
    ...numbered('small', first + 1),
    ...numbered('large', first),
    ...(op in hugeArguments ? numbered('huge', 0) : []),
  ]
}

/** The arguments of a case. */
export function draw(fn: TableEntry, { op, dtype, size, seed }: Case): Drawn {
  for (let attempt = 0; ; attempt++) {
    const from = hash(`${op} ${dtype} ${size}`) + 7919 * seed + attempt
    const g = size === 'small' ? new Samples(dtype, from) : new LargeSamples(dtype, from)
    const ways = { small: null, large: largeArguments, huge: hugeArguments }[size]
    const choices = ways?.[op]?.(g)
    // In turn, so that each is met.
    const args = choices ? choices[seed % choices.length]!() : fn.entry.samples(g)
    const [x] = args
    const shared =
      isTensor(x) && x.layout.strides.some((stride, d) => stride === 0 && x.shape[d]! > 1)
    if (fn.entry.kind !== 'update' || !shared) return { args, rest: new Samples(dtype, from + 1) }
  }
}

interface Drawn {
  readonly args: readonly unknown[]
  /** What draws the cotangents. */
  readonly rest: Samples
}

/** What a case comes to: the results, and the gradients of each float among the arguments. */
export interface Outcome {
  readonly values: readonly Tensor[]
  readonly gradients: readonly Tensor[]
}

/** Runs a case. `change` is applied to all arguments and cotangents before. */
export function outcomeOf(
  fn: TableEntry,
  one: Case,
  change: <T>(args: T) => T = (args) => args,
): Outcome {
  const { args: drawn, rest } = draw(fn, one)
  const args = change(drawn)
  const call = (given: readonly unknown[]): Tensor[] => treeLeaves(fn(...(given as never[])))
  if (!fn.entry.differentiable) return { values: noGrad(() => call(args)), gradients: [] }
  const primals = [...new Set(treeLeaves(args).filter(isFloat))]
  let values: Tensor[] = []
  const [outs, pull] = vjp((xs: Tensor[]) => {
    values = call(replaced(args, new Map(primals.map((x, k) => [x, xs[k]!]))))
    return values.filter(isFloat)
  }, primals)
  const cotangents = change(outs.map((y) => rest.real(y.shape, [-1, 1])))
  const [gradients] = pull(cotangents.map((ct, k) => ct.to(outs[k]!.dtype)))
  return { values: values.map((y) => y.detach()), gradients }
}

const isFloat = ({ dtype }: Tensor): boolean => dtype === 'float32' || dtype === 'float64'

/** The arguments with some tensors exchanged. */
function replaced<T>(args: T, by: ReadonlyMap<Tensor, Tensor>): T {
  return mapped(args, (x) => (isTensor(x) ? (by.get(x) ?? x) : x)) as T
}

/** Arguments with whatever is in them changed, lists and objects gone through. */
export function mapped(arg: unknown, change: (x: unknown) => unknown): unknown {
  const visit = (x: unknown): unknown => {
    if (Array.isArray(x)) return x.map(visit)
    const plain =
      typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype
    if (plain)
      return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, visit(value)]))
    return change(x)
  }
  return visit(arg)
}

function hash(text: string): number {
  let sum = 0
  for (const letter of text) sum = (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0
  return sum >>> 0
}
