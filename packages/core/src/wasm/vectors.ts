import { f32x4, f64x2, i32, local, types, v128, type Code, type FloatLanes } from './assembler.ts'
import type { Pair } from './coefficients.ts'
import { keep, memory } from './memory.ts'

/** A value: the code that gets it, for each of the vectors that are worked on at once. */
export type Vector = readonly Code[]

type Op = (...args: Vector[]) => Vector

/** What is being written: see {@link write}. */
let lanes: FloatLanes
let fused: boolean
let count: number
let locals: number
let flags: number
let code: Code[]
let known: Map<unknown, Vector>

/**
 * The code that `body` makes by applying the functions of this module, and the types of its locals, the
 * first of which has the number `first`. It is written for several vectors at once, so that constants are
 * loaded once and a processor finds independent work. Relaxed SIMD is used only if `relaxed` allows it.
 */
export function write(
  single: boolean,
  relaxed: boolean,
  vectors: number,
  first: number,
  body: () => void,
): { code: Code; locals: number[]; isRare: Code } {
  lanes = single ? f32x4 : f64x2
  fused = relaxed
  count = vectors
  flags = first
  locals = first + 1
  code = []
  known = new Map()
  body()
  const isRare = v128.anyTrue(local.get(flags))
  return { code, locals: Array<number>(locals - first).fill(types.v128), isRare }
}

/** What differs between float32 and float64. */
export const pick = <T>([single, double]: Pair<T>): T => (lanes === f32x4 ? single : double)

/** What `make` makes, made once in each function. */
export function once(key: unknown, make: () => Vector): Vector {
  let value = known.get(key)
  if (value === undefined) known.set(key, (value = make()))
  return value
}

/** Appends code that leaves no value. */
export const append = (each: (u: number) => Code): void => {
  for (let u = 0; u < count; u++) code.push(each(u))
}

/** The values that code leaves: they get locals. */
export const hold = (each: (u: number) => Code): Vector =>
  Array.from({ length: count }, (_, u) => {
    code.push(local.set(locals, each(u)))
    return local.get(locals++)
  })

/** One vector in memory, the same for all; loaded anew for each use, as registers are few. */
export function load(address: Code, offset: number): Vector {
  code.push(local.set(locals, v128.load(address, offset)))
  return Array<Code>(count).fill(local.get(locals++))
}

const views: (Float32Array | Float64Array)[] = []

/** The kernels' memory as elements of a size in bytes. */
export function viewOf(size: number): Float32Array | Float64Array {
  const view = views[size]
  // Memory that has grown left it empty.
  if (view?.length) return view
  const { buffer } = memory()
  return (views[size] = size === 4 ? new Float32Array(buffer) : new Float64Array(buffer))
}

/** Where the vectors of constants are, by lanes and value. */
const pool = new Map<string, number>()

/** A constant: from memory, as V8 would build it anew each time. */
export function c(single: number, double: number = single): Vector {
  const { size } = lanes
  const value = pick([single, double])
  const key = `${size} ${Object.is(value, -0) ? '-' : ''}${value}`
  let address = pool.get(key)
  if (address === undefined) {
    pool.set(key, (address = keep(16)))
    viewOf(size).fill(value, address / size, address / size + lanes.lanes)
  }
  return load(i32.const(0), address)
}

const op =
  (instruction: () => (...operands: Code[]) => Code): Op =>
  (...args) =>
    hold((u) => instruction()(...args.map((arg) => arg[u]!)))

export const abs: Op = op(() => lanes.abs)
export const neg: Op = op(() => lanes.neg)
export const sqrt: Op = op(() => lanes.sqrt)
export const add: Op = op(() => lanes.add)
export const sub: Op = op(() => lanes.sub)
export const mul: Op = op(() => lanes.mul)
export const div: Op = op(() => lanes.div)
export const maximum: Op = op(() => lanes.max)
export const minimum: Op = op(() => lanes.min)
/** The first unless the second is smaller; NaN comes from the first only. */
export const atMost: Op = op(() => lanes.pmin)
export const atLeast: Op = op(() => lanes.pmax)
export const floor: Op = op(() => lanes.floor)
export const ceil: Op = op(() => lanes.ceil)
export const trunc: Op = op(() => lanes.trunc)
export const round: Op = op(() => lanes.nearest)

// Tests are masks: all bits 1 or 0.
export const eq: Op = op(() => lanes.eq)
export const ne: Op = op(() => lanes.ne)
export const lt: Op = op(() => lanes.lt)
export const le: Op = op(() => lanes.le)
export const gt: Op = op(() => lanes.gt)
export const ge: Op = op(() => lanes.ge)
export const and: Op = op(() => v128.and)
export const or: Op = op(() => v128.or)
export const xor: Op = op(() => v128.xor)

/** `(yes, no, mask)` */
export const choose: Op = op(() => v128.bitselect)

/** Of the bits as integers. */
export const plus: Op = op(() => lanes.bits.add)
export const minus: Op = op(() => lanes.bits.sub)
export const shl = (x: Vector, places: number): Vector =>
  hold((u) => lanes.bits.shl(x[u]!, i32.const(places)))
export const shr = (x: Vector, places: number): Vector =>
  hold((u) => lanes.bits.shr(x[u]!, i32.const(places)))

/** a · b + d, rounded once where that is one instruction. */
const madd: Op = op(() => (fused ? lanes.madd : (a, b, d) => lanes.add(lanes.mul(a!, b!), d!)))

/** A polynomial, by Horner's rule. */
export function poly(x: Vector, coefficients: Pair): Vector {
  const [highest, ...others] = pick(coefficients)
  return others.reduce((sum, a) => madd(sum, x, c(a)), c(highest!))
}

/** Says that results are wrong where `mask` holds, so that they are to be worked out in another way. */
export const rare = (mask: Vector): void =>
  append((u) => local.set(flags, v128.or(local.get(flags), mask[u]!)))
