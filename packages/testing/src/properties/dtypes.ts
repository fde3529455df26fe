import {
  DTypeError,
  getDefaultDtype,
  isTensor,
  mapTree,
  treeLeaves,
  ValueError,
  vjp,
  type DType,
  type Tensor,
} from '@gradtape/core'
import fc from 'fast-check'
import { direction } from './direction.ts'
import { awayFromKinks, expectEqual, type Law } from './laws.ts'
import type { TableEntry } from './table.ts'

/** What rounding to float32 may make of a result, of its largest element. */
const RTOL = 2e-5

type Given = readonly unknown[]

/** Arguments with every float64 in them, tensors and names of the dtype, made of another. */
function converted(args: Given, to: (x: Tensor) => Tensor, name: DType): unknown[] {
  return args.map((arg) =>
    arg === 'float64' ? name : mapTree(arg, (x) => (x.dtype === 'float64' ? to(x.detach()) : x)),
  )
}

/** The same with numbers changed, too. */
function withNumbers(args: Given, change: (value: number) => number): unknown[] {
  const visit = (arg: unknown): unknown =>
    typeof arg === 'number'
      ? change(arg)
      : isTensor(arg) || typeof arg !== 'object' || arg === null
        ? arg
        : Array.isArray(arg)
          ? arg.map(visit)
          : Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, visit(value)]))
  return args.map(visit)
}

function call(fn: TableEntry, args: Given): Tensor[] {
  return treeLeaves(fn(...(args as never[])))
}

/** What is thrown of one of these types; any other goes on. */
function refusal(f: () => unknown, ...types: (typeof ValueError)[]): Error | null {
  try {
    f()
    return null
  } catch (error) {
    if (types.some((type) => error instanceof type)) return error as Error
    throw error
  }
}

const isReal = ({ dtype }: Tensor): boolean => dtype === 'float32' || dtype === 'float64'

/** By what rounding is measured: what cancels was rounded when it was large. */
function largestOf(args: Given): number {
  return Math.max(0, ...treeLeaves(args).flatMap((x) => Array.from(x.data, Math.abs)))
}

/** Values and pullbacks in float32 are those in float64, rounded, and of dtype float32. */
const singleAsDouble: Law = (fn) => (sample) => {
  awayFromKinks(fn, sample)
  const drawn = withNumbers(sample.args, Math.fround)
  const single = converted(drawn, (x) => x.to('float32'), 'float32')
  const double = converted(drawn, (x) => x.to('float32').to('float64'), 'float64')
  const inSingle = (x: Tensor): Tensor => (x.dtype === 'float64' ? x.to('float32') : x)
  const [found, exact] = [call(fn, single), call(fn, double)]
  const atol = RTOL * largestOf(double)
  expectEqual(found, exact.map(inSingle), 'in float32', 'in float64', RTOL, atol)
  if (!fn.entry.differentiable) return
  // Where rounding makes something of nothing, slopes are others.
  fc.pre(exact.every((y, k) => y.data.every((value, i) => value !== 0 || found[k]!.data[i] === 0)))
  const pullback = (args: Given, dtype: DType): Tensor[] => {
    const primals = treeLeaves(args).filter(isReal)
    const f = (...given: Tensor[]): Tensor[] => {
      const rest = given.values()
      const all = mapTree(args, (x) => (isReal(x) ? rest.next().value! : x))
      return call(fn, all).filter(isReal)
    }
    const [out, pull] = vjp(f, ...primals)
    return pull(out.map((y, k) => direction(y, k).to(dtype)))
  }
  const grads = pullback(double, 'float64').map(inSingle)
  expectEqual(pullback(single, 'float32'), grads, 'back in float32', 'back in float64', RTOL, RTOL)
}

/**
 * For whole numbers in int32 and truths in bool, an op gives what it gives for the same numbers in
 * float64, in bool, int32 or the default float dtype; or it refuses them, in its own name.
 */
const integersAsFloats: Law =
  (fn) =>
  ({ args, drawn }) => {
    const dtype = drawn.pick(['int32', 'bool'] as const)
    const given = drawn.pick([args, withNumbers(args, Math.round)])
    const whole = converted(given, (x) => x.to(dtype), dtype)
    const floats = converted(given, (x) => x.to(dtype).to('float64'), 'float64')
    const refused = refusal(() => fn(...(whole as never[])), DTypeError, ValueError)
    if (refused !== null) {
      if (new RegExp(`^${fn.entry.name}: .*\\b(${dtype}|integers?)\\b`).test(refused.message))
        return
      throw refused
    }
    const [found, exact] = [call(fn, whole), call(fn, floats)]
    found.forEach((y, k) => {
      const floating = exact[k]!.dtype === 'float64'
      const wanted = floating ? ['bool', 'int32', getDefaultDtype()] : [exact[k]!.dtype]
      if (!wanted.includes(y.dtype)) {
        throw new Error(`of ${dtype} result ${k} is ${y.dtype}, expected ${wanted.join(' or ')}`)
      }
      // Of truths, a sum is an or.
      const expected = y.dtype === 'bool' ? exact[k]!.ne(0) : exact[k]!.to(y.dtype)
      const atol = isReal(y) ? RTOL * largestOf(floats) : 0
      expectEqual(y, expected, `of ${dtype}`, 'of floats', RTOL, atol)
    })
  }

const stored = ['uint8', 'int64', 'float16', 'bfloat16'] as const
const computesIn = {
  uint8: 'int32',
  int64: 'int32',
  float16: 'float32',
  bfloat16: 'float32',
} as const

/**
 * For dtypes that only keep elements an op gives what it gives for those that it computes in; if it
 * only moves elements, in the dtype that they have. Indices may be of int64.
 */
const storedAsComputed: Law =
  (fn) =>
  ({ args, drawn }) => {
    const dtype = drawn.pick(stored)
    const to = computesIn[dtype]
    const kept = converted(args, (x) => (dtype === 'uint8' ? x.abs() : x).to(dtype), dtype)
    const plain = converted(kept, (x) => x, dtype).map((arg) =>
      arg === dtype ? to : mapTree(arg, (x) => (x.dtype === dtype ? x.to(to) : x)),
    )
    const refused = refusal(() => fn(...(plain as never[])), DTypeError, ValueError)
    const { name, kind, moves = kind === 'structural' || kind === 'indexing' } = fn.entry
    if (refused !== null) {
      if (refusal(() => fn(...(kept as never[])), DTypeError, ValueError) !== null) return
      throw new Error(`${dtype} is not refused, but ${to} is: ${refused.message}`)
    }
    const indices = mapTree(kept, (x) => (x.dtype === 'int32' ? x.to('int64') : x))
    const own = new RegExp(`^${name}: .*${dtype}`)
    const why = refusal(() => fn(...(indices as never[])), DTypeError)
    if (why !== null && own.test(why.message)) return
    const [found, expected] = [call(fn, indices), call(fn, plain)]
    found.forEach((y, k) => {
      const accumulates = name === 'scatterAdd' || name === 'indexPut'
      const wanted = moves && expected[k]!.dtype === to ? dtype : expected[k]!.dtype
      if (y.dtype !== wanted && !(accumulates && y.dtype === to)) {
        throw new Error(`of ${dtype} result ${k} is ${y.dtype}, expected ${wanted}`)
      }
      const exact = expected[k]!.to(y.dtype)
      expectEqual(y.to(to), exact.to(to), `of ${dtype}`, `of ${to}`, 0)
    })
  }

/** What must hold of an op in other dtypes than float64. */
export const dtypeLaws: readonly (readonly [string, Law])[] = [
  ['dtypes: float32 as float64', singleAsDouble],
  ['dtypes: integers as floats', integersAsFloats],
  ['dtypes: stored as computed', storedAsComputed],
]
